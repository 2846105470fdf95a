import type { Plan } from './plan.js';
import type { Row, Store } from './store.js';

/** Rows that are read, or read and locked one after the other. */
const ROWS =
  /\(SELECT json_agg\(r\) FROM \(SELECT (?<selected>.+?) FROM (?<name>"\w+")(?: WHERE (?<key>"\w+") = ANY\(\$(?<keys>\d+)::[\w ]+\[\]\)|, unnest\(\$(?<locked>\d+)::[\w ]+\[\]\) WITH ORDINALITY AS x\(backstep_key, backstep_place\) WHERE (?<lockedBy>"\w+") = ANY\(ARRAY\[x\.backstep_key\]\) ORDER BY x\.backstep_place FOR NO KEY UPDATE OF "\w+"(?: NOWAIT)?)\) AS r\) AS (?<column>c\d+)/g;
const HELD =
  /\(SELECT json_agg\(DISTINCT key\) FROM parked_message WHERE key = ANY\(\$(\d+)::text\[\]\)(.*?)\) AS (c\d+)/g;

type Column = (store: Store, values: readonly unknown[]) => unknown;

/** The one statement with which a batch reads all its rows: see `libs/unit-of-work/src/read.ts`. */
export function planRead(text: string, store: Store): Plan {
  const columns: [string, Column][] = [];
  for (const { groups = {} } of text.matchAll(ROWS)) {
    const { selected, name = '', column = '', keys, locked, key, lockedBy } = groups;
    const { table } = store.tables.get(name) ?? {};
    if (!table || (key ?? lockedBy) !== table.key.name || selected !== table.selectList) {
      throw new Error(`${store.service} reads ${name} in another way than the simulation knows:\n${text}`);
    }
    const param = Number(keys ?? locked) - 1;
    columns.push([column, (from, values) => rowsOf(from, table.name, values[param] as string[])]);
  }
  for (const [, param, , column] of text.matchAll(HELD)) {
    columns.push([column ?? '', ({ parked }, values) => heldKeys(parked, values[Number(param) - 1] as string[])]);
  }
  const asked = text.split(' AS c').length - 1;
  if (columns.length !== asked) throw new Error(`${store.service} reads what the simulation does not know:\n${text}`);
  return {
    window: 'read',
    run: (from, values) => {
      const row: Record<string, unknown> = {};
      for (const [column, read] of columns) row[column] = read(from, values);
      return [row];
    },
  };
}

function rowsOf({ tables }: Store, name: string, keys: readonly string[]): Row[] | null {
  const rows = tables.get(name)?.rows;
  const found: Row[] = [];
  for (const key of keys) {
    const row = rows?.get(key);
    if (row) found.push({ ...row });
  }
  return found.length > 0 ? found : null;
}

function heldKeys(parked: Store['parked'], keys: readonly string[]): string[] | null {
  if (parked.size === 0) return null;
  const held = new Set([...parked.values()].filter(({ state }) => state !== 'discarded').map(({ key }) => key));
  return keys.filter((key) => held.has(key));
}
