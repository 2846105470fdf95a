import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LockedError, RowsMismatchError, write } from '@backstep/concurrency';
import { waitUntil } from '@backstep/testing';
import { DEFAULT_LOCK_LIMITS, FenceError, type Held, type Lease, type NamedLocks } from './index.js';
import { LockKit } from './locks.fixture.spec.js';

/**
 * Goal: whoever has lost a lock writes nothing under it, gives no other's lock back, and learns of it; the numbers of a name rise for ever.
 * Method: the database's memory of the leases is made older, and another takes over.
 */
let kit: LockKit;
let one: NamedLocks;
let two: NamedLocks;
beforeAll(async () => {
  kit = await LockKit.start('CREATE TABLE report (id text PRIMARY KEY, by text NOT NULL)');
  [one, two] = [kit.instance(), kit.instance()];
});
afterAll(() => kit.stop());
afterEach(() => void jest.restoreAllMocks());
beforeEach(() => kit.database.pool.query(`TRUNCATE named_lock, report; INSERT INTO report VALUES ('r', 'nobody')`));

const write1 = (by: string, held: Held) =>
  write(kit.database.pool, [
    { name: 'report', sql: `UPDATE report SET by = $1 WHERE id = 'r'`, params: [by], rows: 1 },
    held.fence,
  ]);
const writer = async (): Promise<string | undefined> =>
  (await kit.database.pool.query<{ by: string }>('SELECT by FROM report')).rows[0]?.by;

const waits = async (): Promise<boolean> => {
  const { rows } = await kit.database.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length === 1;
};

