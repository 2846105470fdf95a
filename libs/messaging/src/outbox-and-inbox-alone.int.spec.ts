import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  countVersionsSql,
  retryTransaction,
  Version,
  VERSIONED_ROWS_MIGRATIONS,
  VersionedRepository,
} from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { dedupeIdOf, inbox, INBOX_MIGRATIONS, type Delivered } from '@backstep/inbox';
import { BatchConsumer, createTopics, KafkaPublisher } from '@backstep/kafka';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { Outbox, OUTBOX_MIGRATIONS } from '@backstep/outbox';

/**
 * Goal: outbox, inbox and versioned rows work without the unit of work and sagas: the example of docs/use-outbox-and-inbox.md.
 * Method: a counter that sells bread and an oven that bakes it, each with a database of its own, on a real PostgreSQL and Kafka, in
 * TypeORM's own transactions.
 */
@Entity('shelf')
class Shelf {
  @PrimaryColumn('text') bread!: string;
  @Column('integer') loaves!: number;
  @Version() version!: number;
}

@Entity('plan')
class Plan {
  @PrimaryColumn('text') bread!: string;
  @Column('integer', { name: 'to_bake' }) toBake!: number;
  @Version() version!: number;
}

/** Takes loaves from the shelf and sends the oven a message, both or neither. */
const sell = (counter: DataSource, outbox: Outbox, bread: string, loaves: number): Promise<void> =>
  retryTransaction(counter, async (manager) => {
    const shelf = await manager.findOneByOrFail(Shelf, { bread });
    await new VersionedRepository(Shelf, manager).update([{ ...shelf, loaves: shelf.loaves - loaves }]);
    await outbox.add(manager, { topic: TOPIC, key: bread, value: JSON.stringify({ bread, loaves }) });
  });

