import { TextArray, type VersionedTable } from '@backstep/concurrency';
import type { Plan, Values } from './plan.js';
import type { Commit, OutboxRow, Row, RowChanged, Store } from './store.js';
import { rowsMismatch, uniqueViolation } from './errors.js';
import { lockPartOf } from './named-locks.js';

/** Adds what a part changes to the commit. @returns how many rows it touches */
type Part = (store: Store, params: (n: number) => unknown, commit: Commit) => number;

const PART = /(?:^WITH |,\n)(\w+) AS \(([\s\S]*?)(?: RETURNING 1)?\)(?=,\n|\nSELECT )/g;
const EARLIER = /, backstep_outbox_ids\(\$(\d+)::text\[\]\) AS answer(?:, now\(\) AS at)?$/;
const CHECK = /backstep_assert_rows\('(\w+)', .*?, \$(\d+)\)/g;

/**
 * The one statement with which a batch writes: see `libs/concurrency/src/statement.ts`. The meaning of a part is read from its text, so that a
 * condition that is removed there (a version check, say) is not checked here either.
 * @returns undefined when it is another statement
 */
export function planWrite(text: string, store: Store): Plan | undefined {
  const checks = new Map([...text.matchAll(CHECK)].map(([, part, param]) => [part, Number(param)]));
  const parts: { name: string; part: Part; first: number; check: number | undefined }[] = [];
  for (const [, name = '', sql = ''] of text.matchAll(PART)) {
    const part = partOf(sql, store);
    if (!part) return undefined;
    parts.push({ name, part, first: firstParam(sql), check: checks.get(name) });
  }
  if (parts.length === 0) return undefined;
  const keys = Number(EARLIER.exec(text)?.[1]);
  const timed = text.endsWith(', now() AS at');
  const answer = ({ outbox, now }: Store, values: Values): Row[] => {
    const time = timed && { at: new Date(now) };
    if (Number.isNaN(keys)) return [{ ...time }];
    const asked = values[keys - 1] as string[];
    return [{ answer: [...outbox.values()].filter(({ key }) => asked.includes(key)).map(({ id }) => id), ...time }];
  };

  const prepare = (target: Store, values: Values, commit: Commit): void => {
    for (const { name, part, first, check } of parts) {
      const touched = part(target, (n) => values[first + n - 2], commit);
      if (check !== undefined && values[check - 1] !== touched) throw rowsMismatch(name);
    }
  };
  const forgets = parts.every(({ name }) => name === 'outbox_out');
  return {
    window: forgets ? undefined : 'commit',
    check: (target, values) => {
      prepare(target, values, target.begin(undefined));
      return answer(target, values);
    },
    run: (target, values, process) => {
      const commit = target.begin(process);
      const answered = answer(target, values);
      prepare(target, values, commit);
      target.apply(commit);
      return answered;
    },
  };
}

/** A parameter of a part: its rows' values of a column, or the value of its only row. */
function listOf<T>(param: unknown): readonly T[] {
  if (param instanceof TextArray) return param.items as readonly T[];
  return (Array.isArray(param) ? param : [param]) as readonly T[];
}

/** Parts count their own parameters from 1; in the statement they follow each other. */
const firstParam = (sql: string): number => Math.min(...[...sql.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)));

function partOf(sql: string, store: Store): Part | undefined {
  const lock = lockPartOf(sql);
  if (lock) return lock;
  if (sql.startsWith('SELECT')) return lookOf(sql, store);
  const name = /^(?:INSERT INTO|UPDATE|DELETE FROM) ("?\w+"?)/.exec(sql)?.[1] ?? '';
  const table = store.tables.get(name)?.table;
  const verb = sql.slice(0, 6);
  if (sql.startsWith('INSERT INTO inbox') && sql.includes('ON CONFLICT DO NOTHING')) return rememberedAnyway;
  if (table && verb === 'INSERT') return inserted(table);
  if (table && verb === 'UPDATE') return updated(table, checksVersion(sql, table));
  if (table && verb === 'DELETE') return deleted(table, checksVersion(sql, table));
  return messageParts[`${verb} ${name}`];
}

/** A guard: rows that must be unchanged, rows that must be absent, keys that must not be held. */
function lookOf(sql: string, store: Store): Part | undefined {
  if (sql.startsWith('SELECT 1 FROM parked_message WHERE key = ANY')) {
    return ({ parked }, param) => {
      const keys = param(1) as string[];
      return [...parked.values()].filter(({ key, state }) => keys.includes(key) && state !== 'discarded').length;
    };
  }
  const table = store.tables.get(/^SELECT 1 FROM ("?\w+"?)/.exec(sql)?.[1] ?? '')?.table;
  if (!table) return undefined;
  const versioned = sql.includes(`AND ${table.version.of('t.')} = ANY(ARRAY[x.version])`);
  return (target, param) => {
    const { rows } = target.of(table.entity);
    const versions = versioned ? listOf<number>(param(2)) : undefined;
    return listOf<string>(param(1)).filter((key, at) => {
      const row = rows.get(key);
      return row !== undefined && (versions === undefined || table.versionOf(row) === versions[at]);
    }).length;
  };
}

const checksVersion = (sql: string, table: VersionedTable): boolean =>
  sql.includes(`AND ${table.version.of('t.')} = ANY(ARRAY[x.expected_version])`);

/** The inbox without the unique violation of a known message. */
const rememberedAnyway: Part = (_, param, commit) => commit.handled.push(...(param(1) as string[]));