describe('a lease that has run out', () => {
  it('a holder that was overtaken writes nothing, and the one that took over does', async () => {
    const late = await one.acquire(['r'], { leaseMs: 30_000 });
    await write1('one', late);
    await kit.age('1 minute');
    const held = await two.acquire(['r'], { leaseMs: 30_000 });
    expect(held.epochOf('r')).toBeGreaterThan(late.epochOf('r'));
    await expect(write1('late', late)).rejects.toBeInstanceOf(RowsMismatchError);
    expect(await writer()).toBe('one');
    await write1('two', held);
    await held.release();
    await expect(write1('two again', held)).rejects.toBeInstanceOf(RowsMismatchError);
    expect(await writer()).toBe('two');
  });

  it('a write waits for a take over that is under way, and then writes nothing', async () => {
    const late = await one.acquire(['r'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    const rival = await kit.database.pool.connect();
    await rival.query(
      `BEGIN; UPDATE named_lock SET holder = gen_random_uuid(), epoch = nextval('named_lock_epoch') WHERE name = 'r'`,
    );
    const writing = write1('late', late).catch((error: unknown) => error);
    try {
      await waitUntil('the write to wait', waits, 5_000);
      await rival.query('COMMIT');
    } finally {
      // A transaction that is left open ends with its connection.
      rival.release(true);
    }
    expect(await writing).toBeInstanceOf(RowsMismatchError);
    expect(await writer()).toBe('nobody');
  });

  it('a holder that is late writes as long as nobody has taken over, and can extend', async () => {
    const late = await one.acquire(['r'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    await write1('late', late);
    expect(await writer()).toBe('late');
    await late.extend();
    await expect(two.acquire(['r'], { leaseMs: 1_000 })).rejects.toBeInstanceOf(LockedError);
    expect(late.signal.aborted).toBe(false);
  });

  it('a holder that was overtaken releases nobody else’s lock', async () => {
    const late = await one.acquire(['q', 'r'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    const held = await two.acquire(['r'], { leaseMs: 30_000 });
    await late.release();
    expect(await kit.held()).toEqual(['r']);
    await write1('two', held);
    expect(await writer()).toBe('two');
  });

  it('a holder that was overtaken learns of it when it extends: FenceError, and its signal aborts', async () => {
    const late = await one.acquire(['q', 'r'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    await two.acquire(['r'], { leaseMs: 30_000 });
    await expect(late.extend()).rejects.toMatchObject({ name: 'FenceError', names: ['r'] });
    expect(late.signal.reason).toBeInstanceOf(FenceError);
  });

  it('a holder’s signal aborts when its lease is over, and not when it was extended', async () => {
    const held = await one.acquire(['r'], { leaseMs: 150 });
    const extended = await one.acquire(['q'], { leaseMs: 150 });
    await extended.extend(60_000);
    await waitUntil('the end of the lease', () => held.signal.aborted);
    expect(held.signal.reason).toBeInstanceOf(FenceError);
    expect(extended.signal.aborted).toBe(false);
    await extended.release();
    expect(extended.signal.aborted).toBe(true);
  });
});

describe('the clock of a lease', () => {
  it.each([-3_600_000, 3_600_000])(
    'a process whose clock is off by %i ms neither loses a lock nor takes one',
    async (offMs) => {
      const now = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => now() + offMs);
      const held = await one.acquire(['r'], { leaseMs: 30_000 });
      jest.restoreAllMocks();
      await expect(two.acquire(['r'], { leaseMs: 30_000 })).rejects.toBeInstanceOf(LockedError);
      jest.spyOn(Date, 'now').mockImplementation(() => now() + offMs);
      await expect(two.acquire(['r'], { leaseMs: 30_000 })).rejects.toBeInstanceOf(LockedError);
      await held.extend(100);
      jest.restoreAllMocks();
      await two.with(['r'], { waitMs: 10_000, leaseMs: 1_000 }, () => Promise.resolve());
    },
  );
});

describe('epochs', () => {
  const epoch = (locks: NamedLocks) =>
    locks.with(['r'], { leaseMs: 30_000 }, (held) => Promise.resolve(held.epochOf('r')));

  it('epochs of a name rise with each holder, also after the name was purged', async () => {
    const epochs = [await epoch(one), await epoch(two), await epoch(one)];
    await kit.age('1 hour');
    expect(await one.purge()).toBe(1);
    expect(await kit.rows()).toEqual([]);
    epochs.push(await epoch(two), await epoch(one));
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(new Set(epochs).size).toBe(5);
  });

  it('a fence of a name that was purged, or taken anew since, does not hold', async () => {
    const late = await one.acquire(['r'], { leaseMs: 30_000 });
    await kit.age('1 hour');
    expect(await one.purge()).toBe(1);
    await expect(write1('late', late)).rejects.toBeInstanceOf(RowsMismatchError);
    const held = await two.acquire(['r'], { leaseMs: 30_000 });
    await expect(write1('late', late)).rejects.toBeInstanceOf(RowsMismatchError);
    expect(held.epochOf('r')).toBeGreaterThan(late.epochOf('r'));
    expect(await writer()).toBe('nobody');
  });

  it('a purge deletes, chunk by chunk, what nobody has held for a while, and nothing else', async () => {
    const names = Array.from({ length: 2_500 }, (_, at) => `old-${at}`);
    const leases: Lease[] = await one.claim(names, { leaseMs: 1_000 });
    await one.release(leases.slice(0, 2_000));
    await kit.age('1 hour');
    const held = await two.acquire(['held'], { leaseMs: 30_000 });
    const fresh = await two.acquire(['fresh'], { leaseMs: 30_000 });
    await fresh.release();
    expect(await one.purge()).toBe(2_500);
    expect((await kit.rows()).map(({ name }) => name)).toEqual(['fresh', 'held']);
    expect(DEFAULT_LOCK_LIMITS.purgeChunk).toBeLessThan(2_500);
    await held.release();
  });
});

describe('a database that breaks', () => {
  it('locks of which it is not known whether they were taken are released', async () => {
    const pool = kit.pool();
    let broken = true;
    const locks = kit.instance({
      executor: {
        query: async (text, values) => {
          const result = await pool.query(text, values);
          if (!broken) return result;
          broken = false;
          throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
        },
      },
    });
    await expect(locks.acquire(['r'], { leaseMs: 60_000 })).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
    await two.with(['r'], { waitMs: 10_000, leaseMs: 1_000 }, () => Promise.resolve());
  });

  it('a release that fails is told, and does not hide what the work has thrown', async () => {
    const pool = kit.pool();
    const failures: string[] = [];
    const locks = kit.instance({
      executor: {
        query: (text, values) =>
          text.includes('locks.release') ? Promise.reject(new Error('no')) : pool.query(text, values),
      },
      failed: (what) => void failures.push(what),
    });
    const work = locks.with(['r'], { leaseMs: 60_000 }, () => Promise.reject(new Error('of the work')));
    await expect(work).rejects.toThrow('of the work');
    expect(failures).toEqual(['release locks']);
  });
});
