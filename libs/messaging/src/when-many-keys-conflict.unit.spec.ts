import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, it } from '@jest/globals';
import { Version, type Executor } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { DEFAULT_LIMITS, many, UnitOfWork, update } from '@backstep/unit-of-work';
import { offlineTables } from '@backstep/unit-of-work/testing';
import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DroppedDuplicates } from './evidence/dropped-duplicates.js';
import { MessagingMetrics } from './messaging-metrics.js';
import { observe } from './observe.js';

/**
 * Goal: a scrape is as long, and the process as large, after conflicts of two hundred thousand keys as after those of the first of them.
 * (The table of hot keys has a spec of its own, with a million.)
 * Method: a unit of work with the metrics of a service, and a clock that stands still. In the place of PostgreSQL there is a pool that has every row,
 * and refuses the first write of each batch: a real one would need minutes.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

const KEYS = 200_000;
const KEYS_OF_A_BATCH = 1_000;
/** Keys that somebody keeps are more than 20 MB. */
const GROWS_AT_MOST_BYTES = 5 * 1024 ** 2;

/** What PostgreSQL says of a write that has found another version, and of one that it ends for a deadlock. */
const REFUSALS = [
  { code: 'BS001', detail: 'u0' },
  { code: '40P01', detail: 'Process 1 waits for ShareLock' },
];

/** Each read finds the rows at a version more than the last one did; of two writes the first is refused. */
function poolThatRefuses(): Pool {
  let reads = 0;
  let writes = 0;
  const query = (asked: { readonly text: string; readonly values: readonly unknown[] }): Promise<unknown> => {
    if (asked.text.startsWith('SELECT')) {
      const version = ++reads;
      const rows = (asked.values[0] as readonly string[]).map((id) => ({ id, sold: 0, version }));
      return Promise.resolve({ rows: [{ c0: rows }] });
    }
    const refusal = REFUSALS[(writes / 2) % REFUSALS.length];
    if (writes++ % 2 === 1) return Promise.resolve({ rows: [{}] });
    return Promise.reject(Object.assign(new Error('refused'), refusal));
  };
  const client = { query, on: () => undefined, off: () => undefined, release: () => undefined };
  return { totalCount: 1, connect: () => Promise.resolve(client) } as unknown as Pool;
}

/** Writes the first of the loaves, and holds the others: rows that are held are lost to others as those that are written. */
const sellFirst = {
  needs: (ids: readonly string[]) => ({ loaves: many(Loaf, ids, { hold: true }) }),
  decide: ([first = '']: readonly string[], { loaves }: { loaves: ReadonlyMap<string, Loaf> }) => {
    const loaf = loaves.get(first) as Loaf;
    return { answer: loaves.size, changes: [update(Loaf, loaf, { sold: loaf.sold + 1 })] };
  },
};

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let collectGarbage: () => void;
beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collectGarbage = runInNewContext('gc') as () => void;
});
const bytesInUse = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

it('keys that conflict add no line to a scrape, no key to what is told, and no megabytes to the process', async () => {
  const registry = new Registry();
  const tables = await offlineTables([Loaf]);
  const pool = poolThatRefuses();
  const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
  const environment = { tables, source: 'bakery', shardOf: () => 0, now: Date.now, monotonic: () => 0 };
  const observer = observe('bakery', new MessagingMetrics(registry), silent, 'loafId', new DroppedDuplicates());
  const unitOfWork = new UnitOfWork(pool, environment, relay, DEFAULT_LIMITS, observer);
  let sold = 0;
  const sellNext = async (): Promise<void> => {
    const ids = Array.from({ length: KEYS_OF_A_BATCH }, () => `loaf-${sold++}`);
    expect(await unitOfWork.request(sellFirst, ids)).toBe(KEYS_OF_A_BATCH);
  };
  // One of each refusal: from then on every label has been there.
  while (sold < REFUSALS.length * KEYS_OF_A_BATCH) await sellNext();
  const [linesBefore, bytesBefore] = [(await registry.metrics()).split('\n').length, bytesInUse()];
  while (sold < KEYS) await sellNext();
  const text = await registry.metrics();
  expect(text.split('\n')).toHaveLength(linesBefore);
  expect(text).not.toContain('loaf-');
  const outcomes = ['committed', 'conflict', 'deadlock'].map(
    (outcome) => new RegExp(`^backstep_writes_total\\{.*outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1],
  );
  const batches = KEYS / KEYS_OF_A_BATCH;
  expect(outcomes.map(Number)).toEqual([batches, batches / 2, batches / 2]);
  const { entities, hottest } = unitOfWork.contention;
  expect(entities).toMatchObject([{ entity: 'Loaf', minute: { attempts: 2 * batches, conflicts: batches / 2 } }]);
  expect(hottest).toHaveLength(10);
  expect(bytesInUse() - bytesBefore).toBeLessThan(GROWS_AT_MOST_BYTES);
});
