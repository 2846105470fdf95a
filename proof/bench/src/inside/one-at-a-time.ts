/**
 * Loaded into a service before its own code (`node --import`): what `single` measures. Each message is a transaction of its own, and its rows
 * are written as most services write them: read by the ORM, saved by the ORM, one by one. Handlers, inbox, outbox and relay are the same.
 */
import type { Executor, VersionedTable } from '@backstep/concurrency';
import { acknowledgedPart, outboxPart, type OutboxMessage } from '@backstep/outbox';
import { Batch, lockRows, readRows, UnitOfWork } from '@backstep/unit-of-work';
import type { DataSource, EntityManager } from 'typeorm';

interface Tracked {
  readonly loadedVersion: number | undefined;
  readonly row: object | undefined;
  readonly dirty: boolean;
}
/** What is private to a batch. */
interface Inside {
  readonly environment: { readonly tables: { readonly dataSource: DataSource } };
  readonly rowSet: { readonly tracked: ReadonlyMap<VersionedTable, ReadonlyMap<string, Tracked>> };
  readonly shared: Batch['shared'];
  readonly outgoing: readonly OutboxMessage[];
  readonly handledIds: ReadonlySet<string>;
}

const inside = (batch: Batch): Inside => batch as unknown as Inside;

const { run } = Batch.prototype;
Batch.prototype.run = function (_executor, acknowledged, rows) {
  const { dataSource } = inside(this).environment.tables;
  return dataSource.transaction((manager) => {
    const executor: Executor = {
      query: async (text, values) => {
        if (!text.startsWith('WITH ')) return { rows: (await manager.query(text, values)) as unknown[] };
        await save(manager, inside(this), acknowledged);
        return { rows: [{}] };
      },
    };
    // Nothing is remembered: each message reads its rows.
    return run.call(this, executor, acknowledged, rows === lockRows ? lockRows : readRows);
  });
};

/** Our write lets PostgreSQL read `now` as the time it has itself; TypeORM takes it for no date, and writes NULL. */
const withTimes = (table: VersionedTable, row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const isTime = table.columns.some(({ property, type }) => property === name && type.startsWith('timestamp'));
      return [name, isTime && value === 'now' ? new Date() : (value as unknown)];
    }),
  );

async function save(manager: EntityManager, batch: Inside, acknowledged: readonly string[]): Promise<void> {
  for (const id of batch.handledIds) await manager.query('INSERT INTO inbox (message_id) VALUES ($1)', [id]);
  for (const [table, rows] of batch.rowSet.tracked) {
    const repository = manager.getRepository(table.entity as new () => object);
    const dirty = [...rows].filter(([, tracked]) => tracked.dirty);
    // A message's rows of a table at once: the two lines of a ledger's entry have to add up when the statement ends.
    await repository.save(dirty.flatMap(([, { row }]) => (row ? [withTimes(table, row)] : [])));
    for (const [key, { row, loadedVersion }] of dirty) {
      if (!row && loadedVersion !== undefined) await repository.delete(key);
    }
  }
  for (const { sql, params } of batch.shared.parts()) await manager.query(sql, [...params]);
  for (const message of batch.outgoing) {
    const { sql, params } = outboxPart([message]);
    await manager.query(sql, [...params]);
  }
  for (const id of acknowledged) {
    const { sql, params } = acknowledgedPart([id]);
    await manager.query(sql, [...params]);
  }
}

type Works = Parameters<UnitOfWork['submit']>[0];
interface Draining {
  queue: Works[number][];
  running: Promise<void> | undefined;
  process(works: Works): Promise<void>;
}

// One at a time: what waits does not share a transaction.
(UnitOfWork.prototype as unknown as { drain(this: Draining): Promise<void> }).drain = async function () {
  await new Promise((resolve) => setImmediate(resolve));
  while (this.queue.length > 0) await this.process(this.queue.splice(0, 1));
  this.running = undefined;
};
