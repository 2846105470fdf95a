import { backoffMs, delay, pausePoint, pausePointsArmed } from '@backstep/resilience';
import type { Executor } from '@backstep/concurrency';
import { Acknowledged } from './acknowledged.js';
import { DEFAULT_BATCH_SIZES, exceedsRequest, RequestTooLargeError } from './batch-size.js';
import { refusalOf, SendPolicy } from './send-policy.js';
import type { ExpressOptions } from './express.js';
import { HeldKeys, type Refused } from './held-keys.js';
import { Linger } from './linger.js';
import { keysOf, type CommittedWrite, type OutboxMessage } from './outbox.js';
import { Pending } from './pending.js';
import { DEFAULT_RELAY_LIMITS, type Publisher, type RelayEvents, type RelayLimits } from './relay-limits.js';
import { TableReads } from './table-reads.js';

/**
 * Sends committed messages to Kafka, at least once, per key and topic in the order of their commits.
 *
 * In the ordinary case the unit of work hands over the rows it has just committed, and they are sent from memory, one request at a time, so
 * that no message overtakes another. After the acknowledgement the next write statement deletes their rows.
 *
 * Order holds whichever process writes: each write also reads which messages of the same keys are still in the table. Those that this process
 * does not have in memory are read and sent first. (Another process committed them, the answer to their commit was lost, or memory was full.)
 *
 * Sweep: rows that a crashed process left, or that did not fit in memory, are read from the table by the owner of their shard. The member to
 * which the consumer group gave partition p owns shard p; see docs/decisions/0002-shard-owner-is-the-consumer-group.md.
 *
 * A message that Kafka refuses is found by halving and parked. It stays in the table with the later messages of its key, is retried ever more
 * rarely, and holds up no other key; see docs/decisions/0019-a-refusal-is-not-an-outage.md. While it waits, nothing later of its key is sent, to
 * whatever topic; see docs/decisions/0060-a-key-keeps-its-order-in-each-topic.md.
 * Express: messages may be handed over to readers in this process at once, and linger before they are sent; see express.ts.
 *
 * If the process dies after the acknowledgement and before the delete, the message is sent again with the same id. The inbox of its reader
 * drops the duplicate.
 */
export class OutboxRelay {
  private readonly pending = new Pending();
  private readonly acknowledged: Acknowledged;
  private readonly reads: TableReads;
  private pumping: Promise<void> | undefined;
  private stopped = false;
  private sweepTimer: NodeJS.Timeout | undefined;
  private readonly policy: SendPolicy;
  private readonly held: HeldKeys;
  /** Undefined without express: then every message is sent at once. */
  private readonly linger: Linger | undefined;
  private failingSince: number | undefined;

  /** @param express absent: messages go by Kafka alone */
  constructor(
    executor: Executor,
    private readonly publisher: Publisher,
    private readonly limits: RelayLimits = DEFAULT_RELAY_LIMITS,
    private readonly events: RelayEvents = {},
    express?: ExpressOptions,
  ) {
    this.policy = new SendPolicy(limits);
    this.held = new HeldKeys(executor, limits);
    this.acknowledged = new Acknowledged(executor, limits, {
      deleted: (ids) => this.pending.deleted(ids),
      failed: (error) => this.events.failed?.('delete', error),
    });
    const { pending, held } = this;
    this.reads = new TableReads(
      { executor, limits, events, publisher, pending, held },
      {
        settled: async () => {
          await this.pumping;
          await this.acknowledged.flush();
        },
        found: (messages) => this.linger?.found(messages),
        resume: () => this.pump(),
      },
    );
    const { reads } = this;
    const pump = (): void => this.pump();
    this.linger = express && new Linger(express, (shard) => reads.owns(shard), pump);
    express?.express.onHurry?.(() => this.hurry());
  }

  start(): void {
    this.sweepTimer = setInterval(() => this.reads.sweepAndRetry(), this.limits.sweepEveryMs);
    this.sweepTimer.unref();
  }

  /** For how many milliseconds sending has been failing; 0 while it works. */
  get failingForMs(): number {
    return this.failingSince === undefined ? 0 : performance.now() - this.failingSince;
  }

