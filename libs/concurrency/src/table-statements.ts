import { oneRowSql } from './one-row.js';
import type { TableColumn } from './table.js';
import type { TableVersion } from './table-version.js';

/** A part of a statement: its name, and its SQL, for any number of rows and for one. */
export interface NamedSql {
  readonly name: string;
  readonly sql: string;
  readonly oneRow?: string;
}

const forOneToo = (name: string, sql: string): NamedSql => ({ name, sql, oneRow: oneRowSql(sql) });

export type TableWrites = Readonly<Record<'insert' | 'update' | 'delete', NamedSql>>;
export type TableGuards = Readonly<Record<'unchanged' | 'held' | 'lock' | 'absent', NamedSql>>;

interface Parts {
  readonly name: string;
  readonly key: TableColumn;
  readonly version: TableVersion;
  readonly removed: TableColumn | undefined;
  readonly columns: readonly TableColumn[];
}

/**
 * Rows are locked as they are joined. `= ANY(ARRAY[…])` can be joined by no hash, no merge and no walk of the whole index, so that what is left
 * is to look for each row of the batch in turn, in the order of the batch; and that is fast (decision 0036).
 */
export function writeStatements({ name: table, key, version, columns }: Parts): TableWrites {
  const { column: versionColumn, checked, first } = version;
  const names = columns.map(({ name }) => name).join(', ');
  const typed = columns.map(({ name, type }) => `x.${name}::${type}`).join(', ');
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const expected = `$${columns.length + 1}::bigint[]`;
  const assignments = columns
    .filter((column) => column !== key && (checked?.has(column.property) ?? true))
    .map(({ name, type }) => `${name} = x.${name}::${type}`);
  const [made, makes] = first && versionColumn ? [`, ${versionColumn}`, `, ${first}`] : ['', ''];
  if (made && versionColumn) assignments.push(`${versionColumn} = ${version.after('t.')}`);
  return {
    insert: forOneToo(
      partName('ins', table),
      `INSERT INTO ${table} (${names}${made}) SELECT ${typed}${makes} FROM unnest(${arrays}) AS x(${names})`,
    ),
    update: forOneToo(
      partName('upd', table),
      `UPDATE ${table} AS t SET ${assignments.join(', ')} ` +
        `FROM unnest(${arrays}, ${expected}) AS x(${names}, expected_version) ` +
        `WHERE t.${key.name} = ANY(ARRAY[x.${key.name}::${key.type}]) AND ${version.of('t.')} = ANY(ARRAY[x.expected_version])`,
    ),
    delete: forOneToo(
      partName('del', table),
      `DELETE FROM ${table} AS t USING unnest($1::${key.type}[], $2::bigint[]) AS x(key, expected_version) ` +
        `WHERE t.${key.name} = ANY(ARRAY[x.key]) AND ${version.of('t.')} = ANY(ARRAY[x.expected_version])`,
    ),
  };
}

export function guardStatements({ name: table, key, version, removed }: Parts): TableGuards {
  const lists = `$1::${key.type}[], $2::bigint[]`;
  const asSeen = `WHERE t.${key.name} = ANY(ARRAY[x.key]) AND ${version.of('t.')} = ANY(ARRAY[x.version])`;
  const inOrder =
    `SELECT 1 FROM ${table} AS t, unnest(${lists}) WITH ORDINALITY AS x(key, version, place) ` +
    `${asSeen} ORDER BY x.place`;
  return {
    unchanged: forOneToo(
      partName('same', table),
      `SELECT 1 FROM ${table} AS t, unnest(${lists}) AS x(key, version) ${asSeen}`,
    ),
    held: { name: partName('held', table), sql: `${inOrder} FOR SHARE OF t` },
    lock: { name: partName('lock', table), sql: `${inOrder} FOR NO KEY UPDATE OF t` },
    absent: {
      name: partName('none', table),
      sql:
        `SELECT 1 FROM ${table} WHERE ${key.name} = ANY($1::${key.type}[])` +
        (removed ? ` AND ${removed.name} IS NULL` : ''),
    },
  };
}

const partName = (verb: string, table: string): string => `${verb}_${table.replaceAll(/[^a-z0-9_]/gi, '')}`;
