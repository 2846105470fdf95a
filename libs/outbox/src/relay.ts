import {
  backoffMs,
  delay,
  pausePoint,
  pausePointsArmed,
  translate,
  write,
  type BackoffPolicy,
  type Executor,
} from '@backstep/concurrency';
import type { WireMessage } from '@backstep/contracts';
import { acknowledgedPart, readOutbox, type OutboxMessage } from './outbox.js';

/** Sends messages and resolves when all are acknowledged by all in-sync replicas. Order within the call is kept per key. */
export interface Publisher {
  publish(messages: readonly WireMessage[]): Promise<void>;
}

export interface RelayLimits {
  /** Messages sent with one request. */
  readonly publishMax: number;
  /** Messages kept in memory. More are left in the table, which is where they are safe, and read from it later. */
  readonly pendingMax: number;
  /** Acknowledged ids deleted with one statement. */
  readonly deleteMax: number;
  /** Acknowledged rows nobody took along with a write are deleted after this time. */
  readonly flushAfterMs: number;
  /** How often rows left behind by a crashed process are looked for. */
  readonly sweepEveryMs: number;
  /** Only rows this old are taken for left behind. */
  readonly sweepOlderThanMs: number;
  readonly sweepMax: number;
  readonly retry: BackoffPolicy;
}

export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  publishMax: 1_000,
  pendingMax: 20_000,
  deleteMax: 2_000,
  flushAfterMs: 500,
  sweepEveryMs: 2_000,
  sweepOlderThanMs: 3_000,
  sweepMax: 2_000,
  retry: { baseMs: 50, capMs: 5_000 },
};

export interface RelayEvents {
  /** A send, a sweep or a delete failed; it is tried again. */
  failed?(what: 'publish' | 'sweep' | 'delete', error: unknown): void;
  published?(count: number, durationMs: number): void;
}

/**
 * Brings committed messages to Kafka, at least once, in the order of their commits per key.
 *
 * The usual way: the unit of work hands over the rows it has just committed, and they are sent from memory, one request at a
 * time, so that nothing overtakes. After the acknowledgement the rows' ids wait for the next write statement to take them along.
 * The net: rows that a crashed process left, or that did not fit in memory, are read from the table by the owner of their shard.
 * Whoever the consumer group gave partition p owns shard p; see docs/decisions/0002-shard-owner-is-the-consumer-group.md.
 *
 * If the process dies after the acknowledgement and before the delete, the message is sent again with the same id: the inbox of
 * its reader makes it once.
 */
