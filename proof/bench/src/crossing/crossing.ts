import { delay } from '@backstep/resilience';
import { update, type LoadedNeeds } from '@backstep/unit-of-work';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { instanceOn, nothingCounted, type BenchInstance } from '../adaptive/instance.js';
import { zipf } from '../strategies/loads.js';
import { KEYS, KEYS_OF_EACH, Oven, Shelf, TABLES, TABLES_SQL, Tray, WRITES_SQL, type Asked } from './rows.js';

const INSTANCES = 4;
const CALLERS = 64;
/** Sessions that write the same rows by hand. */
const SESSIONS = 8;
const MS_PER_SECOND = 1_000;
const DEADLOCK = '40P01';
/** The name of the connections that only look. */
const OURS = 'backstep bench looks';
/** How often it is looked whether PostgreSQL has heard of what closed connections have counted, milliseconds. */
const LOOK_EVERY_MS = 20;

export interface CrossingOptions {
  readonly url: string;
  readonly seconds: number;
  /** How long sessions write by hand at most: they end at their first deadlock. */
  readonly byHandSeconds: number;
  readonly signal: AbortSignal;
}

export interface CrossingReport {
  readonly seconds: number;
  readonly perSecond: number;
  /** The share of attempts that were lost. */
  readonly lost: number;
  /** The share of batches that locked their rows. */
  readonly locked: number;
  /** As `pg_stat_database` counts them. */
  readonly deadlocks: number;
  readonly deadlocksByHand: number;
  /** Why the run is worth nothing, or has found something. */
  readonly faults: readonly string[];
}

/**
 * Four instances write the same rows of three tables for so long, each unit of work in a sequence of its own; then sessions do the same by hand,
 * row by row as they come, until PostgreSQL has ended one of them for a deadlock. That shows that the rows do cross.
 */
export async function crossing({ url, seconds, byHandSeconds, signal }: CrossingOptions): Promise<CrossingReport> {
  const dataSource = await new DataSource({
    ...{ type: 'postgres', url, entities: [Shelf, Tray, Oven], applicationName: OURS },
  }).initialize();
  try {
    await dataSource.query(TABLES_SQL);
    const counts = nothingCounted();
    const instances = Array.from({ length: INSTANCES }, () => instanceOn(url, dataSource, counts));
    const until = performance.now() + seconds * MS_PER_SECOND;
    let done = 0;
    const call = async (_: unknown, caller: number): Promise<void> => {
      const { unitOfWork } = instances[caller % INSTANCES] as BenchInstance;
      while (performance.now() < until && !signal.aborted) {
        await unitOfWork.request(writeAll, drawn());
        done++;
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, call));
    for (const { stop } of instances) await stop();
    signal.throwIfAborted();
    const deadlocks = await deadlocksIn(dataSource);
    const [sum] = await dataSource.query<{ writes: number }[]>(WRITES_SQL);
    const deadlocksByHand = await byHand(url, byHandSeconds, signal);
    const report = {
      ...{ seconds, deadlocks, deadlocksByHand },
      perSecond: Math.round(done / seconds),
      lost: counts.lost / counts.attempts,
      locked: counts.locked / counts.batches,
    };
    const wanted = done * TABLES.length * KEYS_OF_EACH;
    return { ...report, faults: faultsOf(report, wanted, sum?.writes) };
  } finally {
    await dataSource.destroy();
  }
}

function faultsOf(
  { deadlocks, deadlocksByHand }: Pick<CrossingReport, 'deadlocks' | 'deadlocksByHand'>,
  wanted: number,
  written: number | undefined,
): string[] {
  const faults: string[] = [];
  if (written !== wanted) faults.push(`${wanted} writes were answered, and ${written} are in the rows`);
  if (deadlocks > 0) faults.push(`PostgreSQL has seen ${deadlocks} deadlocks`);
  if (deadlocksByHand === 0) faults.push('the rows do not cross: written by hand, they do not deadlock either');
  return faults;
}

const draw = zipf(KEYS);

/** Some rows of each table, in a sequence drawn by lot: of the tables, and of the rows of each. */
function drawn(): Drawn[] {
  const all = TABLES.map((table) => {
    const keys = new Set<string>();
    while (keys.size < KEYS_OF_EACH) keys.add(table.keyOf(draw({ next: Math.random })));
    return { table, keys: [...keys] };
  });
  return all
    .map((one) => [Math.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}

interface Drawn {
  readonly table: (typeof TABLES)[number];
  readonly keys: readonly string[];
}

const writeAll = {
  needs: (all: readonly Drawn[]): Asked =>
    Object.assign({}, ...all.map(({ table, keys }) => table.asked(keys))) as Asked,
  decide: (_: unknown, { shelves, trays, ovens }: LoadedNeeds<Asked>) => ({
    answer: undefined,
    changes: [
      ...[...trays.values()].map((row) => update(Tray, row, { writes: row.writes + 1 })),
      ...[...shelves.values()].map((row) => update(Shelf, row, { writes: row.writes + 1 })),
      ...[...ovens.values()].map((row) => update(Oven, row, { writes: row.writes + 1 })),
    ],
  }),
};

/** @returns how often a session was ended for a deadlock: a few at most, as all of them stop at the first */
async function byHand(url: string, seconds: number, signal: AbortSignal): Promise<number> {
  const until = performance.now() + seconds * MS_PER_SECOND;
  let deadlocks = 0;
  const write = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      while (deadlocks === 0 && performance.now() < until && !signal.aborted) {
        await client.query('BEGIN');
        try {
          for (const { table, keys } of drawn()) await writeByHand(client, table, keys);
          await client.query('COMMIT');
        } catch (error) {
          if ((error as { code?: unknown }).code !== DEADLOCK) throw error;
          deadlocks++;
          await client.query('ROLLBACK');
        }
      }
    } finally {
      await client.end();
    }
  };
  await Promise.all(Array.from({ length: SESSIONS }, write));
  return deadlocks;
}

async function writeByHand(client: pg.Client, { table, key }: Drawn['table'], keys: readonly string[]): Promise<void> {
  for (const value of keys) await client.query(`UPDATE ${table} SET writes = writes + 1 WHERE ${key} = $1`, [value]);
}

/** Waits until the connections that were closed are gone: a session tells what it has counted when it ends. */
async function deadlocksIn(dataSource: DataSource): Promise<number> {
  for (;;) {
    const [seen] = await dataSource.query<{ deadlocks: number; others: number }[]>(
      `SELECT deadlocks::int, (SELECT count(*)::int FROM pg_stat_activity
         WHERE datname = current_database() AND application_name <> '${OURS}' AND backend_type = 'client backend') AS others
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    if (seen?.others === 0) return seen.deadlocks;
    await delay(LOOK_EVERY_MS);
  }
}
