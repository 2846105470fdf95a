import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { groupsQuery, topicsQuery } from '../api/kafka-queries.js';
import type { Topic } from '../api/types.js';
import { KafkaProblem } from '../messages/kafka-problem.js';
import { useKeys } from '../shell/keys.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { Scroller } from '../ui/scroller.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { spanText } from '../ui/time-text.js';
import { LagTable } from './lag-table.js';
import { rateOf, type Sample, sizesOf } from './lag.js';
import styles from './topics.module.css';

const route = getRouteApi('/topics');

/** Where the logs begin and end, and how far behind the groups are. */
export function TopicsPage() {
  const topics = useQuery(topicsQuery);
  const groups = useQuery(groupsQuery);
  const { sel } = route.useSearch();
  const navigate = useNavigate();
  const ids = (groups.data?.items ?? []).map(({ id }) => id);
  const select = (id: string | undefined): void =>
    void navigate({ to: '/topics', search: id === undefined ? {} : { sel: id }, replace: true });
  const step = (by: number): void => {
    const at = ids.findIndex((id) => id === sel);
    const next = ids[Math.min(Math.max(at + by, 0), ids.length - 1)];
    if (next !== undefined) select(next);
  };
  useEffect(() => {
    document.title = 'Topics & groups · Backstep';
  }, []);
  const commands = [
    `curl -s ${location.origin}/v1/topics`,
    'npx backstep groups',
    `curl -s ${location.origin}/v1/groups`,
  ];
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => {
      if (sel !== undefined && ids.includes(sel))
        void navigate({ to: '/groups/$groupId', params: { groupId: sel }, search: {} });
    },
    Escape: () => select(undefined),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  const error = topics.error ?? groups.error;
  return (
    <>
      <div className={common['scrolled']}>
        <header className={common['tightHead']}>
          <h1>Topics &amp; groups</h1>
          {topics.data && (
            <p className="muted">
              as of <Ago at={Date.parse(topics.data.takenAt)} />
            </p>
          )}
          <CopyLink />
        </header>
        {error && <KafkaProblem error={error} retry={() => void Promise.all([topics.refetch(), groups.refetch()])} />}
        {(topics.isPending || groups.isPending) && !error && <Skeleton />}
        {groups.data && (
          <section>
            <h2 className={styles['pad']}>How far behind each group is</h2>
            <LagTable groups={groups.data.items} selected={sel} select={select} />
          </section>
        )}
        {topics.data && (
          <section>
            <h2 className={styles['pad']}>Topics</h2>
            <TopicsTable topics={topics.data.items} at={Date.parse(topics.data.takenAt)} />
          </section>
        )}
      </div>
      <Terminal commands={commands} />
    </>
  );
}

function TopicsTable({ topics, at }: { readonly topics: readonly Topic[]; readonly at: number }) {
  const rates = useRates(topics, at);
  const partitions = [...new Set(topics.flatMap((topic) => topic.partitions.map(({ partition }) => partition)))].sort(
    (a, b) => a - b,
  );
  return (
    <Scroller label="Topics">
      <table className={`${common['table']} ${styles['table']}`}>
        <caption className="unseen">Topics, with the next offset of each partition</caption>
        <thead>
          <tr>
            <th scope="col">Topic</th>
            {partitions.map((partition) => (
              <th key={partition} scope="col" className={common['number']}>
                p{partition} ends at
              </th>
            ))}
            <th scope="col" className={common['number']}>
              kept
            </th>
            <th scope="col" className={common['number']}>
              a second
            </th>
            <th scope="col" className={common['number']}>
              kept for
            </th>
          </tr>
        </thead>
        <tbody>
          {topics.map((topic) => (
            <tr key={topic.name}>
              <th scope="row">
                <Link to="/messages" search={{ topic: topic.name }} className="mono">
                  {topic.name}
                </Link>
              </th>
              {partitions.map((partition) => {
                const found = topic.partitions.find((one) => one.partition === partition);
                return (
                  <td key={partition} className={common['number']}>
                    {found && (
                      <Link to="/messages" search={{ topic: topic.name, partition }}>
                        {found.latest}
                        <span className="unseen">
                          , the end of partition {partition} of {topic.name}
                        </span>
                      </Link>
                    )}
                  </td>
                );
              })}
              <td className={common['number']}>{sizesOf(topic).kept.toLocaleString('en')}</td>
              <td className={common['number']}>{rateText(rates.get(topic.name))}</td>
              <td className={common['number']}>{retentionText(topic.retentionMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** Between the last two answers. */
function useRates(topics: readonly Topic[], at: number): ReadonlyMap<string, number | undefined> {
  const before = useRef<ReadonlyMap<string, Sample>>(new Map());
  const [rates, setRates] = useState<ReadonlyMap<string, number | undefined>>(new Map());
  useEffect(() => {
    const now = new Map(topics.map((topic) => [topic.name, { at, written: sizesOf(topic).written }]));
    setRates(new Map([...now].map(([name, sample]) => [name, rateOf(before.current.get(name), sample)])));
    before.current = now;
  }, [topics, at]);
  return rates;
}

const rateText = (rate: number | undefined): string =>
  rate === undefined ? 'not known' : rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en');

const retentionText = (ms: number | null): string => (ms === null ? 'not known' : ms < 0 ? 'ever' : spanText(ms));
