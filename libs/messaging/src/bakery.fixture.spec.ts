import { Version } from '@backstep/concurrency';
import { createTopics, partitionOf, PartitionReader, readGroups } from '@backstep/kafka';
import { catalogue, command, event, newId, type Message } from '@backstep/messages';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import {
  emit,
  Handles,
  insert,
  one,
  reply,
  UNIT_OF_WORK_MIGRATIONS,
  update,
  type Loaded,
} from '@backstep/unit-of-work';
import { Registry } from 'prom-client';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { z } from 'zod';
import {
  Database,
  Messaging,
  Neighbours,
  PeriodicJobs,
  type ExpressSocketOptions,
  type MessagingLogger,
} from './index.js';
import type { ExpressOutcome } from './express.js';
import { topicsRead } from './topics-read.js';

/**
 * What specs of services in one process share (no spec itself): a counter sells slices of loaves, and tells the oven; the oven bakes them, and answers.
 * Each has a database of its own, on a real PostgreSQL and Kafka. Each writes down, for each loaf, the slices of which it was told, as they came.
 */
const run = newId();
const COUNTER = `counter-${run}`;
const OVEN = `oven-${run}`;
/** Reads what the counter tells, in another process. */
const LEDGER = 'ledger';
export const PARTITIONS = 2;

const slice = {
  key: 'loafId',
  summary: 'About a slice.',
  data: z.object({ loafId: z.uuid(), slice: z.int() }),
} as const;
export const BakeSlice = command(OVEN, 'BakeSlice', slice);
export const SliceBaked = event(OVEN, 'SliceBaked', slice);
export const SliceSold = event(COUNTER, 'SliceSold', slice);
const BAKERY = catalogue([BakeSlice, SliceBaked, SliceSold], {
  commandsFrom: COUNTER,
  readers: { [SliceBaked.topic]: [COUNTER], [SliceSold.topic]: [LEDGER] },
});

@Entity('loaf')
class Loaf {
  @PrimaryColumn('uuid') id!: string;
  /** The slices, in the order in which they came. */
  @Column('text') slices!: string;
  @Version() version!: number;
}

class Loaves1700000001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE loaf (id uuid PRIMARY KEY, slices text NOT NULL, version bigint NOT NULL)');
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

const noted = (loaf: Loaf | undefined, { loafId: id, slice }: Message<typeof BakeSlice>['data']) =>
  loaf ? update(Loaf, loaf, { slices: `${loaf.slices},${slice}` }) : insert(Loaf, { id, slices: String(slice) });

/** Slices that the oven cannot bake. */
export const burnt = new Set<number>();

@Handles(BakeSlice)
class Bake {
  needs({ data }: Message<typeof BakeSlice>) {
    return { loaf: one(Loaf, data.loafId) };
  }
  decide(message: Message<typeof BakeSlice>, { loaf }: Loaded<Bake>) {
    if (burnt.has(message.data.slice)) throw new Error('it is burnt');
    return [noted(loaf, message.data), reply(message, SliceBaked, message.data)];
  }
}

@Handles(SliceBaked)
class Serve {
  needs({ data }: Message<typeof SliceBaked>) {
    return { loaf: one(Loaf, data.loafId) };
  }
  decide({ data }: Message<typeof SliceBaked>, { loaf }: Loaded<Serve>) {
    return [noted(loaf, data)];
  }
}

/** A request to the counter. `told`: the ledger is told, too. */
export const sell = {
  needs: () => ({}),
  decide: ({ told = false, ...data }: { loafId: string; slice: number; told?: boolean }) => ({
    answer: undefined,
    changes: [emit(BakeSlice, data), ...(told ? [emit(SliceSold, data)] : [])],
  }),
};

const SERVICES = { counter: { service: COUNTER, handlers: [Serve] }, oven: { service: OVEN, handlers: [Bake] } };
export type ServiceName = keyof typeof SERVICES;

interface Found {
  readonly id: string;
  readonly partition: number;
  readonly offset: string;
}

export interface StartOptions {
  readonly neighbours: Neighbours;
  /** Undefined: by Kafka alone. */
  readonly lingerMs: number | undefined;
  /** Default: messages are handed over within a process alone. */
  readonly sockets?: ExpressSocketOptions;
}

export interface RunningService {
  readonly messaging: Messaging;
  /** What became of the messages that it sent. */
  sent(outcome: ExpressOutcome): Promise<number>;
  duplicates(): Promise<number>;
  stop(): Promise<void>;
}
export type Bakery = Awaited<ReturnType<typeof bakery>>;

const silent = (): void => undefined;
const LOGGER: MessagingLogger = { debug: silent, info: silent, warn: silent, error: console.error };

export const aLoafOf = (shard: number): string => {
  for (;;) {
    const id = newId();
    if (partitionOf(id, PARTITIONS) === shard) return id;
  }
};

