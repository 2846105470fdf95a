import { COUNT_VERSION_SQL, countVersionsSql, Remembered, Tables, Version, type Executor } from '@backstep/concurrency';
import { catalogue, command, event, newId, type Message, type WireMessage } from '@backstep/messages';
import type { Delivered } from '@backstep/inbox';
import { OutboxRelay } from '@backstep/outbox';
import { aMessage } from '@backstep/messages/testing';
import { createTestDatabase } from '@backstep/testing';
import pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { z } from 'zod';
import type { LoopClock } from './express/gathering.js';
import {
  DEFAULT_LIMITS,
  Handlers,
  Handles,
  insert,
  many,
  MessageConsumer,
  one,
  reply,
  UNIT_OF_WORK_SQL,
  UnitOfWork,
  update,
  type Loaded,
  type SkippedEvent,
  type UnitOfWorkLimits,
  type UnitOfWorkObserver,
} from './index.js';

/**
 * What the specs of the unit of work share (no spec itself): the kitchen of a bakery. A command takes ingredients from the supplies and
 * holds them for a cake. `tinyKitchen` brings a real PostgreSQL.
 */
const cake = { key: 'cakeId', summary: 'For the bakery.' } as const;
const items = z.array(z.object({ ingredient: z.string(), amount: z.int() }));
const data = z.object({ cakeId: z.uuid(), items });
export const TakeIngredients = command('kitchen', 'TakeIngredients', {
  ...cake,
  data: data.extend({ items: items.min(1) }),
});
export const IngredientsTaken = event('kitchen', 'IngredientsTaken', { ...cake, data });
export const ReturnIngredients = command('kitchen', 'ReturnIngredients', { ...cake, data });
export const IngredientsReturned = event('kitchen', 'IngredientsReturned', { ...cake, data });
export const KITCHEN = catalogue([TakeIngredients, IngredientsTaken, ReturnIngredients, IngredientsReturned]);

@Entity('supply')
@Remembered()
export class Supply {
  @PrimaryColumn('text') ingredient!: string;
  @Column('integer') left!: number;
  @Version() version!: number;
}

@Entity('hold')
export class Hold {
  @PrimaryColumn('uuid', { name: 'cake_id' }) cakeId!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Date;
  @Version() version!: number;
}

@Handles(TakeIngredients)
export class Reserve {
  needs({ data }: Message<typeof TakeIngredients>) {
    return {
      hold: one(Hold, data.cakeId),
      supplies: many(
        Supply,
        data.items.map(({ ingredient }) => ingredient),
      ),
    };
  }
  decide(command: Message<typeof TakeIngredients>, { hold, supplies }: Loaded<Reserve>) {
    if (command.data.items.some(({ ingredient }) => ingredient === 'poison')) throw new Error('cannot handle poison');
    if (hold) return [reply(command, IngredientsTaken, command.data)];
    const made = insert(Hold, { cakeId: command.data.cakeId, madeAt: new Date(0) });
    const taken = command.data.items.map(({ ingredient, amount }) => {
      const row = supplies.get(ingredient);
      if (!row) throw new Error(`no ${ingredient}`);
      return update(Supply, row, { left: row.left - amount });
    });
    return [made, ...taken, reply(command, IngredientsTaken, command.data, { of: made })];
  }
}

@Handles(ReturnIngredients)
export class Release {
  needs() {
    return {};
  }
  decide(command: Message<typeof ReturnIngredients>) {
    return [reply(command, IngredientsReturned, { cakeId: command.data.cakeId, items: [] })];
  }
}

/** A request: takes one unit of the ingredient. */
export const take = {
  needs: (ingredient: string) => ({ supplies: many(Supply, [ingredient]) }),
  decide: (ingredient: string, { supplies }: { supplies: ReadonlyMap<string, Supply> }) => {
    const row = supplies.get(ingredient);
    if (!row) throw new Error(`there is no ${ingredient}`);
    return { answer: row.left - 1, changes: [update(Supply, row, { left: row.left - 1 })] };
  },
};

export const reserve = (ingredient: string, amount: number, cakeId = newId()) =>
  aMessage(TakeIngredients, { cakeId, items: [{ ingredient, amount }] });

let offset = 0;
export const delivered = (message: Message, changes: Partial<Delivered> = {}): Delivered => ({
  ...KITCHEN.encode(message),
  partition: 0,
  offset: String(offset++),
  timestamp: Date.now(),
  ...changes,
});

export interface InstanceOptions extends Partial<UnitOfWorkLimits> {
  /** Default: the pool of the fixture. */
  readonly pool?: pg.Pool;
  /** The instance reaches its database, and not Kafka. */
  readonly unheard?: boolean;
  /** The largest message that Kafka takes on every topic, in bytes. */
  readonly largestMessage?: number;
  readonly handlers?: readonly object[];
  /** Its consumer takes messages by express, too. */
  readonly express?: boolean;
}

/** Waves begin at once, however busy the machine of the test is. */
const NEVER_BUSY: LoopClock = {
  now: () => 0,
  scheduled: () => ({ ranMs: 0, waitedMs: 0 }),
  after: (ms, act) => void setTimeout(act, ms),
};

export async function tinyKitchen() {
  const database = await createTestDatabase();
  await database.pool.query(
    [UNIT_OF_WORK_SQL, COUNT_VERSION_SQL].join(';') +
      `;CREATE TABLE supply (ingredient text PRIMARY KEY, "left" integer NOT NULL CHECK ("left" >= 0), version bigint NOT NULL);
        CREATE TABLE hold (cake_id uuid PRIMARY KEY, made_at timestamptz NOT NULL, version bigint NOT NULL);` +
      countVersionsSql({ table: 'supply', key: 'ingredient' }) +
      countVersionsSql({ table: 'hold', key: 'cake_id' }),
  );
  const dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [Supply, Hold],
    poolSize: 2,
  }).initialize();
  const published: WireMessage[] = [];
  const pools: pg.Pool[] = [];
  const relays: OutboxRelay[] = [];

  /** An instance of the service. Instances share the database and `published`, and nothing else. */
  function instance({
    pool = database.pool,
    unheard = false,
    largestMessage,
    handlers = [new Reserve(), new Release()],
    express = false,
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
      source: 'kitchen',
      shardOf: () => 0,
      largestMessage: () => largestMessage,
      now: () => ++clockReads,
    };
    const counts = { duplicates: 0, conflicts: 0, causes: [] as string[], locked: 0, batches: [] as number[] };
    const passedOver = { skipped: [] as SkippedEvent[], unparkable: [] as Delivered[], effects: [] as string[] };
    const observer: UnitOfWorkObserver = {
      duplicates: ({ length }) => (counts.duplicates += length),
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
    const reading = { topics: ['kitchen.commands'], isCurrent: () => true, clock: NEVER_BUSY };
    const consumer = new MessageConsumer(
      unitOfWork,
      new Handlers(handlers),
      KITCHEN,
      observer,
      express ? reading : undefined,
    );
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
        `TRUNCATE inbox, outbox, parked_message, parked_operation, supply, hold; INSERT INTO supply VALUES ('flour', 100, 1), ('sugar', 3, 1)`,
      );
    },
    async left(ingredient: string): Promise<number> {
      return (
        (await database.pool.query<{ left: number }>('SELECT "left" FROM supply WHERE ingredient = $1', [ingredient]))
          .rows[0]?.left ?? NaN
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
