import { StatementTexts, translate, type Executor, type VersionedTable } from '@backstep/concurrency';

/**
 * Asks which of these rows somebody else has locked, and waits for none of them. Those that are free are locked until it has answered:
 * PostgreSQL says of a row that it is locked to who would lock it, and to nobody else.
 * @throws DatabaseUnavailableError, or what the driver said
 */
export async function rowsHeldByOthers(
  executor: Executor,
  wanted: readonly { readonly table: VersionedTable; readonly keys: readonly string[] }[],
): Promise<Map<VersionedTable, ReadonlySet<string>>> {
  if (wanted.length === 0) return new Map();
  const tables = wanted.map(({ table }) => table);
  try {
    const { rows } = await executor.query(
      texts.of(tables, () => makeText(tables)),
      wanted.map(({ keys }) => keys),
    );
    const held = rows[0] as Record<string, string[] | null>;
    return new Map(tables.map((table, at) => [table, new Set(held[`c${at}`] ?? [])]));
  } catch (error) {
    throw translate(error);
  }
}

const texts = new StatementTexts();

const makeText = (tables: readonly VersionedTable[]): string =>
  `/* unit-of-work.rows-held */ SELECT ${tables.map((table, at) => `(${heldIn(table, at + 1)}) AS c${at}`).join(',\n')}`;

function heldIn({ name, key }: VersionedTable, param: number): string {
  const asked = `${key.name} = ANY($${param}::${key.type}[])`;
  return (
    `WITH free AS (SELECT ${key.name} AS free_key FROM ${name} WHERE ${asked} FOR NO KEY UPDATE SKIP LOCKED) ` +
    `SELECT json_agg(${key.name}::text) FROM ${name} WHERE ${asked} AND NOT EXISTS (SELECT FROM free WHERE free_key = ${key.name})`
  );
}