  /** Ids of acknowledged rows for the next write to delete. After the write {@link committed} gets them; after its failure, {@link giveBack}. */
  takeAcknowledged(): string[] {
    return this.acknowledged.take();
  }

  /** The write that was to delete these rows has failed. */
  giveBack(ids: readonly string[]): void {
    this.acknowledged.giveBack(ids);
  }

  /** Takes over the messages of a write, right after its commit. Never throws, never waits. */
  committed({ sent, unsentPredecessors, deleted }: CommittedWrite): void {
    // `sent` before `deleted`: `unsentPredecessors` was read from the snapshot before this write's DELETE, so it still names the rows deleted
    // here. While the relay knows those ids it does not read and send them again.
    this.enqueue(sent, unsentPredecessors);
    this.pending.deleted(deleted);
  }

  /**
   * This process now owns these shards: reads and sends the rows that were left in them.
   * @param isOwner false: they may be another's by now, and this process was not told yet
   * @throws DatabaseUnavailableError, or the driver's error, when the table cannot be read: call it again
   */
  own(shards: readonly number[], isOwner?: () => boolean): Promise<void> {
    this.linger?.beginAnew();
    return this.reads.own(shards, isOwner);
  }

  /** False for a shard that was given to another process; true for all while this process has none that are certainly its own. */
  isResponsibleFor(shard: number): boolean {
    return this.reads.isResponsibleFor(shard);
  }

  /** Reads messages of these keys that are committed and not in memory, and sends them first. Never throws, never waits. */
  readFirst(keys: readonly string[]): void {
    this.reads.readFirst(keys);
  }

  /** Resolves when no send and no read is under way. Awaited before a partition is given up, and at shutdown. */
  async drained(): Promise<void> {
    if (this.linger) {
      this.linger.hurry();
      this.pump();
    }
    while (this.pumping || this.reads.areUnderWay) await (this.pumping ?? this.reads.over());
  }

  /** Sends the messages in memory (for at most `withinMs`), deletes acknowledged rows, ends. Unsent messages stay in the table. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.sweepTimer);
    let timeUp: NodeJS.Timeout | undefined;
    await Promise.race([this.drained(), new Promise((resolve) => (timeUp = setTimeout(resolve, withinMs)))]);
    clearTimeout(timeUp);
    this.stopped = true;
    this.linger?.stop();
    this.reads.stop();
    await this.acknowledged.stop();
  }

  private enqueue(messages: readonly OutboxMessage[], unsentPredecessors: readonly string[]): void {
    if (this.stopped) return;
    // Messages of a held key wait in the table, behind the one that Kafka refused.
    const free = this.held.size === 0 ? messages : messages.filter(({ key }) => !this.held.has(key));
    if (!this.pending.hasRoom(free.length, this.limits)) {
      // The messages are safe in the table: the next writer of these keys, or the owner of their shards, reads them.
      this.reads.leaveForLater();
      this.linger?.hurry();
    } else {
      for (const message of free) this.pending.add(message);
      const hasUnknown = free.length > 0 && unsentPredecessors.some((id) => !this.pending.has(id));
      this.linger?.committed(free, !hasUnknown);
      if (hasUnknown) this.reads.readFirst(keysOf(free));
    }
    // Also when they were left to the table: a pump without a message to send reads them from there.
    this.pump();
  }

  private hurry(): void {
    if (this.stopped || this.pending.size === 0) return;
    this.linger?.hurry();
    this.pump();
  }

  /** False while all messages in memory linger. */
  private get isDue(): boolean {
    return this.linger?.isDue ?? true;
  }

  private pump(): void {
    if (this.reads.areUnderWay || (this.pending.size > 0 && !this.isDue)) return;
    this.pumping ??= this.sendAll().finally(() => {
      this.pumping = undefined;
      if (this.stopped) return;
      if (this.pending.size > 0 && this.isDue) this.pump();
      else this.reads.catchUp();
    });
  }