export class OutboxRelay {
  private pending: OutboxMessage[] = [];
  private readonly known = new Set<string>();
  private acknowledged: string[] = [];
  private shards: readonly number[] = [];
  private pumping: Promise<void> | undefined;
  private sweeping: Promise<Error | undefined> | undefined;
  /** The table is being read: nothing is sent until it is known what has to go first. */
  private reading = false;
  /** Something was left to the table. Until that is taken up, everything is: what is later must not overtake it. */
  private overflowed = false;
  private stopped = false;
  private flushTimer: NodeJS.Timeout | undefined;
  private sweepTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly executor: Executor,
    private readonly publisher: Publisher,
    private readonly limits: RelayLimits = DEFAULT_RELAY_LIMITS,
    private readonly events: RelayEvents = {},
  ) {}

  start(): void {
    this.sweepTimer = setInterval(() => void this.sweep(this.limits.sweepOlderThanMs), this.limits.sweepEveryMs);
    this.sweepTimer.unref();
  }

  /** Takes rows right after their commit. Never throws, never waits. */
  enqueue(messages: readonly OutboxMessage[]): void {
    if (this.stopped) return;
    if (this.known.size + messages.length > this.limits.pendingMax) this.overflowed = true;
    if (!this.overflowed) for (const message of messages) this.add(message);
    // Also when they were left to the table: a pump that finds nothing to send takes up what waits there.
    this.pump();
  }

  /**
   * A write may have committed rows that were never handed over, because its answer was lost. Nothing later is sent until the
   * table has been read: it would overtake them. Never throws, never waits.
   */
  lookAgain(): void {
    if (this.stopped) return;
    this.overflowed = true;
    this.pump();
  }

  /**
   * This process now owns these shards: takes what is left in them, to send it before anything later. Resolve first, then handle
   * messages of these partitions.
   * @throws DatabaseUnavailableError, or what the driver said, when the table cannot be read: call it again.
   */
  async own(shards: readonly number[]): Promise<void> {
    this.shards = shards;
    await this.sweeping;
    const failure = await this.sweep(0);
    if (failure) throw failure;
  }

  /** Ids of acknowledged rows, for the next write statement to delete. Hand them to {@link giveBack} if it fails. */
  takeAcknowledged(): string[] {
    return this.acknowledged.splice(0, this.limits.deleteMax);
  }

  giveBack(ids: readonly string[]): void {
    this.acknowledged.push(...ids);
    this.flushLater();
  }

  /** The ids were deleted with somebody's write. */
  deleted(ids: readonly string[]): void {
    for (const id of ids) this.known.delete(id);
  }

  /** Resolves when nothing is on its way any more: before a partition is given up, and at shutdown. */
  async drained(): Promise<void> {
    while (this.pumping || this.reading) await (this.pumping ?? this.sweeping);
  }

  /** Sends what is in memory (for at most `withinMs`), deletes what is acknowledged, ends. What is not sent stays in the table. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.sweepTimer);
    let timeUp: NodeJS.Timeout | undefined;
    await Promise.race([this.drained(), new Promise((resolve) => (timeUp = setTimeout(resolve, withinMs)))]);
    clearTimeout(timeUp);
    this.stopped = true;
    clearTimeout(this.flushTimer);
    await this.flush();
  }

  private add(message: OutboxMessage): void {
    if (this.known.has(message.id)) return;
    this.known.add(message.id);
    this.pending.push(message);
  }

  private pump(): void {
    if (this.reading) return;
    this.pumping ??= this.sendAll().finally(() => {
      this.pumping = undefined;
      if (this.pending.length > 0 && !this.stopped) this.pump();
      else if (this.overflowed && !this.stopped) void this.catchUp();
    });
  }

  private async sendAll(): Promise<void> {
    for (let attempt = 0; this.pending.length > 0 && !this.stopped;) {
      const batch = this.pending.splice(0, this.limits.publishMax);
      const began = performance.now();
      try {
        if (pausePointsArmed()) await pausePoint('outbox.before-publish');
        await this.publisher.publish(batch);
      } catch (error) {
        this.pending.unshift(...batch);
        this.events.failed?.('publish', error);
        await delay(backoffMs(this.limits.retry, attempt++));
        continue;
      }
      if (pausePointsArmed()) await pausePoint('outbox.after-ack');
      attempt = 0;
      for (const { id } of batch) this.acknowledged.push(id);
      this.events.published?.(batch.length, performance.now() - began);
      this.flushLater();
    }
  }

  /** Memory is empty again: takes up what was left to the table meanwhile, or leaves it to the owners of its shards. */
  private catchUp(): void {
    if (this.shards.length === 0) this.overflowed = false;
    void this.sweep(0);
  }

  /** One at a time. @returns why it failed, or undefined. */
  private sweep(olderThanMs: number): Promise<Error | undefined> {
    this.sweeping ??= this.sweepChunks(olderThanMs)
      .then(
        () => undefined,
        (error: unknown) => {
          this.events.failed?.('sweep', error);
          return translate(error);
        },
      )
      .finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  /** Reads chunk after chunk until the owned shards hold nothing that is not known here. No cursor: see the design. */
  private async sweepChunks(olderThanMs: number): Promise<void> {
    for (let more = true; more && this.shards.length > 0 && !this.stopped;) {
      do {
        await this.pumping;
        await this.flush();
        // What is read after an overflow goes in front of all that is in memory, so memory must be empty.
      } while (this.overflowed && this.pumping && !this.stopped);
      more = await this.sweepChunk(olderThanMs);
    }
  }

  /** @returns whether there may be more. */
  private async sweepChunk(olderThanMs: number): Promise<boolean> {
    const late = this.overflowed;
    // From here on new rows are kept in memory again, unsent; those committed before are in what is read now. Both is fine: ids
    // are known once.
    this.overflowed = false;
    this.reading = true;
    try {
      const { shards, limits } = this;
      const rows = await readOutbox(this.executor, {
        shards,
        olderThanMs: late ? 0 : olderThanMs,
        limit: limits.sweepMax,
      });
      const full = rows.length === limits.sweepMax;
      if (late && full) this.leaveToTable();
      return this.merge(rows) && full;
    } catch (error) {
      if (late) this.leaveToTable();
      throw error;
    } finally {
      this.reading = false;
      if (this.pending.length > 0) this.pump();
    }
  }

  /**
   * What is read goes first, except that it may have been committed after what waits here: the table knows the order of those it
   * brought, and what it did not bring is later. @returns whether anything new came: a chunk of known rows is not read again.
   */
  private merge(rows: readonly OutboxMessage[]): boolean {
    const waiting = new Map(this.pending.splice(0).map((message) => [message.id, message]));
    const known = this.known.size;
    for (const row of rows) {
      if (waiting.delete(row.id)) this.pending.push(row);
      else this.add(row);
    }
    this.pending.push(...waiting.values());
    return this.known.size > known;
  }

  /** What came while the table was read is later than what is still there: it has to be read in its turn. */
  private leaveToTable(): void {
    for (const { id } of this.pending.splice(0)) this.known.delete(id);
    this.overflowed = true;
  }

  private flushLater(): void {
    if (this.flushTimer || this.stopped) return;
    this.flushTimer = setTimeout(() => {
      this.flushTimer = undefined;
      void this.flush();
    }, this.limits.flushAfterMs);
  }

  private async flush(): Promise<void> {
    while (this.acknowledged.length > 0) {
      const ids = this.takeAcknowledged();
      try {
        await write(this.executor, [acknowledgedPart(ids)]);
        this.deleted(ids);
      } catch (error) {
        this.giveBack(ids);
        this.events.failed?.('delete', error);
        return;
      }
    }
  }
}
