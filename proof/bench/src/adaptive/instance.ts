import { Tables, type Executor } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { DEFAULT_LIMITS, HOT_PATH_SETTINGS, UnitOfWork } from '@backstep/unit-of-work';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Connections of an instance. */
const POOL_MAX = 3;
const LOCK_TIMEOUT_MS = 2_000;

/** What all instances of a run count together. */
export interface Counts {
  attempts: number;
  lost: number;
  batches: number;
  locked: number;
}

export const nothingCounted = (): Counts => ({ attempts: 0, lost: 0, batches: 0, locked: 0 });

export interface BenchInstance {
  readonly unitOfWork: UnitOfWork;
  /** Its connections, which then tell PostgreSQL what they have counted, are closed. */
  stop(): Promise<void>;
}

/** An instance of the unit of work as a service has it, with connections of its own. It gives nothing back as contended. */
export function instanceOn(
  url: string,
  dataSource: DataSource,
  counts: Counts,
  optimisticTries = DEFAULT_LIMITS.optimisticTries,
): BenchInstance {
  const pool = new pg.Pool({
    ...{ connectionString: url, max: POOL_MAX, options: HOT_PATH_SETTINGS, lock_timeout: LOCK_TIMEOUT_MS },
  });
  pool.on('error', () => undefined);
  const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
  const environment = { tables: new Tables(dataSource), source: 'bench', shardOf: () => 0, now: Date.now };
  const limits = { ...DEFAULT_LIMITS, conflictsMax: Number.MAX_SAFE_INTEGER, optimisticTries };
  const unitOfWork = new UnitOfWork(pool, environment, relay, limits, {
    committed: ({ locked }) => {
      counts.batches++;
      if (locked) counts.locked++;
    },
    attempted: ({ outcome }) => {
      counts.attempts++;
      if (outcome !== 'committed') counts.lost++;
    },
  });
  const stop = async (): Promise<void> => {
    await unitOfWork.idle();
    await relay.stop(0);
    await pool.end();
  };
  return { unitOfWork, stop };
}
