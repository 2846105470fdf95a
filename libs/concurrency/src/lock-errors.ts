import { OptimisticLockError } from './errors.js';
import type { CheckedRow, Executor } from './statement.js';
import type { VersionedTable } from './table.js';

/**
 * Which rows of a write that was refused were not as expected, at the time of this read.
 * @returns the error of the first one, which names the others; undefined when all rows are as expected (by now)
 */
export async function findLockError<E>(
  executor: Executor,
  table: VersionedTable<E>,
  changes: readonly CheckedRow<E>[],
): Promise<OptimisticLockError | undefined> {
  const { entity, key, name, version } = table;
  const { rows } = await executor.query(
    `SELECT ${key.name}::text AS key, ${version.of('')} AS version FROM ${name} WHERE ${key.name} = ANY($1::${key.type}[])`,
    [changes.map(({ row }) => table.keyOf(row))],
  );
  // pg gives a bigint as text.
  const actual = new Map((rows as { key: string; version: string }[]).map((row) => [row.key, Number(row.version)]));
  const [first, ...others] = changes
    .map(({ row, expectedVersion }) => ({ key: table.keyOf(row), expectedVersion }))
    .map((expected) => ({ ...expected, actualVersion: actual.get(expected.key) }))
    .filter(({ expectedVersion, actualVersion }) => actualVersion !== expectedVersion);
  return first && new OptimisticLockError(entity.name, first.key, first.expectedVersion, first.actualVersion, others);
}
