import { TextArray } from './text-array.js';

/** The rows of a part, a parameter for each of their columns. */
const ROWS = /\bunnest\(((?:\$\d+::[^,()]+\[\](?:, )?)+)\)(?= AS x\()/;

/**
 * The SQL of a part for one row, made from that for many: its row is given as VALUES, so that each parameter is a value instead of an array.
 * Everything else, such as the check of the version, is the same text. PostgreSQL then sets no function scan up, which for one row is a good part of
 * what the part costs (decision 0071).
 * @param sql all its parameters are arrays of its rows, and stand in one `unnest(…) AS x(…)`
 */
export function oneRowSql(sql: string): string {
  const one = sql.replace(ROWS, (_, columns: string) => `(VALUES (${columns.replaceAll('[]', '')}))`);
  if (one === sql) throw new Error(`its rows are not in one unnest(…) AS x(…): ${sql}`);
  return one;
}

/** The value of a parameter of {@link oneRowSql}, from the array that holds it alone. */
export const onlyValue = (param: unknown): unknown =>
  (param instanceof TextArray ? param.items : (param as readonly unknown[]))[0];
