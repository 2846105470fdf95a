import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { executorOf } from '@backstep/concurrency';
import { DataSource, type EntityManager } from 'typeorm';
import { inbox, INBOX_MIGRATIONS, ParkingLot, type Delivered } from './index.js';

/**
 * Goal: in a team's own TypeORM transaction a message is handled once, however often and concurrently it comes; a message that cannot be
 * handled is parked.
 * Method: transactions that meet at named points, on a real PostgreSQL. Handling a message adds a bean to a jar.
 */
let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  const migrations = [...INBOX_MIGRATIONS];
  dataSource = await new DataSource({ type: 'postgres', url: database.url, migrations, poolSize: 4 }).initialize();
  await dataSource.runMigrations();
  await dataSource.query('CREATE TABLE jar (beans integer NOT NULL)');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => dataSource.query('TRUNCATE inbox, parked_message, jar; INSERT INTO jar VALUES (0)'));

const addBean = (manager: EntityManager): Promise<unknown> => manager.query('UPDATE jar SET beans = beans + 1');
const beans = async (): Promise<number> =>
  ((await dataSource.query('SELECT beans FROM jar')) as [{ beans: number }])[0].beans;
const handle = (id: string, work = addBean) => dataSource.transaction((manager) => inbox.once(manager, id, work));

/** A promise, and the function that fulfils it. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}
const somebodyWaits = () =>
  waitUntil('a transaction waits for another', async () => {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
    );
    return rows.length > 0;
  });

describe('a message', () => {
  it('a message that comes twice is handled once, and the transaction of the duplicate goes on', async () => {
    const id = newId();
    expect(await handle(id)).toBe(true);
    await dataSource.transaction(async (manager) => {
      expect(await inbox.once(manager, id.toUpperCase(), addBean)).toBe(false);
      expect(await inbox.once(manager, newId(), addBean)).toBe(true);
    });
    expect(await beans()).toBe(2);
  });

  it('of two concurrent handlings of a message the second waits, and is dropped when the first commits', async () => {
    const [id, begun, goOn] = [newId(), gate(), gate()];
    const first = handle(id, async (manager) => {
      await addBean(manager);
      begun.open();
      await goOn.opened;
    });
    await begun.opened;
    const second = handle(id);
    await somebodyWaits();
    goOn.open();
    expect(await Promise.all([first, second])).toEqual([true, false]);
    expect(await beans()).toBe(1);
  });

  it('of two concurrent handlings of a message the second goes on when the first rolls back', async () => {
    const [id, begun, goOn] = [newId(), gate(), gate()];
    const first = handle(id, async (manager) => {
      await addBean(manager);
      begun.open();
      await goOn.opened;
      throw new Error('no');
    });
    const failed = expect(first).rejects.toThrow('no');
    await begun.opened;
    const second = handle(id);
    await somebodyWaits();
    goOn.open();
    await failed;
    expect(await second).toBe(true);
    expect(await beans()).toBe(1);
  });

  it('a message whose handling throws leaves no effect, and its transaction can go on', async () => {
    const id = newId();
    await dataSource.transaction(async (manager) => {
      const failing = inbox.once(manager, id, async (nested) => {
        await addBean(nested);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
    });
    expect(await beans()).toBe(0);
    expect(await handle(id)).toBe(true);
  });

  it('a message id may be any text, and two consumers that prefix it with their name both handle the message', async () => {
    for (const id of ['jar.events/0/17', 'a\u0000b', 'shelf:1', 'till:1']) {
      expect([await handle(id), await handle(id)]).toEqual([true, false]);
    }
    await expect(handle('')).rejects.toThrow('messageId must be a text');
  });

  it('inbox.once without a transaction is refused', async () => {
    await expect(inbox.once(dataSource.manager, newId(), addBean)).rejects.toThrow('inbox.once needs the manager of');
  });
});

describe('a message that cannot be handled', () => {
  const delivered: Delivered = {
    topic: 'jar.events',
    partition: 1,
    offset: '7',
    key: 'k',
    headers: { ce_id: newId(), ce_type: 'BeanCounted' },
    value: '{"n": "\u0000"}',
    timestamp: 1_900_000_000_000,
  };
  const id = 'shelf:1';

  it('a poisoned message is parked whole in the transaction that failed, and is dropped when it comes again', async () => {
    await dataSource.transaction(async (manager) => {
      const failing = inbox.once(manager, id, (nested) => nested.query('SELECT 1 / 0'));
      const error: unknown = await failing.catch((thrown: unknown) => thrown);
      expect(await inbox.park(manager, id, delivered, error)).toBe(true);
    });
    const parkingLot = new ParkingLot(executorOf(dataSource));
    const [listed, ...others] = await parkingLot.list({ limit: 10 });
    expect(others).toEqual([]);
    const parked = await parkingLot.find(listed?.id ?? '');
    expect(parked).toMatchObject({ state: 'poisoned', cause: 'handler_failed', key: 'k', value: delivered.value });
    expect(parked?.error).toContain('division by zero');
    expect(await handle(id)).toBe(false);
  });

  it('a poisoned message is parked once, and a message that was handled is not parked', async () => {
    const park = (messageId: string) =>
      dataSource.transaction((manager) => inbox.park(manager, messageId, delivered, new Error('no')));
    expect([await park(id), await park(id)]).toEqual([true, false]);
    await handle('shelf:2');
    expect(await park('shelf:2')).toBe(false);
  });
});
