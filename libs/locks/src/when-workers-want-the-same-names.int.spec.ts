import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LockedError } from '@backstep/concurrency';
import { waitUntil } from '@backstep/testing';
import { LockKit } from './locks.fixture.spec.js';

/**
 * Goal: of the workers that want a name one has it, and who wants several has all of them or none, without a deadlock.
 * Method: eight instances take pairs of four names forwards and backwards on one PostgreSQL; a counter in the section, and samples of the table.
 */
const NAMES = ['a', 'b', 'c', 'd'] as const;
const PAIRS = NAMES.flatMap((one) => NAMES.filter((other) => other !== one).map((other) => [one, other]));
const WORKERS = 8;
const ROUNDS = 15;

let kit: LockKit;
beforeAll(async () => {
  kit = await LockKit.start();
});
afterAll(() => kit.stop());
beforeEach(() => kit.database.pool.query('TRUNCATE named_lock'));
afterEach(async () => expect(await kit.held()).toEqual([]));

const deadlocks = async (): Promise<number> => {
  const { rows } = await kit.database.pool.query<{ n: number }>(
    `SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()`,
  );
  return rows[0]?.n ?? -1;
};

describe('workers that want pairs of the same names', () => {
  it('eight workers on pairs of four names, forwards and backwards: never two in a section, never half a pair, no deadlock', async () => {
    const inSection = new Map<string, number>();
    let most = 0;
    let entered = 0;
    let running = true;
    const halves: string[] = [];
    const half = new AbortController();
    const sampled = (async () => {
      for (let samples = 0; running || samples === 0; samples++) {
        const byHolder = new Map<string, number>();
        for (const { holder, held } of await kit.rows())
          if (held) byHolder.set(holder, (byHolder.get(holder) ?? 0) + 1);
        for (const [holder, names] of byHolder) if (names !== 2) halves.push(holder);
        // Halves that wait for each other would do so until their leases are over.
        if (halves.length > 0) half.abort(new Error(`half a pair is held: ${halves.join(', ')}`));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const worker = async (number: number): Promise<void> => {
      const locks = kit.instance();
      for (let round = 0; round < ROUNDS; round++) {
        const pair = PAIRS[(number * 5 + round * 7) % PAIRS.length] as string[];
        await locks.with(pair, { waitMs: 30_000, leaseMs: 10_000, signal: half.signal }, async () => {
          entered++;
          for (const name of pair) {
            inSection.set(name, (inSection.get(name) ?? 0) + 1);
            most = Math.max(most, inSection.get(name) ?? 0);
          }
          await kit.database.pool.query('SELECT 1');
          for (const name of pair) inSection.set(name, (inSection.get(name) ?? 0) - 1);
        });
      }
    };
    try {
      await Promise.all(Array.from({ length: WORKERS }, (_, number) => worker(number)));
    } finally {
      running = false;
      await sampled;
    }
    expect(entered).toBe(WORKERS * ROUNDS);
    expect(most).toBe(1);
    expect(halves).toEqual([]);
    expect(await deadlocks()).toBe(0);
  });

  it('new names, which have no rows yet, are taken sorted too', async () => {
    const workers = Array.from({ length: WORKERS }, () => kit.instance());
    for (let round = 0; round < 30; round++) {
      const names = Array.from({ length: 20 }, (_, at) => `${round}-${at}`);
      const ways = [names, [...names].reverse()];
      await Promise.all(
        workers.map((locks, at) =>
          locks.with(ways[at % 2] ?? [], { waitMs: 30_000, leaseMs: 10_000 }, () => Promise.resolve()),
        ),
      );
    }
    expect(await deadlocks()).toBe(0);
  });
});

describe('a lock that another holds', () => {
  it('a lock that is held fails at once without a wait, names who is in the way and for how long, and takes nothing', async () => {
    const [one, two] = [kit.instance(), kit.instance()];
    await one.with(['b'], { leaseMs: 5_000 }, async () => {
      const began = performance.now();
      const refused = await two
        .with(['a', 'b'], { leaseMs: 5_000 }, () => Promise.resolve())
        .catch((error: unknown) => error);
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(refused).toBeInstanceOf(LockedError);
      expect(refused).toMatchObject({ names: ['b'], retryable: true });
      expect((refused as LockedError).retryAfterMs).toBeGreaterThan(0);
      expect((refused as LockedError).retryAfterMs).toBeLessThanOrEqual(5_000);
      expect(await kit.held()).toEqual(['b']);
    });
  });

  it('a lock that is released while another waits is taken by it', async () => {
    const [one, two] = [kit.instance(), kit.instance()];
    const held = await one.acquire(['a', 'b'], { leaseMs: 30_000 });
    const waiting = two.with(['b', 'c'], { waitMs: 20_000, leaseMs: 5_000 }, () => Promise.resolve('mine'));
    await held.release();
    expect(await waiting).toBe('mine');
  });

  it('a wait ends with LockedError when its time is over', async () => {
    const [one, two] = [kit.instance(), kit.instance()];
    await one.with(['a'], { leaseMs: 30_000 }, async () => {
      await expect(two.acquire(['a'], { waitMs: 200, leaseMs: 5_000 })).rejects.toBeInstanceOf(LockedError);
    });
  });

  it('a row that another transaction has locked is not waited for', async () => {
    const locks = kit.instance();
    await locks.with(['a'], { leaseMs: 1_000 }, () => Promise.resolve());
    const rival = await kit.database.pool.connect();
    await rival.query(`BEGIN; SELECT FROM named_lock WHERE name = 'a' FOR UPDATE`);
    try {
      await expect(locks.acquire(['a'], { leaseMs: 1_000 })).rejects.toBeInstanceOf(LockedError);
    } finally {
      rival.release(true);
    }
    await waitUntil('the end of the other transaction', () =>
      locks.with(['a'], { leaseMs: 1_000 }, () => Promise.resolve(true)),
    );
    await locks.with(['a'], { leaseMs: 1_000 }, () => Promise.resolve());
  });
});

describe('a client that goes away', () => {
  it('a client that aborts during its work has its locks released within a second', async () => {
    const [one, two] = [kit.instance(), kit.instance()];
    const client = new AbortController();
    const work = one.with(['a', 'b'], { leaseMs: 60_000, signal: client.signal }, async (held) => {
      client.abort(new Error('gone'));
      await waitUntil('the abort', () => held.signal.aborted);
      held.signal.throwIfAborted();
    });
    await expect(work).rejects.toThrow('gone');
    await two.with(['a', 'b'], { waitMs: 1_000, leaseMs: 5_000 }, () => Promise.resolve());
  });

  it('a client that aborts while it waits holds nothing afterwards', async () => {
    const [one, two] = [kit.instance(), kit.instance()];
    const client = new AbortController();
    const held = await one.acquire(['a'], { leaseMs: 60_000 });
    const waiting = two.acquire(['a', 'b'], { waitMs: 60_000, leaseMs: 60_000, signal: client.signal });
    client.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await held.release();
  });

  it('locks that are taken for a client that has gone meanwhile are released', async () => {
    const client = new AbortController();
    const pool = kit.pool();
    const locks = kit.instance({
      executor: {
        query: (text, values) => {
          client.abort(new Error('gone'));
          return pool.query(text, values);
        },
      },
    });
    await expect(locks.acquire(['a'], { leaseMs: 60_000, signal: client.signal })).rejects.toThrow('gone');
  });
});

describe('workers that share work', () => {
  it('four workers claim what is free of the same names: together all of them, no name twice', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `job-${at}`);
    const workers = Array.from({ length: 4 }, () => kit.instance());
    const claimed = await Promise.all(workers.map((locks) => locks.claim(names, { leaseMs: 30_000 })));
    const all = claimed.flat().map(({ name }) => name);
    expect([...all].sort()).toEqual([...names].sort());
    const [first] = workers;
    expect(await first?.claim(names, { leaseMs: 30_000 })).toEqual([]);
    for (const [at, locks] of workers.entries()) await locks.release(claimed[at] ?? []);
    expect(await first?.claim(names, { leaseMs: 30_000, max: 7 })).toHaveLength(7);
    const left = await workers[1]?.claim(names, { leaseMs: 30_000 });
    expect(left).toHaveLength(43);
    expect(await kit.held()).toHaveLength(50);
    await kit.database.pool.query('TRUNCATE named_lock');
  });

  it('many leases are extended and released in one statement, those that are still held', async () => {
    const [one, two] = [kit.instance(), kit.instance()];
    const leases = await one.claim(['a', 'b', 'c'], { leaseMs: 30_000 });
    await kit.age('1 minute');
    const [taken] = await two.claim(['b'], { leaseMs: 30_000 });
    expect(await one.extend(leases, 30_000)).toEqual(['a', 'c']);
    expect(await kit.held()).toEqual(['a', 'b', 'c']);
    await one.release(leases);
    expect(await kit.held()).toEqual(['b']);
    await two.release(taken ? [taken] : []);
  });
});

it.each([
  ['no name', [], { leaseMs: 1 }, '1 to 100 names'],
  ['a name too many', Array.from({ length: 101 }, (_, at) => `${at}`), { leaseMs: 1 }, 'not 101'],
  ['an empty name', [''], { leaseMs: 1 }, '1 to 200 characters'],
  ['a name that is too long', ['x'.repeat(201)], { leaseMs: 1 }, '1 to 200 characters'],
  ['a name that cannot be stored', ['a\u0000'], { leaseMs: 1 }, 'PostgreSQL stores'],
  ['a lease of nothing', ['a'], { leaseMs: 0 }, 'leaseMs must be 1 to'],
  ['a lease of two days', ['a'], { leaseMs: 172_800_000 }, 'leaseMs must be 1 to'],
  ['a wait of less than nothing', ['a'], { leaseMs: 1, waitMs: -1 }, 'waitMs must be 0 to'],
])('locks with %s are refused, with an error that says what is wrong', async (_, names, options, said) => {
  await expect(kit.instance().acquire(names, options)).rejects.toThrow(said);
});
