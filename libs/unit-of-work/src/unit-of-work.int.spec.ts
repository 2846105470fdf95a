import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ASSERT_ROWS_SQL, Tables, Version, type Executor } from '@backstep/concurrency';
import { encode, ReleaseStock, ReserveStock, StockReleased, StockReserved, type DataOf, type Message, type WireMessage } from '@backstep/contracts';
import { INBOX_SQL, type Delivered } from '@backstep/inbox';
import { OUTBOX_SQL, OutboxRelay } from '@backstep/outbox';
import { aMessage, anOrder, createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { Handlers, Handles, insert, many, MessageConsumer, one, reply, UnitOfWork, update, type Loaded } from './index.js';

/**
 * Goal: batches are handled once, whole, in order, whatever fails. Method: a tiny inventory on a real PostgreSQL, with a publisher
 * that keeps what it was given.
 */
@Entity('stock')
class Stock {
  @PrimaryColumn('text') sku!: string;
  @Column('integer') left!: number;
  @Version() version!: number;
}

@Entity('hold')
class Hold {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Date;
  @Version() version!: number;
}

@Handles(ReserveStock)
class Reserve {
  needs({ data }: Message<typeof ReserveStock>) {
    return { hold: one(Hold, data.orderId), stock: many(Stock, data.items.map(({ sku }) => sku)) };
  }
  decide(command: Message<typeof ReserveStock>, { hold, stock }: Loaded<Reserve>) {
    if (command.data.items.some(({ sku }) => sku === 'poison')) throw new Error('cannot handle poison');
    if (hold) return [reply(command, StockReserved, command.data)];
    const made = insert(Hold, { orderId: command.data.orderId, madeAt: new Date(0) });
    const taken = command.data.items.map(({ sku, quantity }) => {
      const row = stock.get(sku);
      if (!row) throw new Error(`no ${sku}`);
      return update(Stock, row, { left: row.left - quantity });
    });
    return [made, ...taken, reply(command, StockReserved, command.data, { of: made })];
  }
}

@Handles(ReleaseStock)
class Release {
  needs() {
    return {};
  }
  decide(command: Message<typeof ReleaseStock>) {
    return [reply(command, StockReleased, { orderId: command.data.orderId, items: [] })];
  }
}

let database: TestDatabase;
let dataSource: DataSource;
let published: WireMessage[];

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    [ASSERT_ROWS_SQL, INBOX_SQL, OUTBOX_SQL].join(';') +
      `;CREATE TABLE stock (sku text PRIMARY KEY, "left" integer NOT NULL CHECK ("left" >= 0), version integer NOT NULL);
        CREATE TABLE hold (order_id uuid PRIMARY KEY, made_at timestamptz NOT NULL, version integer NOT NULL);`,
  );
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities: [Stock, Hold], poolSize: 2 }).initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

beforeEach(async () => {
  published = [];
  await database.pool.query(`TRUNCATE inbox, outbox, parked_message, stock, hold; INSERT INTO stock VALUES ('cup', 100, 1), ('pot', 3, 1)`);
});

function instance() {
  const publisher = { publish: async (messages: readonly WireMessage[]) => void published.push(...messages) };
  const relay = new OutboxRelay(database.pool as unknown as Executor, publisher);
  const tables = new Tables(dataSource);
  let clockReads = 0;
  const environment = { tables, source: 'inventory', shardOf: () => 0, now: () => ++clockReads };
  const counts = { duplicates: 0, conflicts: 0, locked: 0 };
  const unitOfWork = new UnitOfWork(database.pool, environment, relay, undefined, {
    duplicates: (count) => (counts.duplicates += count),
    conflict: () => counts.conflicts++,
    committed: ({ locked }) => (counts.locked += locked ? 1 : 0),
  });
  const consumer = new MessageConsumer(unitOfWork, new Handlers([new Reserve(), new Release()]));
  return { unitOfWork, consumer, relay, counts };
}

let offset = 0;
const delivered = (message: Message, changes: Partial<Delivered> = {}): Delivered => ({
  ...encode(message),
  partition: 0,
  offset: String(offset++),
  timestamp: Date.now(),
  ...changes,
});

const reserve = (sku: string, quantity: number, orderId = anOrder().orderId) =>
  aMessage(ReserveStock, { orderId, items: [{ sku, quantity }] } satisfies DataOf<typeof ReserveStock>);

const left = async (sku: string): Promise<number> =>
  (await database.pool.query<{ left: number }>('SELECT "left" FROM stock WHERE sku = $1', [sku])).rows[0]?.left ?? NaN;
