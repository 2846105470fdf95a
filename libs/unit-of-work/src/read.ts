import { StatementTexts, translate, type Executor, type VersionedTable } from '@backstep/concurrency';
import { heldKeysSql } from '@backstep/inbox';
import type { RowSet } from './row-set.js';

/**
 * Reads in one statement all rows that a batch needs, a JSON array for each table, and which of its keys are held.
 * With `lock` the rows are locked `FOR NO KEY UPDATE` in the order of `wanted()`. Every writer keeps that order, so writers cannot deadlock.
 * The order is that of the keys as text in JavaScript: PostgreSQL's may be another, by type or collation.
 * @returns the held keys
 */
export async function read(
  executor: Executor,
  rowSet: RowSet,
  keys: readonly string[],
  lock: boolean,
): Promise<Set<string>> {
  const wanted = rowSet.wanted();
  if (wanted.length === 0 && keys.length === 0) return new Set();
  const tables = wanted.map(({ table }) => table);
  const values: unknown[] = wanted.map(({ keys: rowKeys }) => rowKeys);
  if (keys.length > 0) values.push(keys);
  try {
    const { rows } = await executor.query(textOf(tables, keys.length > 0, lock), values);
    const row = rows[0] as Record<string, Record<string, unknown>[] | string[] | null>;
    wanted.forEach(({ table }, index) => rowSet.load(table, (row[`c${index}`] ?? []) as Record<string, unknown>[]));
    return new Set(keys.length > 0 ? ((row[`c${wanted.length}`] ?? []) as string[]) : []);
  } catch (error) {
    throw translate(error);
  }
}

const texts = new StatementTexts();

const textOf = (tables: readonly VersionedTable[], held: boolean, lock: boolean): string =>
  texts.of([held, lock, ...tables], () => makeText(tables, held, lock));

function makeText(tables: readonly VersionedTable[], held: boolean, lock: boolean): string {
  const columns = tables.map(({ selectList, name, key, strategy }, index) => {
    const keys = `$${index + 1}::${key.type}[]`;
    const now = strategy.kind === 'locked' && strategy.wait === 0 ? ' NOWAIT' : '';
    const rows = lock
      ? `FROM ${name}, unnest(${keys}) WITH ORDINALITY AS x(backstep_key, backstep_place) WHERE ${key.name} = ANY(ARRAY[x.backstep_key]) ORDER BY x.backstep_place FOR NO KEY UPDATE OF ${name}${now}`
      : `FROM ${name} WHERE ${key.name} = ANY(${keys})`;
    return `(SELECT json_agg(r) FROM (SELECT ${selectList} ${rows}) AS r)`;
  });
  if (held) columns.push(heldKeysSql(`$${tables.length + 1}`));
  return `SELECT ${columns.map((column, index) => `${column} AS c${index}`).join(',\n')}`;
}
