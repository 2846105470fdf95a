import { Tables } from '@backstep/concurrency';
import { DEFAULT_RETENTION, purgeInbox } from '@backstep/inbox';
import {
  BatchConsumer,
  DEFAULT_PARTITIONS,
  GroupMembers,
  KafkaPublisher,
  partitionOf,
  TopicMismatchError,
  type KafkaOptions,
} from '@backstep/kafka';
import {
  connectionOf,
  DEFAULT_RELAY_LIMITS,
  DEFAULT_SHARD_LOCK_LIMITS,
  outboxBacklog,
  OutboxRelay,
  parkedInOutbox,
  ShardLocks,
} from '@backstep/outbox';
import { DEFAULT_LIMITS, Handlers, MessageConsumer, ratioOf, TELL_EVERY_MS, UnitOfWork } from '@backstep/unit-of-work';
import type { Catalogue } from '@backstep/messages';
import { ContentionOfService } from './contention-of-service.js';
import type { Database } from './database.js';
import { ServiceExpress, withForeignRowsKept } from './express.js';
import { DroppedDuplicates } from './evidence/dropped-duplicates.js';
import { ExpressOfAll } from './express-of-all.js';
import { socketsOf, WITHOUT_ADDRESS, type ExpressSockets } from './express-socket/index.js';
import type { Gauges, HealthResult, LifecycleHost, MessagingLogger } from './host.js';
import { MessagingMetrics } from './messaging-metrics.js';
import type { MessagingRuntime, ServiceDeclaration } from './messaging-options.js';
import { countLogResets, observe, observeRelay } from './observe.js';
import type { PeriodicJobs } from './periodic-jobs.js';

/** How often old inbox rows are purged, and held messages are released, milliseconds. */
const PURGE_EVERY_MS = 60_000;
const RELEASE_EVERY_MS = 10_000;
/** How often Kafka is asked how large a message may be, since the limit may change, milliseconds. */
const ASK_SIZES_EVERY_MS = 300_000;
/** The instance is not ready when nothing could be sent for this long, milliseconds. */
const RELAY_FAILING_MS = 30_000;
/** How long a stopping service goes on sending committed messages, milliseconds. The rest waits in the outbox table. */
const RELAY_STOP_MS = 1_500;

interface Parts {
  readonly runtime: MessagingRuntime;
  readonly database: Database;
  readonly jobs: PeriodicJobs;
  readonly logger: MessagingLogger;
  readonly metrics: Gauges;
  readonly lifecycle: LifecycleHost;
}

/**
 * Everything between a service's handlers and Kafka: consumer → unit of work → outbox relay → publisher.
 * They stop in that order too: running batches are committed, then committed messages are sent.
 */
export class Messaging {
  readonly unitOfWork: UnitOfWork;
  readonly consumer: MessageConsumer;
  readonly handlers: Handlers;
  readonly contention: ContentionOfService;
  /** The last duplicates, as evidence. */
  readonly dropped = new DroppedDuplicates();
  /** Undefined for a service without handlers, which reads no topic. */
  private readonly kafkaConsumer: BatchConsumer | undefined;
  /** Of such a service: no consumer group says which instance sends what another has left behind. */
  private readonly shardLocks: ShardLocks | undefined;
  private readonly relay: OutboxRelay;
  /** Undefined: messages are handed over within this process alone. */
  private readonly sockets: ExpressSockets | undefined;
  /** Undefined: everything goes by Kafka alone. */
  private readonly express: ServiceExpress | undefined;
  private readonly publisher: KafkaPublisher;
  private readonly metrics: MessagingMetrics;
  private readonly service: string;
  private readonly partitions: number;