  private async sendAll(): Promise<void> {
    for (let attempt = 0; this.pending.size > 0 && this.isDue && !this.reads.areUnderWay && !this.stopped;) {
      const suspended = this.policy.suspendsTopics ? this.toSuspendedTopics() : [];
      if (suspended.length > 0) {
        if (!(await this.park(suspended, 'Kafka refused its topic a moment ago'))) await this.wait(attempt++);
        continue;
      }
      const { max } = this.policy;
      const sizes = this.publisher.sizes ?? DEFAULT_BATCH_SIZES;
      // Kafka may write a request's messages of one topic and refuse those of another. Of a key that is retried that is expected.
      const oneTopic = this.policy.oneTopic || this.held.areRetried;
      const batch = oneTopic ? this.pending.takeOneTopic(max, sizes) : this.pending.take(max, sizes);
      this.linger?.taken(this.pending.size);
      const began = performance.now();
      try {
        if (pausePointsArmed()) await pausePoint('outbox.before-publish');
        if (exceedsRequest(batch, sizes)) throw new RequestTooLargeError(sizes.requestMaxBytes);
        await this.publisher.publish(batch);
      } catch (error) {
        this.pending.putBack(batch);
        this.linger?.hurry();
        if (await this.maySendAtOnce(batch, error, attempt)) attempt = 0;
        else await this.wait(attempt++);
        continue;
      }
      if (pausePointsArmed()) await pausePoint('outbox.after-ack');
      attempt = 0;
      await this.sent(batch, performance.now() - began);
    }
    if (this.pending.size === 0) this.policy.reset();
  }

  private async sent(batch: readonly OutboxMessage[], durationMs: number): Promise<void> {
    this.failingSince = undefined;
    this.policy.succeeded(batch);
    this.pending.sent(batch);
    this.events.published?.(batch.length, durationMs);
    this.forget(batch);
    // If this fails, the next retry finds no row to send and releases the keys.
    await this.held.sent(batch).catch((error: unknown) => this.events.failed?.('retry', error));
  }

  /** Has the rows of sent messages deleted: with the next write, or by a timer. */
  private forget(batch: readonly OutboxMessage[]): void {
    const isOwn = ({ shard }: OutboxMessage): boolean => this.reads.owns(shard);
    const allAreOwn = batch.every(isOwn);
    if (this.linger && !allAreOwn) {
      // The owner's next write about their keys is to learn of them: else its messages go by express, past these that lie in Kafka.
      this.acknowledged.keep(batch.filter((message) => !isOwn(message)));
      this.acknowledged.add(batch.filter(isOwn));
    } else {
      this.acknowledged.add(batch);
    }
    this.acknowledged.flushLater(allAreOwn || this.linger !== undefined);
  }

  /** Handles the failure of a send. @returns whether the next batch may follow without a wait */
  private async maySendAtOnce(batch: readonly OutboxMessage[], error: unknown, attempt: number): Promise<boolean> {
    const refusal = refusalOf(error);
    if (refusal?.of === 'message' && this.policy.max === this.limits.publishMax) await this.publisher.askSizes?.();
    const next = this.policy.failed(batch, refusal, attempt);
    if (next === 'again') return true;
    const refused = refusal && next === 'park' ? batch.map((message) => ({ message, refusal })) : [];
    if (refused.length > 0 && (await this.park(refused, error))) return true;
    this.failingSince ??= performance.now();
    this.events.failed?.('publish', error);
    return false;
  }

  private wait(attempt: number): Promise<void> {
    return delay(backoffMs(this.limits.retry, attempt));
  }

  private toSuspendedTopics(): Refused[] {
    return this.pending.select((message) => {
      const refusal = this.policy.suspendedBy(message.topic);
      return refusal && { message, refusal };
    });
  }

  private async park(refused: readonly Refused[], error: unknown): Promise<boolean> {
    try {
      const parked = await this.held.park(refused, error);
      if (!parked) return false;
      this.pending.drop(this.held);
      for (const one of parked) this.events.parked?.(one, error);
      return true;
    } catch (failure) {
      this.events.failed?.('park', failure);
      return false;
    }
  }
}
