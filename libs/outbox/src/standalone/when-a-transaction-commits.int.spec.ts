import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type WireMessage } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import { InvalidOutgoingMessageError, MessageTooLargeError, type OutgoingMessage } from '../index.js';
import { Broker, standalone, UNSWEPT } from './standalone.fixture.spec.js';

/**
 * Goal: a message that was added in a team's own TypeORM transaction is sent when that transaction has committed, at once and in order. A
 * message that was rolled back is never sent.
 * Method: transactions of every kind on a real PostgreSQL, and a broker that keeps the messages it gets. The sweep runs too rarely to matter.
 */
let system: Awaited<ReturnType<typeof standalone>>;
beforeAll(async () => {
  system = await standalone();
});
afterEach(() => system.reset());
afterAll(() => system.close());

describe('a message that is added', () => {
  it('a message is sent after the commit, as it was given, with an id for the inbox of its reader', async () => {
    const broker = new Broker();
    const { outbox, dataSource } = await system.instance(broker);
    const id = newId();
    await dataSource.transaction(async (manager) => {
      await outbox.add(manager, {
        topic: 'jar.events',
        key: 'a',
        value: '{"n":1}',
        headers: { ce_id: id, odd: 'é\u0000' },
      });
      await outbox.add(manager, { topic: 'jar.events', key: 'b', value: '2' });
    });
    await system.reaches(broker, 2);
    expect(broker.received[0]).toMatchObject({ topic: 'jar.events', key: 'a', value: '{"n":1}' });
    expect(broker.received[0]?.headers).toEqual({ ce_id: id, odd: 'é\u0000' });
    expect(broker.received[1]?.headers['ce_id']).toMatch(/^[0-9a-f-]{36}$/);
    await waitUntil('acknowledged rows are deleted', async () => (await system.left()) === 0);
  });

  it('a message is not sent before the commit, nor when the transaction is rolled back', async () => {
    const broker = new Broker();
    const { dataSource, add, commit } = await system.instance(broker);
    const failed = dataSource.transaction(async (manager) => {
      await add(manager, 'a1');
      await commit('b1');
      await system.reaches(broker, 1);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await commit('a2');
    await system.reaches(broker, 2);
    expect(broker.values).toEqual(['b1', 'a2']);
  });

  it('a message is dropped with its savepoint, whether TypeORM rolls that back or a statement does', async () => {
    const broker = new Broker();
    const { dataSource, add } = await system.instance(broker);
    await dataSource.transaction(async (manager) => {
      await add(manager, 'a1');
      const nested = manager.transaction(async (inner) => {
        await add(inner, 'a2');
        throw new Error('no');
      });
      await expect(nested).rejects.toThrow('no');
      await manager.transaction((inner) => add(inner, 'a3'));
      await manager.query('SAVEPOINT mine');
      await add(manager, 'a4');
      await manager.query('ROLLBACK TO SAVEPOINT mine');
      await add(manager, 'a5');
      expect(broker.received).toEqual([]);
    });
    await system.reaches(broker, 3);
    expect(broker.values).toEqual(['a1', 'a3', 'a5']);
  });

  it('a message is sent, too, when a query runner commits its transaction', async () => {
    const broker = new Broker();
    const { dataSource, add } = await system.instance(broker);
    const runner = dataSource.createQueryRunner();
    for (const value of ['a1', 'a2']) {
      await runner.startTransaction();
      await add(runner.manager, value);
      await runner.commitTransaction();
    }
    await runner.release();
    await system.reaches(broker, 2);
    expect(broker.values).toEqual(['a1', 'a2']);
  });

  it('a message can be added only in a transaction of the same data source, while the outbox runs', async () => {
    const { outbox, dataSource, add } = await system.instance(new Broker());
    const other = await system.instance(new Broker());
    await expect(add(dataSource.manager, 'a1')).rejects.toThrow('outbox.add needs the manager of a transaction');
    await expect(other.commit.call(null, 'a1')).resolves.toBeUndefined();
    await expect(dataSource.transaction((manager) => other.add(manager, 'a1'))).rejects.toThrow('another data source');
    await outbox.stop();
    await expect(dataSource.transaction((manager) => add(manager, 'a1'))).rejects.toThrow('the outbox is stopped');
  });
});

describe('messages of one call', () => {
  it('messages of one call are one statement, and are sent in the order given', async () => {
    const broker = new Broker();
    const { outbox, dataSource } = await system.instance(broker);
    const values = Array.from({ length: 1_000 }, (_, n) => String(n));
    const statements: string[] = [];
    await dataSource.transaction(async (manager) => {
      const { query } = manager.queryRunner!;
      manager.queryRunner!.query = ((...given: Parameters<typeof query>) => {
        statements.push(given[0]);
        return query.apply(manager.queryRunner, given);
      }) as typeof query;
      await outbox.add(
        manager,
        values.map((value) => ({ topic: 'jar.events', key: 'a', value })),
      );
      await outbox.add(manager, []);
    });
    expect(statements.filter((text) => text.includes('outbox'))).toHaveLength(1);
    await system.reaches(broker, 1_000);
    expect(broker.values).toEqual(values);
  });

  it('messages of one call are refused together, with the wrong field named, and the transaction can go on', async () => {
    const broker = Object.assign(new Broker(), {
      sizes: { requestMaxBytes: 1_000_000, batchMaxBytes: (topic: string) => (topic === 'small' ? 500 : 100_000) },
    });
    const { outbox, dataSource, add } = await system.instance(broker);
    const good: OutgoingMessage = { topic: 'jar.events', key: 'a', value: 'good' };
    const wrong: [Partial<Record<keyof OutgoingMessage, unknown>>, string][] = [
      [{ topic: '' }, 'topic'],
      [{ topic: 'a b' }, 'topic'],
      [{ key: undefined }, 'key'],
      [{ value: Buffer.from('x') }, 'value'],
      [{ value: 'a\u0000' }, 'value'],
      [{ headers: { n: 1 } }, 'headers.n'],
      [{ headers: { ce_id: '7' } }, 'headers.ce_id'],
    ];
    await dataSource.transaction(async (manager) => {
      for (const [change, field] of wrong) {
        const messages = [good, { ...good, ...change } as OutgoingMessage];
        const error: unknown = await outbox.add(manager, messages).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(InvalidOutgoingMessageError);
        expect(error).toMatchObject({ field });
      }
      const large = outbox.add(manager, { ...good, topic: 'small', value: 'x'.repeat(500) });
      await expect(large).rejects.toThrow(MessageTooLargeError);
      await outbox.add(manager, { ...good, value: 'x'.repeat(500) });
      await add(manager, 'a1');
    });
    await system.reaches(broker, 2);
    expect(broker.values.map((value) => value.slice(0, 2))).toEqual(['xx', 'a1']);
  });
});

describe('the order of a key', () => {
  it('messages of a key are sent in the order of their commits, whichever instance commits', async () => {
    const broker = new Broker();
    const instances = [await system.instance(broker), await system.instance(broker), await system.instance(broker)];
    await instances[0]?.dataSource.query(`INSERT INTO jar VALUES ('a', 0)`);
    const takeOne = ({ dataSource, add }: (typeof instances)[number]) =>
      dataSource.transaction(async (manager) => {
        await manager.query(`SELECT FROM jar WHERE name = 'a' FOR UPDATE`);
        await manager.query(`UPDATE jar SET beans = beans + 1 WHERE name = 'a'`);
        const rows: { beans: number }[] = await manager.query(`SELECT beans FROM jar WHERE name = 'a'`);
        await add(manager, `a${rows[0]?.beans}`);
      });
    for (let round = 0; round < 25; round++) await Promise.all(instances.map(takeOne));
    await system.reaches(broker, 75);
    expect(broker.values).toEqual(Array.from({ length: 75 }, (_, n) => `a${n + 1}`));
  });

  it('messages that another instance could not send go before later ones of their key', async () => {
    const deaf = new Broker();
    deaf.fallsSilent();
    const broker = new Broker();
    const [dead, alive] = [
      await system.instance(deaf),
      await system.instance(broker, { ...UNSWEPT, ownEveryMs: 60_000 }),
    ];
    await dead.commit('a1', 'b1');
    await dead.commit('a2');
    await alive.commit('a3');
    await system.reaches(broker, 3);
    expect(broker.values).toEqual(['a1', 'a2', 'a3']);
  });

  it('messages that are committed while Kafka is away are all sent later, in the order of their key', async () => {
    const broker = new Broker();
    const { commit } = await system.instance(broker);
    broker.goesAway();
    for (let n = 1; n <= 30; n++) await commit(`a${n}`, `b${n}`);
    broker.comesBack();
    await system.reaches(broker, 60);
    const of = (key: string) => broker.values.filter((value) => value.startsWith(key));
    for (const key of ['a', 'b']) expect(of(key)).toEqual(Array.from({ length: 30 }, (_, n) => `${key}${n + 1}`));
  });
});

it('an outbox that stops sends what is committed, and leaves the rest in the table', async () => {
  const broker = new Broker();
  const { outbox, commit } = await system.instance(broker);
  await commit('a1');
  await outbox.stop();
  expect(broker.values).toEqual(['a1']);
  const deaf: { sent: WireMessage[] } & Broker = Object.assign(new Broker(), { sent: [] });
  deaf.fallsSilent();
  const second = await system.instance(deaf);
  await second.commit('a2');
  await second.outbox.stop(50);
  expect(await system.left()).toBe(1);
});

it('an outbox does not start on a database without its tables, and says what to run', async () => {
  await system.database.pool.query('ALTER TABLE outbox_parked RENAME TO elsewhere');
  try {
    await expect(system.instance(new Broker())).rejects.toThrow('run OUTBOX_MIGRATIONS');
  } finally {
    await system.database.pool.query('ALTER TABLE elsewhere RENAME TO outbox_parked');
  }
});