  /** @param topics that it reads: see `topicsRead` */
  constructor(
    declaration: ServiceDeclaration,
    topics: readonly string[],
    handlers: readonly object[],
    private readonly parts: Parts,
  ) {
    const { service, catalogue, partitions = DEFAULT_PARTITIONS, subjectField = 'subject' } = declaration;
    const { runtime, database, logger } = parts;
    this.service = service;
    this.partitions = partitions;
    this.metrics = new MessagingMetrics(parts.metrics.registry);
    const kafka = { ...runtime.kafka, clientId: service, logger };
    this.publisher = new KafkaPublisher(kafka, catalogue.topics);
    const limits = {
      ...DEFAULT_RELAY_LIMITS,
      ...(runtime.outboxLeftoverMs !== undefined && { sweepOlderThanMs: runtime.outboxLeftoverMs }),
    };
    this.sockets = topics.length > 0 ? socketsOf(declaration, runtime.express?.sockets, kafka) : undefined;
    const groupId = declaration.groupId ?? service;
    const express = (this.express = this.expressOf(catalogue, topics, kafka, groupId));
    this.relay = new OutboxRelay(
      database.executor,
      this.publisher,
      express ? withForeignRowsKept(limits) : limits,
      observeRelay(logger, subjectField),
      express?.sending,
    );
    const environment = {
      tables: new Tables(database.dataSource),
      source: service,
      shardOf: (key: string) => partitionOf(key, partitions),
      largestMessage: (topic: string) => this.publisher.largestMessage(topic),
      now: Date.now,
    };
    const observer = observe(service, this.metrics, logger, subjectField, this.dropped);
    const { lockTimeoutMs } = database;
    const workLimits = { ...DEFAULT_LIMITS, lockTimeoutMs };
    this.unitOfWork = new UnitOfWork(database.pool, environment, this.relay, workLimits, observer);
    this.contention = new ContentionOfService(service, database.executor, database.dataSource, this.unitOfWork);
    this.handlers = new Handlers(handlers);
    const reading = express?.reading(topics);
    this.consumer = new MessageConsumer(this.unitOfWork, this.handlers, catalogue, observer, reading);
    const options = {
      ...kafka,
      groupId,
      topics,
      partitionsPerTopic: partitions,
      host: runtime.neighbours?.host,
      address: () => this.sockets?.published ?? (express && WITHOUT_ADDRESS),
      onAssigned: async (shards: readonly number[]) => {
        const turn = express?.begin();
        await this.publisher.checkPartitions(partitions);
        await this.relay.own(shards, turn?.isOwner);
        turn?.own(shards);
      },
      onRevoked: async () => {
        await express?.letGo();
        await this.relay.drained();
      },
      express: express?.hooks,
      onLogReset: countLogResets(this.metrics),
      onCrash: (error: Error) => this.fail('the consumer is dead', error),
    };
    if (topics.length > 0) {
      this.kafkaConsumer = new BatchConsumer(options, ({ messages }) => this.consumer.deliver(messages));
      express?.connect(this.consumer.lanes, this.kafkaConsumer);
    } else {
      this.shardLocks = this.locksOf(partitions);
    }
    runtime.neighbours?.join({ name: service, lanes: this.consumer.lanes });
    this.report();
  }

  /** Starts the relay and the periodic jobs. */
  start(): void {
    const { jobs, database, runtime } = this.parts;
    this.relay.start();
    // What never can be right is told when the process starts, and not with the first message.
    this.publisher.checkPartitions(this.partitions).catch((error: Error) => this.fail('a topic does not fit', error));
    jobs.every(ASK_SIZES_EVERY_MS, 'ask Kafka how much it takes at once', () => this.publisher.askSizes());
    jobs.every(PURGE_EVERY_MS, 'purge the inbox', async () => {
      const { inboxDays, discardedDays, operationsDays } = runtime.retention ?? {};
      const policy = {
        ...DEFAULT_RETENTION,
        ...(inboxDays !== undefined && { retainInboxDays: inboxDays }),
        ...(discardedDays !== undefined && { retainDiscardedDays: discardedDays }),
        ...(operationsDays !== undefined && { retainOperationsDays: operationsDays }),
      };
      while ((await purgeInbox(database.executor, policy)) >= policy.purgeChunk);
    });
    jobs.every(TELL_EVERY_MS, 'tell how contended rows are', () => this.contention.tell());
    jobs.every(RELEASE_EVERY_MS, 'release held messages', () => this.consumer.releaseHeld());
  }

  /** Starts the consumer and the sending of what other instances left unsent, in the background, so that a process can start without Kafka. */
  consume(): void {
    this.shardLocks?.begin();
    const { lanes } = this.consumer;
    if (!this.sockets || !lanes) return this.kafkaConsumer?.start();
    // With its place in the group the process publishes where it listens.
    this.sockets.listen(lanes).then(
      () => this.kafkaConsumer?.start(),
      (error: Error) => this.fail('the sockets of express cannot be opened', error),
    );
  }

  /** Resolves when the consumer is closed and the delivered messages are committed. */
  async stopConsuming(): Promise<void> {
    this.parts.runtime.neighbours?.leave(this.service);
    this.unitOfWork.stopWaiting();
    await this.kafkaConsumer?.close();
  }