/** The databases and topics of the bakery, in which its services can be started, several times each. */
export async function bakery() {
  const { kafkaBrokers: brokers } = requireInfrastructure();
  const databases: Record<ServiceName, TestDatabase> = {
    counter: await createTestDatabase(),
    oven: await createTestDatabase(),
  };
  const topics = [...BAKERY.topics].map((name) => ({ name, partitions: PARTITIONS, retentionMs: 3_600_000 }));
  await createTopics(brokers, topics);
  const kafka = { brokers, clientId: 'spec' };
  const reader = new PartitionReader(kafka);
  const running = new Set<{ stop(): Promise<void> }>();

  async function start(name: ServiceName, { neighbours, lingerMs, sockets }: StartOptions): Promise<RunningService> {
    const { service, handlers } = SERVICES[name];
    const declaration = {
      service,
      catalogue: BAKERY,
      handlers,
      entities: [Loaf],
      migrations: [...UNIT_OF_WORK_MIGRATIONS, Loaves1700000001001],
      partitions: PARTITIONS,
    };
    const express = lingerMs === undefined ? undefined : { lingerMs, sockets };
    const runtime = { database: { url: databases[name].url }, kafka: { brokers }, neighbours, express };
    const ending = new AbortController();
    const lifecycle = { draining: ending.signal, fail: (reason: string) => console.error(reason) };
    const jobs = new PeriodicJobs(LOGGER, lifecycle.draining);
    const database = await Database.open(runtime.database, declaration, LOGGER);
    const registry = new Registry();
    const metrics = { registry, onScrape: silent };
    const messaging = new Messaging(
      declaration,
      topicsRead(service, handlers, BAKERY),
      handlers.map((Handler) => new Handler()),
      { runtime, database, jobs, lifecycle, logger: LOGGER, metrics },
    );
    messaging.start();
    messaging.consume();
    const one = {
      messaging,
      async sent(outcome: ExpressOutcome): Promise<number> {
        const { values = [] } = (await registry.getSingleMetric('backstep_express_messages_total')?.get()) ?? {};
        return values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
      },
      async duplicates(): Promise<number> {
        const { values = [] } = (await registry.getSingleMetric('backstep_duplicates_dropped_total')?.get()) ?? {};
        return values.reduce((sum, { value }) => sum + value, 0);
      },
      async stop(): Promise<void> {
        if (!running.delete(one)) return;
        ending.abort();
        await messaging.stopConsuming();
        jobs.stop();
        await messaging.stop();
        await database.close();
      },
    };
    running.add(one);
    return one;
  }

  async function slices(name: ServiceName, loafId: string): Promise<string> {
    const { rows } = await databases[name].pool.query<{ slices: string }>('SELECT slices FROM loaf WHERE id = $1', [
      loafId,
    ]);
    return rows[0]?.slices ?? '';
  }

  async function served(counter: RunningService, loafId: string, ofLoaf: number): Promise<void> {
    await counter.messaging.unitOfWork.request(sell, { loafId, slice: ofLoaf });
    await waitUntil('the slice is served', async () => (await slices('counter', loafId)).endsWith(String(ofLoaf)));
  }

  async function untilHandedOver(counter: RunningService, ...ovens: RunningService[]): Promise<void> {
    const all = [counter, ...ovens];
    const handedOver = async (): Promise<number> =>
      (await Promise.all(all.map((one) => one.sent('handed_over')))).reduce((sum, count) => sum + count, 0);
    for (let shard = 0; shard < PARTITIONS; shard++) {
      const loafId = aLoafOf(shard);
      let ofLoaf = 0;
      await waitUntil('all is handed over', async () => {
        const before = await handedOver();
        await served(counter, loafId, ++ofLoaf);
        return (await handedOver()) === before + 2;
      });
    }
  }

  return {
    start,
    /** The slices of a loaf, as a service has them: `1,2,3`. */
    slices,
    /** Sells a slice, and waits until it is baked and served. */
    served,
    /** Resolves when what is sold is handed over, there and back, in each shard. */
    untilHandedOver,
    unsent: async (name: ServiceName): Promise<number> =>
      (await databases[name].pool.query('SELECT FROM outbox')).rowCount ?? NaN,
    /** What Kafka has about a slice: the id of the message, and where it lies. */
    async inKafka(topic: string, loafId: string, ofSlice: number): Promise<Found | undefined> {
      for await (const messages of reader.readAll([topic])) {
        for (const { key, value, headers, partition, offset } of messages) {
          if (key === loafId && (JSON.parse(value ?? '') as { slice: number }).slice === ofSlice)
            return { id: headers['ce_id'] ?? '', partition, offset };
        }
      }
      return undefined;
    },
    /** Resolves when the oven has read all that Kafka has for it. */
    async ovenHasRead(): Promise<void> {
      await waitUntil('the oven has read all that Kafka has for it', async () => {
        const [group] = await readGroups(kafka, [OVEN], [BakeSlice.topic]);
        return (
          group?.partitions.length === PARTITIONS && group.partitions.every(({ committed, end }) => committed === end)
        );
      });
    },
    async stopAll(): Promise<void> {
      for (const one of [...running]) await one.stop();
    },
    async close(): Promise<void> {
      for (const one of [...running]) await one.stop();
      await reader.disconnect();
      for (const database of Object.values(databases)) await database.drop();
    },
  };
}