/** Plans what was sold, once for each message, however often Kafka delivers it. A message that is no JSON is parked. */
const plan = (oven: DataSource, message: Delivered): Promise<void> =>
  retryTransaction(oven, async (manager) => {
    const id = dedupeIdOf(message);
    try {
      await inbox.once(manager, id, async (nested) => {
        const { bread, loaves } = JSON.parse(message.value ?? '') as { bread: string; loaves: number };
        const planned = await nested.findOneByOrFail(Plan, { bread });
        await new VersionedRepository(Plan, nested).update([{ ...planned, toBake: planned.toBake + loaves }]);
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      await inbox.park(manager, id, message, error);
    }
  });

const run = newId();
const TOPIC = `bread-sold-${run}`;
const BREADS = ['rye', 'wheat', 'spelt', 'oat', 'corn', 'barley'];
const { kafkaBrokers: brokers } = requireInfrastructure();
let databases: TestDatabase[];
let counter: DataSource;
let oven: DataSource;
let publisher: KafkaPublisher;
let outbox: Outbox;
let consumer: BatchConsumer;
let delivered: Delivered[];

async function connect(database: TestDatabase, entity: typeof Shelf | typeof Plan): Promise<DataSource> {
  const migrations = [...VERSIONED_ROWS_MIGRATIONS, ...INBOX_MIGRATIONS, ...OUTBOX_MIGRATIONS];
  return new DataSource({ type: 'postgres', url: database.url, entities: [entity], migrations }).initialize();
}

beforeAll(async () => {
  await createTopics(brokers, [{ name: TOPIC, partitions: 4, retentionMs: 3_600_000 }]);
  databases = [await createTestDatabase(), await createTestDatabase()];
  counter = await connect(databases[0]!, Shelf);
  oven = await connect(databases[1]!, Plan);
  for (const dataSource of [counter, oven]) await dataSource.runMigrations();
  await counter.query(
    'CREATE TABLE shelf (bread text PRIMARY KEY, loaves integer CHECK (loaves >= 0), version integer)',
  );
  await oven.query('CREATE TABLE plan (bread text PRIMARY KEY, to_bake integer, version integer)');
  await counter.query(countVersionsSql({ table: 'shelf', key: 'bread' }));
  await oven.query(countVersionsSql({ table: 'plan', key: 'bread' }));
  await counter.query('INSERT INTO shelf SELECT unnest($1::text[]), 1000, 1', [BREADS]);
  await oven.query('INSERT INTO plan SELECT unnest($1::text[]), 0, 1', [BREADS]);

  publisher = new KafkaPublisher({ brokers, clientId: 'counter' }, [TOPIC]);
  outbox = await Outbox.start({ dataSource: counter, publisher });
  delivered = [];
  const options = { brokers, clientId: 'oven', groupId: `oven-${run}`, topics: [TOPIC], onCrash: () => undefined };
  consumer = new BatchConsumer(options, async ({ messages }) => {
    for (const message of messages) await plan(oven, message);
    delivered.push(...messages);
  });
  consumer.start();
});
afterAll(async () => {
  await consumer.close();
  await outbox.stop();
  await publisher.disconnect();
  for (const dataSource of [counter, oven]) await dataSource.destroy();
  for (const database of databases) await database.drop();
});

const toBake = async (bread: string): Promise<number> => (await oven.manager.findOneByOrFail(Plan, { bread })).toBake;
const onShelf = async (bread: string): Promise<number> =>
  (await counter.manager.findOneByOrFail(Shelf, { bread })).loaves;

it('four concurrent sales each take a loaf, send a message and are planned once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => sell(counter, outbox, 'rye', 5)));
  await waitUntil('it is planned', async () => (await toBake('rye')) === 20);
  expect(await onShelf('rye')).toBe(980);
});

it('a sale of missing bread rolls back, and no message is sent', async () => {
  await expect(sell(counter, outbox, 'wheat', 1_001)).rejects.toThrow('violates check constraint');
  await sell(counter, outbox, 'wheat', 1);
  await waitUntil('what was sold is planned', async () => (await toBake('wheat')) > 0);
  expect(await toBake('wheat')).toBe(1);
});

it('a message that Kafka delivers twice is planned once, and one that is no JSON is parked', async () => {
  await sell(counter, outbox, 'spelt', 3);
  const sold = await waitUntil('it is delivered', () => delivered.find(({ key }) => key === 'spelt'));
  const { key, headers, value } = sold;
  const again = { topic: TOPIC, key: key ?? '', headers, value: value ?? '' };
  await publisher.publish([again, { ...again, headers: { ce_id: newId() }, value: 'three' }, again]);
  await waitUntil('all are delivered', () => delivered.filter((message) => message.key === 'spelt').length === 4);
  expect(await toBake('spelt')).toBe(3);
  const parked = await oven.query('SELECT key, cause, error FROM parked_message');
  expect(parked).toMatchObject([{ key: 'spelt', cause: 'handler_failed' }]);
});

it('messages of an instance that was killed before it sent them are sent by another, in order', async () => {
  const breads = ['oat', 'corn', 'barley'];
  const killed = await connect(databases[0]!, Shelf);
  const other = await Outbox.start({
    dataSource: killed,
    publisher: { publish: () => new Promise(() => undefined) },
    lockConnection: { connectionString: databases[0]!.url, application_name: 'killed' },
    // The killed instance must not send.
    limits: { ownEveryMs: 3_600_000 },
  });
  try {
    for (const loaves of [1, 2, 3]) for (const bread of breads) await sell(killed, other, bread, loaves);
    await killed.destroy();
    await counter.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'killed'`);
    for (const bread of breads) {
      await waitUntil(`${bread} is planned`, async () => (await toBake(bread)) === 6);
      const told = delivered.filter(({ key }) => key === bread).map(({ value }) => value);
      expect([...new Set(told)]).toEqual([1, 2, 3].map((loaves) => JSON.stringify({ bread, loaves })));
    }
  } finally {
    await other.stop(0);
  }
});
