import {
  ASSERT_ROWS_SQL,
  COUNT_VERSION_SQL,
  countVersionsSql,
  Remembered,
  Tables,
  Version,
  type Executor,
} from '@backstep/concurrency';
import { type DataOf, type Message, type WireMessage } from '@backstep/messages';
import { CATALOGUE, ReleaseStock, ReserveStock, StockReleased, StockReserved } from '@backstep/contracts';
import { INBOX_SQL, type Delivered } from '@backstep/inbox';
import { OUTBOX_PARKED_SQL, OUTBOX_SQL, OutboxRelay } from '@backstep/outbox';
import { aMessage } from '@backstep/messages/testing';
import { anOrder } from '@backstep/contracts/testing';
import { createTestDatabase } from '@backstep/testing';
import pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  DEFAULT_LIMITS,
  Handlers,
  Handles,
  insert,
  many,
  MessageConsumer,
  one,
  reply,
  UnitOfWork,
  update,
  type Loaded,
  type SkippedEvent,
  type UnitOfWorkLimits,
  type UnitOfWorkObserver,
} from './index.js';

/** What the specs of the unit of work share (no spec itself): a tiny inventory, on a real PostgreSQL where one is given. */
@Entity('stock')
@Remembered()
export class Stock {
  @PrimaryColumn('text') sku!: string;
  @Column('integer') left!: number;
  @Version() version!: number;
}

@Entity('hold')
export class Hold {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Date;
  @Version() version!: number;
}

@Handles(ReserveStock)
export class Reserve {
  needs({ data }: Message<typeof ReserveStock>) {
    return {
      hold: one(Hold, data.orderId),
      stock: many(
        Stock,
        data.items.map(({ sku }) => sku),
      ),
    };
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
export class Release {
  needs() {
    return {};
  }
  decide(command: Message<typeof ReleaseStock>) {
    return [reply(command, StockReleased, { orderId: command.data.orderId, items: [] })];
  }
}

/** A request: takes one. */
export const take = {
  needs: (sku: string) => ({ stock: many(Stock, [sku]) }),
  decide: (sku: string, { stock }: { stock: ReadonlyMap<string, Stock> }) => {
    const row = stock.get(sku);
    if (!row) throw new Error(`there is no ${sku}`);
    return { answer: row.left - 1, changes: [update(Stock, row, { left: row.left - 1 })] };
  },
};

export const reserve = (sku: string, quantity: number, orderId = anOrder().orderId) =>
  aMessage(ReserveStock, { orderId, items: [{ sku, quantity }] } satisfies DataOf<typeof ReserveStock>);

let offset = 0;
export const delivered = (message: Message, changes: Partial<Delivered> = {}): Delivered => ({
  ...CATALOGUE.encode(message),
  partition: 0,
  offset: String(offset++),
  timestamp: Date.now(),
  ...changes,
});

export interface InstanceOptions extends Partial<UnitOfWorkLimits> {
  /** Default: the pool of the fixture. */
  readonly pool?: pg.Pool;
  /** It reaches its database, and not Kafka. */
  readonly unheard?: boolean;
  /** What its Kafka takes on every topic, in bytes. */
  readonly largestMessage?: number;
  readonly handlers?: readonly object[];
}

export async function tinyInventory() {
  const database = await createTestDatabase();
  await database.pool.query(
    [ASSERT_ROWS_SQL, INBOX_SQL, OUTBOX_SQL, OUTBOX_PARKED_SQL, COUNT_VERSION_SQL].join(';') +
      `;CREATE TABLE stock (sku text PRIMARY KEY, "left" integer NOT NULL CHECK ("left" >= 0), version integer NOT NULL);
        CREATE TABLE hold (order_id uuid PRIMARY KEY, made_at timestamptz NOT NULL, version integer NOT NULL);` +
      countVersionsSql({ table: 'stock', key: 'sku' }) +
      countVersionsSql({ table: 'hold', key: 'order_id' }),
  );
  const dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [Stock, Hold],
    poolSize: 2,
  }).initialize();
  const published: WireMessage[] = [];
  const pools: pg.Pool[] = [];
  const relays: OutboxRelay[] = [];

  /** An instance of the service: it shares nothing with the others but the database, and the broker that keeps what it was given. */
  function instance({
    pool = database.pool,
    unheard = false,
    largestMessage,
    handlers = [new Reserve(), new Release()],
    ...limits
  }: InstanceOptions = {}) {
    const publisher = {
      publish: (messages: readonly WireMessage[]): Promise<void> => {
        if (unheard) return new Promise(() => undefined);
        published.push(...messages);
        return Promise.resolve();
      },
    };
    const relay = new OutboxRelay(pool as unknown as Executor, publisher);
    relays.push(relay);
    let clockReads = 0;
    const environment = {
      tables: new Tables(dataSource),
      source: 'inventory',
      shardOf: () => 0,
      largestMessage: () => largestMessage,
      now: () => ++clockReads,
    };
    const counts = { duplicates: 0, conflicts: 0, causes: [] as string[], locked: 0, batches: [] as number[] };
    const passedOver = { skipped: [] as SkippedEvent[], unparkable: [] as Delivered[], effects: [] as string[] };
    const observer: UnitOfWorkObserver = {
      duplicates: (known) => (counts.duplicates += known),
      conflict: ({ name }) => {
        counts.conflicts++;
        counts.causes.push(name);
      },
      committed: ({ locked, size }) => {
        counts.locked += locked ? 1 : 0;
        counts.batches.push(size);
      },
      skipped: (event) => passedOver.skipped.push(event),
      unparkable: (message) => passedOver.unparkable.push(message),
      effectFailed: (name, error) => passedOver.effects.push(`${name}: ${String(error)}`),
    };
    const unitOfWork = new UnitOfWork(pool, environment, relay, { ...DEFAULT_LIMITS, ...limits }, observer);
    const consumer = new MessageConsumer(unitOfWork, new Handlers(handlers), CATALOGUE, observer);
    return { unitOfWork, consumer, relay, counts, passedOver };
  }

  return {
    database,
    published,
    instance,
    /** A pool of an instance's own, closed with the fixture. */
    ownPool(options: pg.PoolConfig = {}): pg.Pool {
      const pool = new pg.Pool({ connectionString: database.url, max: 4, ...options });
      pool.on('error', () => undefined);
      pools.push(pool);
      return pool;
    },
    async reset(): Promise<void> {
      for (const relay of relays.splice(0)) await relay.stop(0);
      published.length = 0;
      await database.pool.query(
        `TRUNCATE inbox, outbox, parked_message, stock, hold; INSERT INTO stock VALUES ('cup', 100, 1), ('pot', 3, 1)`,
      );
    },
    async left(sku: string): Promise<number> {
      return (
        (await database.pool.query<{ left: number }>('SELECT "left" FROM stock WHERE sku = $1', [sku])).rows[0]?.left ??
        NaN
      );
    },
    async count(table: string): Promise<number> {
      return (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? NaN;
    },
    async close(): Promise<void> {
      for (const relay of relays) await relay.stop(0);
      for (const pool of pools) await pool.end();
      await dataSource.destroy();
      await database.drop();
    },
  };
}
