import { translate, type Executor } from '@backstep/concurrency';
import { heldKeysSql } from '@backstep/inbox';
import type { Session } from './session.js';

/**
 * Reads all rows that a batch needs, and which of its keys are held, in one statement: a JSON array for each table.
 * With `lock` the rows are taken `FOR NO KEY UPDATE` in key order, which every locker keeps, so that lockers cannot deadlock.
 * @returns the held keys
 */
export async function read(
  executor: Executor,
  session: Session,
  keys: readonly string[],
  lock: boolean,
): Promise<Set<string>> {
  const wanted = session.wanted().filter((want) => want.keys.length > 0);
  if (wanted.length === 0 && keys.length === 0) return new Set();
  const values: unknown[] = [];
  const columns = wanted.map(({ table, keys: rowKeys }) => {
    values.push(rowKeys);
    const key = table.key;
    const locking = lock ? ` ORDER BY ${key.name} FOR NO KEY UPDATE` : '';
    return `(SELECT json_agg(r) FROM (SELECT ${table.selectList} FROM ${table.name} WHERE ${key.name} = ANY($${values.length}::${key.type}[])${locking}) AS r)`;
  });
  if (keys.length > 0) {
    values.push(keys);
    columns.push(heldKeysSql(`$${values.length}`));
  }
  const text = `SELECT ${columns.map((column, index) => `${column} AS c${index}`).join(',\n')}`;
  try {
    const { rows } = await executor.query(text, values);
    const row = rows[0] as Record<string, Record<string, unknown>[] | string[] | null>;
    wanted.forEach(({ table }, index) => session.load(table, (row[`c${index}`] ?? []) as Record<string, unknown>[]));
    return new Set(keys.length > 0 ? ((row[`c${wanted.length}`] ?? []) as string[]) : []);
  } catch (error) {
    throw translate(error);
  }
}