const messageParts: Readonly<Record<string, Part>> = {
  'INSERT inbox': ({ inbox }, param, commit) => {
    const ids = param(1) as string[];
    if (ids.some((id) => inbox.has(id))) throw uniqueViolation('inbox');
    commit.handled.push(...ids);
    return ids.length;
  },
  'INSERT outbox': (store, param, commit) => {
    const column = (n: number): readonly string[] => listOf<string>(param(n));
    const [shards, topics, keys, headers, values] = [2, 3, 4, 5, 6].map(column);
    for (const [at, id] of column(1).entries()) {
      if (store.outbox.has(id)) throw uniqueViolation('outbox');
      commit.sent.push({
        id,
        seq: store.nextSeq(),
        shard: Number(shards?.[at]),
        topic: topics?.[at] ?? '',
        key: keys?.[at] ?? '',
        headers: headers?.[at] ?? '',
        value: values?.[at] ?? '',
        createdAt: store.now,
      } satisfies OutboxRow);
    }
    return column(1).length;
  },
  'DELETE outbox': ({ outbox }, param, commit) => {
    const there = (param(1) as string[]).filter((id) => outbox.has(id));
    commit.forgotten.push(...there);
    return there.length;
  },
  'INSERT parked_message': (store, param, commit) => {
    const column = <T>(n: number): readonly T[] => param(n) as readonly T[];
    for (const [at, id] of column<string>(1).entries()) {
      if (store.parked.has(id)) throw uniqueViolation('parked_message');
      commit.parked.push({
        id,
        seq: store.nextSeq(),
        state: column<string>(2)[at] ?? '',
        topic: column<string>(3)[at] ?? '',
        partition: column<number>(4)[at] ?? 0,
        kafka_offset: column<string>(5)[at] ?? '',
        key: column<string>(6)[at] ?? '',
        type: column<string | null>(7)[at] ?? null,
        headers: column<string>(8)[at] ?? '',
        value: column<Buffer | null>(9)[at] ?? null,
        cause: column<string>(10)[at] ?? '',
        error: column<string>(11)[at] ?? '',
        cut: column<boolean>(12)[at] ?? false,
        size_bytes: column<number | null>(13)[at]?.toString() ?? null,
        parkedAt: store.now,
      });
    }
    return column(1).length;
  },
  'DELETE parked_message': ({ parked }, param, commit) => {
    const there = (param(1) as string[]).filter((id) => (parked.get(id)?.state ?? 'discarded') !== 'discarded');
    commit.unparked.push(...there);
    return there.length;
  },
};

function inserted(table: VersionedTable): Part {
  const rowsOf = rowReader(table);
  return (store, param, commit) => {
    const { rows } = store.of(table.entity);
    const given = rowsOf(param, store);
    for (const after of given) {
      const key = table.keyOf(after);
      if (rows.has(key)) throw uniqueViolation(table.name.slice(1, -1));
      commit.rows.push({ entity: table.entity, key, before: undefined, after });
    }
    return given.length;
  };
}

function updated(table: VersionedTable, checked: boolean): Part {
  const rowsOf = rowReader(table);
  return (store, param, commit) => {
    const { rows } = store.of(table.entity);
    const changes: RowChanged[] = [];
    const versions = listOf<number>(param(table.columns.length + 1));
    for (const [at, after] of rowsOf(param, store).entries()) {
      const expected = versions[at];
      const key = table.keyOf(after);
      const before = rows.get(key);
      if (!before || (checked && table.versionOf(before) !== expected)) continue;
      changes.push({ entity: table.entity, key, before, after, expected });
    }
    commit.rows.push(...changes);
    return changes.length;
  };
}

function deleted(table: VersionedTable, checked: boolean): Part {
  return (store, param, commit) => {
    const { rows } = store.of(table.entity);
    const versions = listOf<number>(param(2));
    const gone = listOf<string>(param(1)).flatMap((key, at): RowChanged[] => {
      const before = rows.get(key);
      const there = before && (!checked || table.versionOf(before) === versions[at]);
      return there ? [{ entity: table.entity, key, before, after: undefined, expected: versions[at] }] : [];
    });
    commit.rows.push(...gone);
    return gone.length;
  };
}

/** The rows of a part, which come column by column. */
function rowReader(table: VersionedTable): (param: (n: number) => unknown, store: Store) => Row[] {
  const readers = table.columns.map(({ property, type }) => [property, readerOf(type)] as const);
  return (param, store) => {
    const columns = readers.map(([property, read], index) => {
      const texts = listOf<string | null>(param(index + 1));
      return [property, texts.map((text) => (text === null ? null : read(text, store)))] as const;
    });
    const rows = columns[0]?.[1].length ?? 0;
    return Array.from({ length: rows }, (_, at) =>
      Object.fromEntries(columns.map(([property, values]) => [property, values[at]])),
    );
  };
}

const NUMBERS = /^(?:smallint|integer|bigint|real|double precision|numeric)/;

/** As a row would come back as JSON. PostgreSQL reads the text `now` as a time. */
function readerOf(type: string): (text: string, store: Store) => unknown {
  if (type.startsWith('json')) return (text) => JSON.parse(text) as unknown;
  if (type.startsWith('timestamp')) return (text, { now }) => (text === 'now' ? new Date(now).toISOString() : text);
  if (type === 'boolean') return (text) => text === 'true';
  return NUMBERS.test(type) ? Number : (text) => text;
}
