import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { groupsQuery } from '../api/kafka-queries.js';
import type { ConsumerGroup } from '../api/types.js';
import { KafkaProblem } from '../messages/kafka-problem.js';
import { useKeys } from '../shell/keys.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Empty, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Scroller } from '../ui/scroller.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { Titles } from '../ui/titles.js';
import { GROUP_STATES, lagText, shadeOf } from './lag.js';
import styles from './topics.module.css';

const route = getRouteApi('/groups/$groupId');

/** One consumer group: who is in it, and where it stands in each partition. */
export function GroupPage() {
  const { groupId } = route.useParams();
  const groups = useQuery(groupsQuery);
  const group = groups.data?.items.find(({ id }) => id === groupId);
  useEffect(() => {
    document.title = `${groupId} · Backstep`;
  }, [groupId]);
  const commands = [`npx backstep groups ${group?.service ?? ''}`.trim(), `curl -s ${location.origin}/v1/groups`];
  const navigate = useNavigate();
  useKeys({
    Escape: () => void navigate({ to: '/topics', search: { sel: groupId } }),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  return (
    <>
      <div className={common['scrolled']}>
        <header className={common['tightHead']}>
          <p className="muted">
            <Link to="/topics" search={{ sel: groupId }}>
              Topics &amp; groups
            </Link>{' '}
            /
          </p>
          <h1 className={common['id']}>
            <span className="unseen">Group </span>
            {safeText(groupId)}
          </h1>
          {groups.data && (
            <p className="muted">
              as of <Ago at={Date.parse(groups.data.takenAt)} />
            </p>
          )}
          <CopyLink />
        </header>
        {groups.error && <KafkaProblem error={groups.error} retry={() => void groups.refetch()} />}
        {groups.isPending && !groups.error && <Skeleton />}
        {group && <Facts group={group} />}
        {groups.data && !group && (
          <Empty title="No service has such a group">
            <p>
              <Link to="/topics" search={{}}>
                All groups
              </Link>
            </p>
          </Empty>
        )}
      </div>
      <Terminal commands={commands} />
    </>
  );
}

function Facts({ group }: { readonly group: ConsumerGroup }) {
  const { state, members, lag, partitions } = group;
  const numberOf = new Map(members.map(({ id }, index) => [id, index + 1]));
  return (
    <>
      <dl className={`${common['facts']} ${styles['facts']}`}>
        <div>
          <dt>State</dt>
          <dd>
            {safeText(state)} <span className="muted">{GROUP_STATES[state] ?? ''}</span>
          </dd>
        </div>
        <div>
          <dt>Behind</dt>
          <dd>{lagText(lag)}</dd>
        </div>
        <div>
          <dt>Members</dt>
          <dd>
            {members.length === 0 && 'none'}
            {members.map(({ id, clientId, host }, index) => (
              <span key={id} className={styles['line']}>
                #{index + 1} {safeText(clientId)} on {safeText(host.replace(/^\//, ''))}{' '}
                <code className="muted">{safeText(id)}</code>
              </span>
            ))}
          </dd>
        </div>
      </dl>
      <Scroller label="Where the group stands">
        <table className={`${common['table']} ${styles['table']}`}>
          <thead>
            <tr>
              <th scope="col">Partition</th>
              <Titles of={['Next', 'End', 'Behind']} className={common['number']} />
              <th scope="col">Read by</th>
              <th scope="col">Messages</th>
            </tr>
          </thead>
          <tbody>
            {partitions.map(({ topic, partition, committed, latest, lag: behind, member }) => (
              <tr key={`${topic}/${partition}`}>
                <th scope="row" className="mono">
                  {topic}/{partition}
                </th>
                <td className={common['number']}>{committed ?? 'none yet'}</td>
                <td className={common['number']}>{latest}</td>
                <td className={`${common['number']} ${styles[`shade${shadeOf(behind)}`]}`}>{lagText(behind)}</td>
                <td>{member === null ? 'nobody' : `#${numberOf.get(member) ?? '?'}`}</td>
                <td>
                  <Link to="/messages" search={{ topic, partition, from: `group:${group.id}` }}>
                    from where it stands
                    <span className="unseen">
                      {' '}
                      in {topic}/{partition}
                    </span>
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </>
  );
}
