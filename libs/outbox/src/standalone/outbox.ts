import { executorIn, executorOf, transactionOf } from '@backstep/concurrency';
import type { ClientConfig } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { DEFAULT_BATCH_SIZES } from '../batch-size.js';
import { outboxBacklog, outboxPart, type OutboxBacklog } from '../outbox.js';
import { DEFAULT_RELAY_LIMITS, type Publisher, type RelayEvents, type RelayLimits } from '../relay-limits.js';
import { OutboxRelay } from '../relay.js';
import { Commits } from './commits.js';
import { InvalidOutgoingMessageError, toOutboxMessage, type OutgoingMessage } from './outgoing.js';
import { connectionOf, DEFAULT_SHARD_LOCK_LIMITS, ShardLocks, type ShardLockLimits } from './shard-locks.js';

export interface OutboxLimits extends RelayLimits, ShardLockLimits {
  /** Messages of one {@link Outbox.add}. */
  readonly addMax: number;
  /** Keys of committed messages that are kept in memory until they are read. What goes beyond is left to the owner of its shard. */
  readonly committedMax: number;
  /** Keys read with one statement. */
  readonly readMax: number;
}

export const DEFAULT_OUTBOX_LIMITS: OutboxLimits = {
  ...DEFAULT_RELAY_LIMITS,
  ...DEFAULT_SHARD_LOCK_LIMITS,
  // No write takes the acknowledged rows along, and until they are gone other instances send them again.
  flushAfterMs: DEFAULT_RELAY_LIMITS.flushForeignAfterMs,
  addMax: 10_000,
  committedMax: 10_000,
  readMax: 500,
};

export interface OutboxEvents extends Pick<RelayEvents, 'parked' | 'published'> {
  /** Something failed, and is tried again. `own`: agreeing on who owns which shard. */
  failed?(what: Parameters<NonNullable<RelayEvents['failed']>>[0] | 'own', error: unknown): void;
}

export interface OutboxOptions {
  /** Initialized, PostgreSQL 14 or later, with the tables of `OUTBOX_MIGRATIONS`. */
  readonly dataSource: DataSource;
  /** Sends to Kafka: `KafkaPublisher` of `@backstep/kafka`, or your own. Not closed by {@link Outbox.stop}. */
  readonly publisher: Publisher;
  readonly limits?: Partial<OutboxLimits>;
  readonly events?: OutboxEvents;
  /** How PostgreSQL itself is reached, where the data source goes through a pooler that lends connections by the transaction. */
  readonly lockConnection?: ClientConfig;
}

/**
 * An outbox for a team that has transactions of its own: messages are rows of the transaction that they tell of, and are sent to Kafka
 * at least once, in the order of their commits per key. See docs/decisions/0032-the-outbox-alone.md.
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

  /** @throws Error when the data source is not initialized, or its database lacks the tables; what the driver says when it is away */
  static async start({ dataSource, publisher, events = {}, lockConnection, ...given }: OutboxOptions): Promise<Outbox> {
    if (!dataSource.isInitialized) throw new Error('dataSource must be initialized before Outbox.start');
    await checkTables(dataSource);
    await publisher.askSizes?.();
    const limits = { ...DEFAULT_OUTBOX_LIMITS, ...given.limits };
    const relay = new OutboxRelay(executorOf(dataSource), countedByTopic(publisher), limits, events);
    const locks = new ShardLocks(lockConnection ?? connectionOf(dataSource), limits, {
      // What cannot be read now is read by a later sweep; the relay tells that it failed.
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
   * Adds messages to the transaction of `manager`, with one statement, in the order given. They are sent when it has committed; when it is
   * rolled back they never were.
   *
   * Change the rows that the messages tell of first: that keeps others who change them waiting, so that the order of a key is the order
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

  /** What is not in Kafka yet. Unbounded work when much is left: for a gauge, not for each request. */
  backlog(): Promise<OutboxBacklog> {
    return outboxBacklog(executorOf(this.dataSource));
  }

  /**
   * Sends what is committed, for at most `withinMs`, and gives the shards up. What is not sent is in the table, and is sent by another
   * instance, or when one starts. Call it before the data source is destroyed.
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

  /** Reads what was committed, sends it, and only then reads again: what is committed meanwhile goes together. */
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

/** A shard of ours is no partition. */
const countedByTopic = (publisher: Publisher): Publisher => ({
  publish: (messages) => publisher.publish(messages),
  askSizes: async () => publisher.askSizes?.(),
  get sizes() {
    const { requestMaxBytes, batchMaxBytes } = publisher.sizes ?? DEFAULT_BATCH_SIZES;
    return { requestMaxBytes, batchMaxBytes, oneBatchATopic: true };
  },
});