  /** Call it after {@link stopConsuming}. */
  async stop(): Promise<void> {
    await this.unitOfWork.idle();
    await this.relay.stop(RELAY_STOP_MS);
    await this.shardLocks?.stop();
    await this.sockets?.close();
    await this.express?.close();
    await this.publisher.disconnect();
  }

  /** Readiness of the database, of the consumer and of the outbox relay. */
  readonly checks = {
    database: (): Promise<void> => this.parts.database.ping(),
    kafka: (): HealthResult => {
      if (!this.kafkaConsumer) return { status: 'ok', detail: 'reads no topic' };
      const { connected, paused, lag } = this.kafkaConsumer.health();
      const detail = paused ? 'paused' : connected ? `lag ${lag}` : 'not connected';
      return { status: connected && !paused ? 'ok' : 'down', detail };
    },
    outbox: async (): Promise<HealthResult> => {
      const keys = (await parkedInOutbox(this.parts.database.executor)).reduce((sum, { keys }) => sum + keys, 0);
      const failing = this.relay.failingForMs > RELAY_FAILING_MS;
      const details = [
        ...(failing ? ['nothing could be sent for a while'] : []),
        ...(keys > 0 ? [`Kafka refuses a message of ${keys} keys, which wait`] : []),
      ];
      const status = failing ? ('down' as const) : ('ok' as const);
      return details.length > 0 ? { status, detail: details.join('; ') } : { status };
    },
  };

  private fail(reason: string, error: Error): void {
    const { logger, lifecycle } = this.parts;
    logger.error(reason, { error });
    lifecycle.fail(error instanceof TopicMismatchError ? error.message : reason);
  }

  /** Undefined: everything goes by Kafka alone. Who reads no topic has no consumer group that says which shards are its own. */
  private expressOf(
    { readersOf }: Catalogue,
    topics: readonly string[],
    kafka: KafkaOptions,
    groupId: string,
  ): ServiceExpress | undefined {
    const { express, neighbours } = this.parts.runtime;
    if (!express || topics.length === 0) return undefined;
    const { logger } = this.parts;
    return new ServiceExpress(express, {
      readers: { here: neighbours?.lanes ?? new Map(), readersOf },
      ofAll: new ExpressOfAll({ groupId, members: new GroupMembers(kafka), logger }),
      count: (outcome) => this.metrics.express.inc({ outcome }),
      sockets: this.sockets,
    });
  }

  private locksOf(partitions: number): ShardLocks {
    const { database, logger } = this.parts;
    const { relay } = this;
    return new ShardLocks(connectionOf(database.dataSource), partitions, DEFAULT_SHARD_LOCK_LIMITS, {
      // What cannot be read now is read by a later sweep; the relay tells that it failed.
      own: (shards) => void relay.own(shards).catch(() => undefined),
      failed: (error) => logger.warn('the owners of outbox shards could not be agreed on; it tries again', { error }),
      get failingForMs() {
        return relay.failingForMs;
      },
    });
  }

  private report(): void {
    const { runtime, metrics } = this.parts;
    for (const [name, check] of Object.entries(this.checks)) runtime.health?.register(name, check);
    if (runtime.contentionFailsReadiness) runtime.health?.register('contention', () => this.isBearable());
    metrics.onScrape('contention', () => this.rateConflicts());
    metrics.onScrape('outbox', () => this.countOutbox());
    metrics.onScrape('parked', () => this.countParked());
  }

  private isBearable(): HealthResult {
    const { status, ratio } = this.contention.own();
    return { status: status === 'high' ? 'down' : 'ok', detail: `${status}, ${Math.round(ratio * 100)} % are lost` };
  }

  private rateConflicts(): Promise<void> {
    this.metrics.conflictRatio.reset();
    for (const { entity, minute } of this.unitOfWork.contention.entities)
      this.metrics.conflictRatio.set({ entity }, ratioOf(minute));
    return Promise.resolve();
  }

  private async countOutbox(): Promise<void> {
    const { executor } = this.parts.database;
    this.metrics.outboxParked.reset();
    for (const { cause, keys } of await parkedInOutbox(executor)) this.metrics.outboxParked.set({ cause }, keys);
    const { unpublished, oldestAgeSeconds } = await outboxBacklog(executor);
    this.metrics.outboxUnpublished.set(unpublished);
    this.metrics.outboxOldestAge.set(oldestAgeSeconds);
  }

  private async countParked(): Promise<void> {
    const counts = await this.unitOfWork.parkingLot.counts();
    for (const [state, count] of Object.entries(counts)) this.metrics.parked.set({ state }, count);
  }
}
