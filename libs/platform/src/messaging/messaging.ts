import { Tables } from '@backstep/concurrency';
import { PARTITIONS, TOPICS } from '@backstep/contracts';
import { DEFAULT_RETENTION, purgeInbox } from '@backstep/inbox';
import { KafkaBatchStrategy, KafkaPublisher, kafkaSecurityFrom, partitionOf } from '@backstep/kafka';
import { DEFAULT_RELAY_LIMITS, outboxBacklog, OutboxRelay, parkedInOutbox } from '@backstep/outbox';
import { Handlers, MessageConsumer, UnitOfWork } from '@backstep/unit-of-work';
import type { HealthRegistry } from '../health/health-registry.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Database } from './database.js';
import type { MessagingConfig } from './messaging-config.js';
import { countLogResets, observe, observeRelay } from './observe.js';

/** How often old inbox rows are purged and held messages looked at, milliseconds. */
const PURGE_EVERY_MS = 60_000;
const RELEASE_EVERY_MS = 10_000;
/** How often Kafka is asked how large a message may be: somebody may have changed it. */
const ASK_SIZES_EVERY_MS = 300_000;
/** When nothing could be sent for so long, this instance is of no use, milliseconds. */
const RELAY_FAILING_MS = 30_000;
/** How long a stopping service goes on sending what is committed. What is left waits in the outbox table. */
const RELAY_STOP_MS = 1_500;

export interface MessagingOptions {
  /** `ce_source`, client id, and `backstep.<service>` as the consumer group. */
  readonly service: string;
  /** What it reads. */
  readonly topics: readonly string[];
}

interface Parts {
  readonly config: MessagingConfig;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: HealthRegistry;
  readonly lifecycle: Lifecycle;
}

/**
 * Everything between a service's handlers and Kafka, put together: consumer → unit of work → outbox relay → publisher.
 * Stops in that order too: what is being handled is committed, what is committed is sent.
 */
export class Messaging {
  readonly unitOfWork: UnitOfWork;
  readonly consumer: MessageConsumer;
  readonly handlers: Handlers;
  readonly strategy: KafkaBatchStrategy;
  private readonly relay: OutboxRelay;
  private readonly publisher: KafkaPublisher;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    { service, topics }: MessagingOptions,
    handlers: readonly object[],
    private readonly parts: Parts,
  ) {
    const { config, database, logger, metrics } = parts;
    const kafka = {
      brokers: config.KAFKA_BROKERS,
      clientId: service,
      logger,
      security: kafkaSecurityFrom(config),
    };
    this.publisher = new KafkaPublisher(
      kafka,
      TOPICS.map(({ name }) => name),
    );
    const limits = { ...DEFAULT_RELAY_LIMITS, sweepOlderThanMs: config.OUTBOX_LEFTOVER_MS };
    this.relay = new OutboxRelay(database.executor, this.publisher, limits, observeRelay(logger));
    const environment = {
      tables: new Tables(database.dataSource),
      source: service,
      shardOf: (key: string) => partitionOf(key, PARTITIONS),
      largestMessage: (topic: string) => this.publisher.largestMessage(topic),
      now: Date.now,
    };
    const observer = observe(service, metrics, logger);
    this.unitOfWork = new UnitOfWork(database.pool, environment, this.relay, undefined, observer);
    this.handlers = new Handlers(handlers);
    this.consumer = new MessageConsumer(this.unitOfWork, this.handlers, observer);
    this.strategy = new KafkaBatchStrategy({
      ...kafka,
      groupId: `backstep.${service}`,
      topics,
      onAssigned: (shards) => this.relay.own(shards),
      onRevoked: () => this.relay.drained(),
      onLogReset: countLogResets(metrics),
      onCrash: (error) => {
        logger.error('the consumer is dead', { error });
        parts.lifecycle.fail('the consumer is dead');
      },
    });
    this.report();
  }

  start(): void {
    this.relay.start();
    void this.publisher.askSizes();
    this.every(ASK_SIZES_EVERY_MS, 'ask Kafka how much it takes at once', () => this.publisher.askSizes());
    this.every(PURGE_EVERY_MS, 'purge the inbox', async () => {
      const { INBOX_RETAIN_DAYS: retainInboxDays, DISCARDED_RETAIN_DAYS: retainDiscardedDays } = this.parts.config;
      const policy = { ...DEFAULT_RETENTION, retainInboxDays, retainDiscardedDays };
      while ((await purgeInbox(this.parts.database.executor, policy)) >= policy.purgeChunk);
    });
    this.every(RELEASE_EVERY_MS, 'release held messages', () => this.consumer.releaseHeld());
  }

  /** The consumer is closed already (Nest closes microservices first). */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.unitOfWork.idle();
    await this.relay.stop(RELAY_STOP_MS);
    await this.publisher.disconnect();
  }

  /** Runs `work` again and again, never twice at once; a failure is logged and the next turn tries again. */
  every(periodMs: number, what: string, work: () => Promise<void>): void {
    let running = false;
    const turn = async (): Promise<void> => {
      if (running || this.parts.lifecycle.draining.aborted) return;
      running = true;
      try {
        await work();
      } catch (error) {
        this.parts.logger.warn(`could not ${what}`, { error });
      } finally {
        running = false;
      }
    };
    const timer = setInterval(() => void turn(), periodMs);
    timer.unref();
    this.timers.push(timer);
  }

  private report(): void {
    const { health, metrics, database } = this.parts;
    health.register('database', () => database.ping());
    health.register('kafka', () => {
      const { connected, paused, lag } = this.strategy.health();
      const detail = paused ? 'paused' : connected ? `lag ${lag}` : 'not connected';
      return { status: connected && !paused ? ('ok' as const) : ('down' as const), detail };
    });
    health.register('outbox', async () => {
      const keys = (await parkedInOutbox(database.executor)).reduce((sum, { keys }) => sum + keys, 0);
      const failing = this.relay.failingForMs > RELAY_FAILING_MS;
      const details = [
        ...(failing ? ['nothing could be sent for a while'] : []),
        ...(keys > 0 ? [`Kafka refuses a message of ${keys} keys, which wait`] : []),
      ];
      const status = failing ? ('down' as const) : ('ok' as const);
      return details.length > 0 ? { status, detail: details.join('; ') } : { status };
    });
    metrics.onScrape('outbox', async () => {
      metrics.outboxParked.reset();
      for (const { cause, keys } of await parkedInOutbox(database.executor)) metrics.outboxParked.set({ cause }, keys);
      const { unpublished, oldestAgeSeconds } = await outboxBacklog(database.executor);
      metrics.outboxUnpublished.set(unpublished);
      metrics.outboxOldestAge.set(oldestAgeSeconds);
    });
    metrics.onScrape('parked', async () => {
      const counts = await this.unitOfWork.parkingLot.counts();
      for (const [state, count] of Object.entries(counts)) metrics.parked.set({ state }, count);
    });
  }
}
