import type { ReactNode } from 'react';
import type { Evidence } from '../api/types.js';
import { Empty } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import styles from './order.module.css';

/** What each service's database has about the order now: its rows with their versions, what waits, what is due, what is parked. */
export function RowsTab({ evidence: { services, sagas } }: { readonly evidence: Evidence }) {
  const rows = services.flatMap(({ service, rows: all }) => all.map((row) => ({ service, ...row })));
  const outbox = services.flatMap(({ service, outbox: all }) => all.map((one) => ({ service, ...one })));
  const timers = services.flatMap(({ service, timers: all }) => all.map((one) => ({ service, ...one })));
  const parked = services.flatMap(({ service, parked: all }) => all.map((one) => ({ service, ...one })));
  const positions = services.flatMap(({ service, group }) =>
    (group?.positions ?? []).map((one) => ({ service, group: group?.id ?? '', ...one })),
  );
  const actions = sagas.flatMap(({ type, operations }) => operations.map((one) => ({ type, ...one })));
  return (
    <div className={styles['tables']}>
      {rows.length === 0 && (
        <Empty title="No row is about this order">
          <p>Its services have answered, and none has begun with it.</p>
        </Empty>
      )}
      <Table
        title="Rows, as they are now"
        columns={['Service', 'Table', 'Key', 'Version', 'State']}
        rows={rows.map(({ service, table, key, version, state }) => [
          service,
          table,
          <code key="key">{safeText(key)}</code>,
          `v${version}`,
          safeText(state),
        ])}
      />
      <Table
        title="Committed, and not known to be in Kafka"
        columns={['Service', 'Message', 'Topic', 'Since']}
        rows={outbox.map(({ service, type, topic, createdAt }) => [
          service,
          safeText(type ?? 'unknown'),
          topic,
          <Time key="at" at={Date.parse(createdAt)} />,
        ])}
      />
      <Table
        title="Timers"
        columns={['Service', 'Timer', 'Due', 'Fires', 'Failures']}
        rows={timers.map(({ service, name, dueAt, wakeAt, failures }) => [
          service,
          name,
          <Time key="due" at={Date.parse(dueAt)} />,
          <Time key="wake" at={Date.parse(wakeAt)} />,
          failures,
        ])}
      />
      <Table
        title="Parked"
        columns={['Service', 'Message', 'State', 'Cause', 'Position', 'Since']}
        rows={parked.map(({ service, type, state, cause, topic, partition, offset, parkedAt }) => [
          service,
          safeText(type ?? 'unknown'),
          state,
          safeText(cause),
          <code key="where">{`${topic}/${partition}@${offset}`}</code>,
          <Time key="at" at={Date.parse(parkedAt)} />,
        ])}
      />
      <Table
        title="What operators did"
        columns={['Saga', 'Action', 'Step', 'By', 'Because', 'At']}
        rows={actions.map(({ type, action, step, by, reason, at }) => [
          type,
          action,
          step,
          safeText(by),
          safeText(reason),
          <Time key="at" at={Date.parse(at)} />,
        ])}
      />
      <Table
        title="How far the groups have read, in the partitions of this order"
        columns={['Service', 'Group', 'Topic', 'Next offset']}
        rows={positions.map(({ service, group, topic, partition, committed }) => [
          service,
          group,
          `${topic}/${partition}`,
          committed ?? 'nothing yet',
        ])}
      />
    </div>
  );
}

interface TableProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}

/** Of nothing there is no table. */
export function Table({ title, columns, rows }: TableProps) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <div className={styles['wide']} tabIndex={0} role="region" aria-label={title}>
        <table className={styles['table']}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={columns[column]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
