import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { groupsQuery } from '../api/kafka-queries.js';
import type { ConsumerGroup } from '../api/types.js';
import { behindFirst, GROUP_STATES, lagText } from '../topics/lag.js';
import { safeText } from '../ui/safe-text.js';
import { Fact, Facts, Thing } from './parts.js';
import styles from './inspected.module.css';

/** Of a group that is far behind everywhere; its page has all. */
const SHOWN_MAX = 8;

/** A consumer group: who is in it, and where it is behind. */
export function GroupView({ id }: { readonly id: string }) {
  const groups = useQuery(groupsQuery);
  const group = groups.data?.items.find((one) => one.id === id);
  const commands = [`npx backstep groups ${group?.service ?? ''}`.trim(), `curl -s ${location.origin}/v1/groups`];
  return (
    <Thing
      kind="Group"
      link={
        <Link to="/groups/$groupId" params={{ groupId: id }} className="mono">
          {id}
        </Link>
      }
      commands={commands}
      error={groups.data ? null : groups.error}
      retry={() => void groups.refetch()}
    >
      {group ? <Group group={group} /> : groups.data && <p className="muted">No service has such a group.</p>}
    </Thing>
  );
}

function Group({ group: { id, state, lag, members, partitions } }: { readonly group: ConsumerGroup }) {
  const behind = behindFirst(partitions);
  return (
    <>
      <Facts>
        <Fact name="State">
          {safeText(state)} <span className="muted">{GROUP_STATES[state] ?? ''}</span>
        </Fact>
        <Fact name="Behind">{lagText(lag)}</Fact>
        <Fact name="Members">
          {members.length === 0 ? 'none' : members.map(({ clientId }) => safeText(clientId)).join(', ')}
        </Fact>
        <Fact name="Reads">{partitions.length.toLocaleString('en')} partitions</Fact>
      </Facts>
      <h3>Where it is behind</h3>
      {behind.length === 0 && <p className="muted">Nowhere: it has handled all that is there.</p>}
      <ul className={styles['list']}>
        {behind.slice(0, SHOWN_MAX).map(({ topic, partition, lag: by }) => (
          <li key={`${topic}/${partition}`}>
            <Link to="/messages" search={{ topic, partition, from: `group:${id}` }} className="mono">
              {topic}/{partition}
            </Link>{' '}
            {lagText(by)}
          </li>
        ))}
      </ul>
      {behind.length > SHOWN_MAX && <p className="muted">And in {behind.length - SHOWN_MAX} more.</p>}
    </>
  );
}
