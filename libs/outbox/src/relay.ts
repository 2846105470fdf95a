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
import { acknowledgedPart, keysOf, readKeys, readShards, type OutboxMessage } from './outbox.js';

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
  /** The same for rows of shards that others own. */
  readonly flushForeignAfterMs: number;
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
  flushForeignAfterMs: 20,
  sweepEveryMs: 2_000,
  sweepOlderThanMs: 3_000,
  sweepMax: 2_000,
  retry: { baseMs: 50, capMs: 5_000 },
};

export interface RelayEvents {
  /** A send, a sweep, a read or a delete failed; it is tried again, or left to the owner's net. */
  failed?(what: 'publish' | 'sweep' | 'read' | 'delete', error: unknown): void;
  published?(count: number, durationMs: number): void;
}

/**
 * Brings committed messages to Kafka, at least once, in the order of their commits per key.
 *
 * The usual way: the unit of work hands over the rows it has just committed, and they are sent from memory, one request at a
 * time, so that nothing overtakes. After the acknowledgement the rows' ids wait for the next write statement to take them along.
 *
 * Order holds whoever writes: with its rows a write learns what is still in the table about the same keys. What this process does not
 * have in memory (another process has committed it, or the answer to its commit was lost, or memory was full) is read and sent first.
 *
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
  private shards: ReadonlySet<number> = new Set();
  private pumping: Promise<void> | undefined;
  private sweeping: Promise<Error | undefined> | undefined;
  /** Reads of the table: nothing is sent until it is known what has to go first. */
  private readonly reading = new Set<Promise<void>>();
  /** There is something in the table that was not kept in memory. */
  private leftToTable = false;
  private stopped = false;
  private flushTimer: NodeJS.Timeout | undefined;
  private flushInMs = 0;
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

  /**
   * Takes rows right after their commit. Never throws, never waits.
   * @param earlier what the write was told of {@link earlierMessages}
   */
  enqueue(messages: readonly OutboxMessage[], earlier: readonly string[]): void {
    if (this.stopped) return;
    if (this.known.size + messages.length > this.limits.pendingMax) {
      // Safe where it is: whoever writes about these keys next, or owns their shards, reads it.
      this.leftToTable = true;
    } else {
      for (const message of messages) this.add(message);
      if (earlier.some((id) => !this.known.has(id))) this.readFirst(keysOf(messages));
    }
    // Also when they were left to the table: a pump that finds nothing to send takes up what waits there.
    this.pump();
  }

  /**
   * This process now owns these shards: takes what is left in them.
   * @throws DatabaseUnavailableError, or what the driver said, when the table cannot be read: call it again.
   */
  async own(shards: readonly number[]): Promise<void> {
    this.shards = new Set(shards);
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
    this.flushLater(true);
  }

  /** The ids were deleted with somebody's write. */
  deleted(ids: readonly string[]): void {
    for (const id of ids) this.known.delete(id);
  }

  /** Resolves when nothing is on its way any more: before a partition is given up, and at shutdown. */
  async drained(): Promise<void> {
    while (this.pumping || this.reading.size > 0) await (this.pumping ?? Promise.all(this.reading));
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
    if (this.reading.size > 0) return;
    this.pumping ??= this.sendAll().finally(() => {
      this.pumping = undefined;
      if (this.stopped) return;
      if (this.pending.length > 0) this.pump();
      else if (this.leftToTable) this.catchUp();
    });
  }

  private async sendAll(): Promise<void> {
    for (let attempt = 0; this.pending.length > 0 && this.reading.size === 0 && !this.stopped;) {
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
      this.flushLater(batch.every(({ shard }) => this.shards.has(shard)));
    }
  }

  /** Memory is empty again: takes up what was left to the table meanwhile, or leaves it to the owners of its shards. */
  private catchUp(): void {
    this.leftToTable = false;
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
    const { executor, limits } = this;
    for (let more = true; more && this.shards.size > 0 && !this.stopped;) {
      await this.pumping;
      await this.flush();
      const shards = [...this.shards];
      more = await this.bringIn(async () => {
        const rows = await readShards(executor, { shards, olderThanMs, limit: limits.sweepMax });
        return this.merge(rows) && rows.length === limits.sweepMax;
      });
    }
  }

  /** Something about these keys was committed before what is here in memory: it is read, and goes first. */
  private readFirst(keys: readonly string[]): void {
    const { executor, limits } = this;
    void this.bringIn(async () => {
      try {
        const rows = await readKeys(executor, keys, limits.sweepMax);
        if (rows.length < limits.sweepMax) this.merge(rows);
        else this.leave(keys);
      } catch (error) {
        this.events.failed?.('read', error);
        this.leave(keys);
      }
    });
  }

  /** Nothing is sent until `read` is over. */
  private async bringIn<T>(read: () => Promise<T>): Promise<T> {
    const result = read();
    const over = result.then(
      () => undefined,
      () => undefined,
    );
    this.reading.add(over);
    try {
      return await result;
    } finally {
      this.reading.delete(over);
      this.pump();
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

  /** What cannot be put in its order here is left to the table, which knows it. */
  private leave(keys: readonly string[]): void {
    const left = new Set(keys);
    const [leaving, staying] = [[] as OutboxMessage[], [] as OutboxMessage[]];
    for (const message of this.pending) (left.has(message.key) ? leaving : staying).push(message);
    this.pending = staying;
    for (const { id } of leaving) this.known.delete(id);
    this.leftToTable = true;
  }

  /** Soon in shards of others: whoever speaks of these keys next would find the rows, and send them again. */
  private flushLater(own: boolean): void {
    const inMs = own ? this.limits.flushAfterMs : this.limits.flushForeignAfterMs;
    if (this.stopped || (this.flushTimer && this.flushInMs <= inMs)) return;
    clearTimeout(this.flushTimer);
    this.flushInMs = inMs;
    this.flushTimer = setTimeout(() => {
      this.flushTimer = undefined;
      void this.flush();
    }, inMs);
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
