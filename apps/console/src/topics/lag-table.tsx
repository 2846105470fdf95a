import { Link } from '@tanstack/react-router';
import type { ConsumerGroup } from '../api/types.js';
import { isOfRow } from '../ui/row-click.js';
import common from '../ui/page.module.css';
import { Scroller } from '../ui/scroller.js';
import { type LagCell, lagRows, lagText, shadeOf } from './lag.js';
import styles from './topics.module.css';

interface Props {
  readonly groups: readonly ConsumerGroup[];
  /** The group that has the keyboard. */
  readonly selected: string | undefined;
  readonly select: (group: string) => void;
}

/** How far behind each group is in each partition: a shade, and the number in it, which leads to what the group reads next. */
export function LagTable({ groups, selected, select }: Props) {
  const rows = lagRows(groups);
  const partitions = [...new Set(rows.flatMap(({ cells }) => cells.map(({ partition }) => partition)))].sort(
    (a, b) => a - b,
  );
  return (
    <Scroller label="How far behind groups are">
      <table className={`${common['table']} ${styles['table']}`}>
        <caption className="unseen">Messages that each group has not handled yet, by partition</caption>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Topic</th>
            {partitions.map((partition) => (
              <th key={partition} scope="col" className={common['number']}>
                p{partition}
              </th>
            ))}
            <th scope="col" className={common['number']}>
              behind
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ group, topic, cells, lag }) => (
            <tr
              key={`${group} ${topic}`}
              className={group === selected ? styles['selected'] : ''}
              onClick={(event) => {
                if (isOfRow(event)) select(group);
              }}
            >
              <th scope="row">
                <Link
                  to="/groups/$groupId"
                  params={{ groupId: group }}
                  aria-current={group === selected ? 'true' : undefined}
                >
                  {group}
                </Link>
              </th>
              <td className="mono">{topic}</td>
              {partitions.map((partition) => (
                <Cell key={partition} topic={topic} cell={cells.find((one) => one.partition === partition)} />
              ))}
              <td className={common['number']}>{lagText(lag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function Cell({ topic, cell }: { readonly topic: string; readonly cell: LagCell | undefined }) {
  if (!cell) return <td />;
  const { partition, committed, lag } = cell;
  const shade = styles[`shade${shadeOf(lag)}`];
  return (
    <td className={`${common['number']} ${shade}`}>
      {committed === null ? (
        lagText(lag)
      ) : (
        <Link
          to="/messages"
          search={{ topic, partition, from: `offset:${committed}` }}
          title={`The next one is at ${committed}`}
          aria-label={`${lagText(lag)} behind in ${topic}, partition ${partition}: what is next`}
        >
          {lagText(lag)}
        </Link>
      )}
    </td>
  );
}
