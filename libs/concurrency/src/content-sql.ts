import type { TableColumn } from './table.js';

/** `jsonb_build_object` takes a hundred arguments, two for each column. */
const COLUMNS_MAX = 50;

/**
 * A string of a JSON text, which is left as it is; or the zeros with which a number ends behind its point. A `jsonb` keeps them: `1.0` and
 * `1.00` are equal, and are written differently.
 */
const STRING_OR_LAST_ZEROS = String.raw`("(?:[^"\\]|\\.)*")|(\.\d*[1-9])0+(?!\d)|\.0+(?!\d)`;

/**
 * SQL of the content of these columns as bytes. Equal content is the same bytes: a `jsonb` has one order of keys, keys that are null are left out, and
 * so are the last zeros of numbers. Times are in UTC, whatever the time zone of the session.
 * @throws RangeError when there are more than 50 columns
 */
export function contentSql(columns: readonly TableColumn[], row: string): string {
  if (columns.length > COLUMNS_MAX) {
    throw new RangeError(`a hash is of ${COLUMNS_MAX} columns at most, not ${columns.length}`);
  }
  const members = columns.map((column) => `'${column.property.replaceAll("'", "''")}', ${valueSql(column, row)}`);
  const text = `jsonb_strip_nulls(jsonb_build_object(${members.join(', ')}))::text`;
  return `convert_to(regexp_replace(${text}, '${STRING_OR_LAST_ZEROS}', '\\1\\2', 'g'), 'UTF8')`;
}

function valueSql({ name, type }: TableColumn, row: string): string {
  if (type === 'timestamp with time zone') return `${row}${name} AT TIME ZONE 'UTC'`;
  return type === 'bytea' ? `encode(${row}${name}, 'hex')` : `${row}${name}`;
}
