import { executorIn, executorOf, transactionOf } from '@backstep/concurrency';
import type { ClientConfig } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { DEFAULT_BATCH_SIZES } from '../batch-size.js';
import { outboxBacklog, outboxPart, type OutboxBacklog } from '../outbox.js';
import { DEFAULT_RELAY_LIMITS, type Publisher, type RelayEvents, type RelayLimits } from '../relay-limits.js';
import { OutboxRelay } from '../relay.js';
import { connectionOf, DEFAULT_SHARD_LOCK_LIMITS, ShardLocks, type ShardLockLimits } from '../shard-locks.js';
import { Commits } from './commits.js';
import { InvalidOutgoingMessageError, SHARDS, toOutboxMessage, type OutgoingMessage } from './outgoing.js';

/** Bounds of an {@link Outbox}: those of its relay, and its own. */
export interface OutboxLimits extends RelayLimits, ShardLockLimits {
  /** Messages of one call of {@link Outbox.add}. */
  readonly addMax: number;
  /** Keys of committed messages that are kept in memory until they are read. Further ones are left to the owners of their shards. */
  readonly committedMax: number;
  /** Keys read with one statement. */
  readonly readMax: number;
}

/** Those of the relay, and 10,000 messages of one {@link Outbox.add}. */
export const DEFAULT_OUTBOX_LIMITS: OutboxLimits = {
  ...DEFAULT_RELAY_LIMITS,
  ...DEFAULT_SHARD_LOCK_LIMITS,
  // No write deletes the acknowledged rows, and until they are deleted other instances may send them again.
  flushAfterMs: DEFAULT_RELAY_LIMITS.flushForeignAfterMs,
  addMax: 10_000,
  committedMax: 10_000,
  readMax: 500,
};

/** Sees what an {@link Outbox} does; for metrics and logs. Must not throw. */
export interface OutboxEvents extends Pick<RelayEvents, 'parked' | 'published'> {
  /** Something failed and is retried. `own`: the agreement on the owners of shards. */
  failed?(what: Parameters<NonNullable<RelayEvents['failed']>>[0] | 'own', error: unknown): void;
}

/** What {@link Outbox.start} is given. */
export interface OutboxOptions {
  /** Initialized, PostgreSQL 14 or later, with the tables of `OUTBOX_MIGRATIONS`. */
  readonly dataSource: DataSource;
  /** Sends to Kafka: `KafkaPublisher` of `@backstep/kafka`, or your own. Not closed by {@link Outbox.stop}. */
  readonly publisher: Publisher;
  readonly limits?: Partial<OutboxLimits>;
  readonly events?: OutboxEvents;
  /** The connection to PostgreSQL itself, where the data source uses a pooler in transaction mode. */
  readonly lockConnection?: ClientConfig;
}

/**
 * An outbox for teams with transactions of their own. Messages are inserted in the team's transaction and sent to Kafka at least once, per key
 * and topic in the order of their commits. See docs/decisions/0032-the-outbox-alone.md.
 */
