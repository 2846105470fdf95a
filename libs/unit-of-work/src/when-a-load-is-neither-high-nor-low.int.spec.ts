import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Version } from '@backstep/concurrency';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DEFAULT_HOT_KEY_LIMITS, one, update, type HotKeyLimits } from './index.js';
import { instancesOn, type Instance } from './instances.fixture.spec.js';

/**
 * Goal: a key of which a tenth of the attempts is lost, between `leave` and `enter`, is not taken now this way and now that.
 * Method: a real PostgreSQL; somebody else changes the row before attempts that are drawn by lot, with a fixed seed; the clock by which keys
 * become hot is the spec's own, so that minutes take seconds and each run is the same.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

const SHARE = 0.1;
const PER_SECOND = 10;
const MINUTE_MS = 60_000;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn(
    [Loaf],
    'CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL)',
  );
});
afterAll(() => bakery.close());
beforeEach(() => bakery.database.pool.query(`TRUNCATE loaf; INSERT INTO loaf VALUES ('rye', 0, 1)`));

const sell = {
  needs: (id: string) => ({ loaf: one(Loaf, id) }),
  decide: (_: string, { loaf }: { loaf: Loaf | undefined }) => {
    if (!loaf) throw new Error('no such loaf');
    return { answer: undefined, changes: [update(Loaf, loaf, { sold: loaf.sold + 1 })] };
  },
};

/** xorshift32: the same draws each time. */
function lot(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

interface Load {
  readonly instance: Instance;
  /** When the key was taken otherwise, milliseconds of the spec's clock. */
  readonly switchedAt: number[];
}

/** So many sales a second, for so many minutes. */
async function load(minutes: number, seed: number, hotKeys: HotKeyLimits = DEFAULT_HOT_KEY_LIMITS): Promise<Load> {
  let now = 0;
  const draw = lot(seed);
  let due = false;
  const overtake = (): Promise<unknown> => bakery.database.pool.query('UPDATE loaf SET version = version + 1');
  /** Lets somebody else change the row between the read and the write; before the read, where that locks the row. */
  class Overtaken extends pg.Client {
    override query = (async (config: pg.QueryConfig | string): Promise<unknown> => {
      const text = typeof config === 'string' ? config : config.text;
      if (text.startsWith('SELECT')) due = draw() < SHARE;
      if (due && (text.startsWith('WITH ') || text.includes('FOR NO KEY UPDATE'))) {
        due = false;
        await overtake();
      }
      return super.query(config as pg.QueryConfig);
    }) as unknown as pg.Client['query'];
  }
  const instance = bakery.instance({ connection: { Client: Overtaken }, monotonic: () => now, hotKeys });
  const switchedAt: number[] = [];
  const sales = minutes * 60 * PER_SECOND;
  for (let sale = 0; sale < sales; sale++) {
    await instance.unitOfWork.request(sell, 'rye');
    while (switchedAt.length < instance.switches.length) switchedAt.push(now);
    now += 1_000 / PER_SECOND;
  }
  expect(await bakery.one('SELECT sold AS value FROM loaf')).toBe(sales);
  return { instance, switchedAt };
}

const mostInAMinute = (switchedAt: readonly number[]): number =>
  Math.max(0, ...switchedAt.map((from) => switchedAt.filter((at) => at >= from && at < from + MINUTE_MS).length));

it('a load held at a tenth of lost attempts changes how its key is taken at most twice in any minute', async () => {
  const { instance, switchedAt } = await load(3, 7);
  const { length: lost } = instance.conflicts;
  expect(lost).toBeGreaterThan(100);
  expect(mostInAMinute(switchedAt)).toBeLessThanOrEqual(2);
});

it('the same load changes it all the time where one lost attempt is believed and a lock ends at once', async () => {
  const hasty = { ...DEFAULT_HOT_KEY_LIMITS, attemptsMin: 1, sure: 0, holdMs: 200, holdMaxMs: 200 };
  const { switchedAt } = await load(1, 7, hasty);
  expect(mostInAMinute(switchedAt)).toBeGreaterThan(10);
});