const count = async (table: string): Promise<number> =>
  (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? NaN;

describe('a batch of messages', () => {
  it('is handled in one commit, each seeing what those before it changed, and told in order', async () => {
    const { consumer, relay } = instance();
    await consumer.deliver(Array.from({ length: 50 }, () => delivered(reserve('cup', 2))));
    await relay.drained();
    expect(await left('cup')).toBe(0);
    expect(await count('hold')).toBe(50);
    expect(published).toHaveLength(50);
    expect(published[0]?.headers).toMatchObject({ ce_type: 'StockReserved', ce_source: 'inventory', ce_aggregateversion: '1' });
  });

  it('counts once when it is delivered again, whole, in part or twice within', async () => {
    const { consumer, relay, counts } = instance();
    const [a, b, c] = [delivered(reserve('cup', 1)), delivered(reserve('cup', 1)), delivered(reserve('cup', 1))];
    await consumer.deliver([a, b, b]);
    await consumer.deliver([a, b]);
    await consumer.deliver([b, c, a]);
    await relay.drained();
    expect(await left('cup')).toBe(97);
    expect(published).toHaveLength(3);
    expect(counts.duplicates).toBe(4);
  });

  it('leaves no outbox row behind once Kafka has acknowledged', async () => {
    const { consumer } = instance();
    await consumer.deliver([delivered(reserve('cup', 1))]);
    await waitUntil('the outbox is empty', async () => (await count('outbox')) === 0);
    expect(published).toHaveLength(1);
  });
});

describe('two instances on the same rows', () => {
  it('lose no update: the one whose version check fails decides again', async () => {
    const [one, two] = [instance(), instance()];
    const twenty = () => Array.from({ length: 20 }, () => delivered(reserve('cup', 1)));
    for (let round = 0; round < 2; round++) await Promise.all([one.consumer.deliver(twenty()), two.consumer.deliver(twenty())]);
    expect(await left('cup')).toBe(20);
    expect(await count('hold')).toBe(80);
  });

  it('handle a message once when both get it', async () => {
    const both = [instance(), instance()];
    const same = Array.from({ length: 30 }, () => delivered(reserve('cup', 1)));
    await Promise.all(both.map(({ consumer }) => consumer.deliver(same)));
    expect(await left('cup')).toBe(70);
    await Promise.all(both.map(({ relay }) => relay.drained()));
    expect(published).toHaveLength(30);
  });
});

describe('a poisoned message', () => {
  const healthy = () => delivered(reserve('cup', 1));

  it.each([
    ['handler_failed', () => delivered(reserve('poison', 1))],
    ['bad_json', () => delivered(reserve('cup', 1), { value: '{' })],
    ['null_value', () => delivered(reserve('cup', 1), { value: null })],
    ['unknown_type', () => delivered(reserve('cup', 1), { headers: { ...encode(reserve('cup', 1)).headers, ce_type: 'Dance' } })],
    ['not_cloudevents', () => delivered(reserve('cup', 1), { headers: {}, value: 'zero \u0000 byte' })],
    ['handler_failed', () => delivered(reserve('pot', 4))],
  ])('is parked alone, cause %s, and the rest go on', async (cause, poison) => {
    const { consumer, unitOfWork } = instance();
    const bad = poison();
    await consumer.deliver([healthy(), healthy(), bad, healthy(), healthy(), healthy()]);
    expect(await left('cup')).toBe(95);
    const [parked, ...others] = await unitOfWork.parkingLot.list({ limit: 10 });
    expect(others).toEqual([]);
    expect(parked).toMatchObject({ state: 'poisoned', cause, topic: bad.topic, partition: 0, offset: bad.offset, value: bad.value });
    expect(parked?.headers).toEqual(bad.headers);
  });

  it('is parked once however often it comes', async () => {
    const { consumer, unitOfWork } = instance();
    const bad = delivered(reserve('cup', 1), { headers: {} });
    await consumer.deliver([bad, healthy()]);
    await consumer.deliver([bad]);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 0, discarded: 0 });
  });

  it('holds its key, and nothing else, until it is replayed', async () => {
    const { consumer, unitOfWork, relay } = instance();
    const bad = reserve('pot', 4);
    const behind = aMessage(ReleaseStock, bad.data);
    await consumer.deliver([delivered(bad), delivered(behind), healthy()]);
    await consumer.deliver([delivered(aMessage(ReleaseStock, bad.data))]);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 2, discarded: 0 });
    await expect(consumer.replay(bad.id)).rejects.toThrow('failed again');
    expect(await unitOfWork.parkingLot.find(bad.id)).toMatchObject({ attempts: 2, state: 'poisoned' });

    await database.pool.query(`UPDATE stock SET "left" = 10, version = version + 1 WHERE sku = 'pot'`);
    expect(await consumer.replay(bad.id)).toBe(true);
    await relay.drained();
    expect(await left('pot')).toBe(6);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    const told = published.filter(({ key }) => key === bad.data.orderId).map(({ headers }) => headers['ce_type']);
    expect(told).toEqual(['StockReserved', 'StockReleased', 'StockReleased']);
  });

  it('that is discarded lets go what waited behind it', async () => {
    const { consumer, unitOfWork, relay } = instance();
    const bad = reserve('poison', 1);
    await consumer.deliver([delivered(bad), delivered(aMessage(ReleaseStock, bad.data))]);
    expect(await consumer.discard(bad.id)).toBe(true);
    await relay.drained();
    expect(published.map(({ headers }) => headers['ce_type'])).toEqual(['StockReleased']);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 1 });
    expect(await consumer.discard(bad.id)).toBe(false);
  });
});

describe('a request', () => {
  const take = {
    needs: (sku: string) => ({ stock: many(Stock, [sku]) }),
    decide: (sku: string, { stock }: { stock: ReadonlyMap<string, Stock> }) => {
      const row = stock.get(sku);
      if (!row) throw new Error(`there is no ${sku}`);
      return { answer: row.left - 1, changes: [update(Stock, row, { left: row.left - 1 })] };
    },
  };

  it('shares the commit with others and sees what they did', async () => {
    const { unitOfWork } = instance();
    const answers = await Promise.all(Array.from({ length: 20 }, () => unitOfWork.request(take, 'cup')));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => 99 - index));
    expect(await left('cup')).toBe(80);
  });

  it('that the handler refuses throws to its caller and spoils nothing for the others', async () => {
    const { unitOfWork } = instance();
    const [good, bad] = await Promise.allSettled([unitOfWork.request(take, 'cup'), unitOfWork.request(take, 'jar')]);
    expect(good).toMatchObject({ status: 'fulfilled', value: 99 });
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.objectContaining({ message: 'there is no jar' }) });
  });

  it('twenty at once from twenty instances for the last three: three win, none is lost', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => instance().unitOfWork.request(take, 'pot')));
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(3);
    expect(await left('pot')).toBe(0);
  });
});
