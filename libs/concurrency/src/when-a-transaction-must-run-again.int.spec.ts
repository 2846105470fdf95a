import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { OptimisticLockError, retryTransaction, TransactionRetryError } from './index.js';

/**
 * Goal: a transaction that PostgreSQL refuses as retryable is run again as a whole, and no other is. Method: real serialization failures
 * and real deadlocks of two transactions that meet at named points.
 */
let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`CREATE TABLE counter (name text PRIMARY KEY, n integer NOT NULL)`);
  dataSource = await new DataSource({ type: 'postgres', url: database.url, poolSize: 6 }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const POLICY = { attempts: 4, baseMs: 1, capMs: 4 };

async function counter(n = 0): Promise<string> {
  const name = randomUUID();
  await database.pool.query('INSERT INTO counter VALUES ($1, $2)', [name, n]);
  return name;
}
const valueOf = async (name: string): Promise<number | undefined> =>
  (await database.pool.query<{ n: number }>('SELECT n FROM counter WHERE name = $1', [name])).rows[0]?.n;

/** Resolves for all once `parties` callers wait; for later callers at once. */
function meeting(parties: number): () => Promise<void> {
  let come = 0;
  let open!: () => void;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++come >= parties) open();
    return all;
  };
}

describe('a transaction', () => {
  it('a transaction that fails with 40001 (serialization) runs again and reads what the winner wrote', async () => {
    const name = await counter();
    const bothHaveRead = meeting(2);
    let runs = 0;
    const increment = async (manager: EntityManager): Promise<void> => {
      runs++;
      await manager.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
      const [row] = await manager.query<[{ n: number }]>('SELECT n FROM counter WHERE name = $1', [name]);
      await bothHaveRead();
      await manager.query('UPDATE counter SET n = $2 WHERE name = $1', [name, row.n + 1]);
    };
    await Promise.all([
      retryTransaction(dataSource, increment, POLICY),
      retryTransaction(dataSource, increment, POLICY),
    ]);
    expect(await valueOf(name)).toBe(2);
    expect(runs).toBe(3);
  });

  it('a transaction that fails with 40P01 (deadlock) runs again, and both transactions count once', async () => {
    const [a, b] = [await counter(), await counter()];
    const bothHoldOne = meeting(2);
    let runs = 0;
    const inOrder = (first: string, second: string) => async (manager: EntityManager) => {
      runs++;
      await manager.query(`SET LOCAL deadlock_timeout = '20ms'`);
      await manager.query('UPDATE counter SET n = n + 1 WHERE name = $1', [first]);
      await bothHoldOne();
      await manager.query('UPDATE counter SET n = n + 1 WHERE name = $1', [second]);
    };
    await Promise.all([
      retryTransaction(dataSource, inOrder(a, b), POLICY),
      retryTransaction(dataSource, inOrder(b, a), POLICY),
    ]);
    expect([await valueOf(a), await valueOf(b)]).toEqual([2, 2]);
    expect(runs).toBeGreaterThan(2);
  });

  it('a transaction that lost an optimistic lock runs again', async () => {
    const name = await counter();
    let runs = 0;
    const answer = await retryTransaction(
      dataSource,
      async (manager) => {
        await manager.query('UPDATE counter SET n = n + 1 WHERE name = $1', [name]);
        if (++runs < 3) throw new OptimisticLockError('Counter', name, 1, 2);
        return 'done';
      },
      POLICY,
    );
    expect([answer, runs, await valueOf(name)]).toEqual(['done', 3, 1]);
  });

  it('a transaction that never succeeds ends with the last error after its attempts, and writes nothing', async () => {
    const name = await counter();
    let runs = 0;
    const hopeless = retryTransaction(
      dataSource,
      async (manager) => {
        runs++;
        await manager.query('UPDATE counter SET n = n + 1 WHERE name = $1', [name]);
        await manager.query(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
      },
      POLICY,
    );
    await expect(hopeless).rejects.toThrow(TransactionRetryError);
    await expect(hopeless).rejects.toMatchObject({ sqlState: '40001' });
    expect(runs).toBe(POLICY.attempts);
    expect(await valueOf(name)).toBe(0);
  });

  it('a transaction that fails for another reason is not run again', async () => {
    let runs = 0;
    const failing = retryTransaction(
      dataSource,
      async (manager) => {
        runs++;
        await manager.query('SELECT 1 / 0');
      },
      POLICY,
    );
    await expect(failing).rejects.toThrow('division by zero');
    expect(runs).toBe(1);
  });
});