export class Outbox {
  private readonly committed = new Set<string>();
  private sending: Promise<void> | undefined;
  private stopped = false;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
    private readonly limits: OutboxLimits,
    private readonly relay: OutboxRelay,
    private readonly locks: ShardLocks,
    private readonly commits: Commits,
  ) {}

  /** @throws Error when the data source is not initialized or its database lacks the tables; the driver's error when it is away */
  static async start({ dataSource, publisher, events = {}, lockConnection, ...given }: OutboxOptions): Promise<Outbox> {
    if (!dataSource.isInitialized) throw new Error('dataSource must be initialized before Outbox.start');
    await checkTables(dataSource);
    await publisher.askSizes?.();
    const limits = { ...DEFAULT_OUTBOX_LIMITS, ...given.limits };
    const relay = new OutboxRelay(executorOf(dataSource), countedByTopic(publisher), limits, events);
    const locks = new ShardLocks(lockConnection ?? connectionOf(dataSource), SHARDS, limits, {
      // After a failed read the next sweep reads the shards. The relay reports the failure.
      own: (shards) => void relay.own(shards).catch(() => undefined),
      failed: (error) => events.failed?.('own', error),
      get failingForMs() {
        return relay.failingForMs;
      },
    });
    const commits = new Commits(dataSource, (keys) => outbox.take(keys));
    const outbox = new Outbox(dataSource, publisher, limits, relay, locks, commits);
    await locks.start();
    commits.start();
    relay.start();
    return outbox;
  }

  /**
   * Adds messages to the transaction of `manager`, with one statement, in the order given. They are sent when it has committed, and never when
   * it is rolled back.
   *
   * Change the rows that the messages tell about first: their locks make concurrent writers wait, so that the messages of a key have the order
   * of the commits.
   * @throws NoTransactionError, InvalidOutgoingMessageError, MessageTooLargeError: nothing was added
   */
  async add(manager: EntityManager, messages: OutgoingMessage | readonly OutgoingMessage[]): Promise<void> {
    const runner = transactionOf(manager, 'outbox.add');
    if (this.stopped) throw new Error('the outbox is stopped');
    if (manager.dataSource !== this.dataSource)
      throw new Error('the manager is of another data source than the outbox');
    const { sizes } = this.publisher;
    const rows = [messages].flat().map((message) => toOutboxMessage(message as OutgoingMessage, sizes));
    if (rows.length === 0) return;
    const { addMax } = this.limits;
    if (rows.length > addMax) throw new InvalidOutgoingMessageError('messages', `must be ${addMax} at most`);
    const { sql, params } = outboxPart(rows);
    await executorIn(runner).query(`/* outbox.add */ ${sql}`, [...params]);
    this.commits.added(
      runner,
      rows.map(({ key }) => key),
    );
  }

  /** How many messages are not in Kafka yet. Counts all rows: for a gauge, not for each request. */
  backlog(): Promise<OutboxBacklog> {
    return outboxBacklog(executorOf(this.dataSource));
  }

  /**
   * Sends committed messages for at most `withinMs`, and gives up the shards. Unsent messages stay in the table. Another instance sends them, or
   * the next one that starts. Call it before the data source is destroyed.
   */
  async stop(withinMs = 5_000): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.commits.stop();
    const until = performance.now() + withinMs;
    let timeUp: NodeJS.Timeout | undefined;
    await Promise.race([this.sending, new Promise((resolve) => (timeUp = setTimeout(resolve, withinMs)))]);
    clearTimeout(timeUp);
    this.committed.clear();
    await this.relay.stop(Math.max(0, until - performance.now()));
    await this.locks.stop();
  }

  private take(keys: ReadonlySet<string>): void {
    for (const key of keys) if (this.committed.size < this.limits.committedMax) this.committed.add(key);
    this.send();
  }

  private send(): void {
    this.sending ??= this.sendCommitted().finally(() => {
      this.sending = undefined;
      if (this.committed.size > 0) this.send();
    });
  }

  /** Reads committed messages, sends them, and only then reads again: messages that are committed meanwhile are sent together. */
  private async sendCommitted(): Promise<void> {
    while (this.committed.size > 0) {
      const keys = [...this.committed].slice(0, this.limits.readMax);
      for (const key of keys) this.committed.delete(key);
      this.relay.readFirst(keys);
      await this.relay.drained();
    }
  }
}

async function checkTables(dataSource: DataSource): Promise<void> {
  const found: { there: boolean }[] = await dataSource.query(
    `SELECT to_regclass('outbox') IS NOT NULL AND to_regclass('outbox_parked') IS NOT NULL AS there`,
  );
  if (!found[0]?.there) throw new Error('the database has no table outbox or outbox_parked: run OUTBOX_MIGRATIONS');
}

/** Counts the messages of a topic as one batch: a shard of this outbox is no partition. */
const countedByTopic = (publisher: Publisher): Publisher => ({
  publish: (messages) => publisher.publish(messages),
  askSizes: async () => publisher.askSizes?.(),
  get sizes() {
    const { requestMaxBytes, batchMaxBytes } = publisher.sizes ?? DEFAULT_BATCH_SIZES;
    return { requestMaxBytes, batchMaxBytes, oneBatchATopic: true };
  },
});
