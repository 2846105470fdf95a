import { translate, type Executor } from '@backstep/concurrency';
import type { HeldKeys } from './held-keys.js';
import { readKeys, readShards, type OutboxMessage, type ReadMessage } from './outbox.js';
import type { Pending } from './pending.js';
import type { Publisher, RelayEvents, RelayLimits } from './relay-limits.js';

interface Parts {
  readonly executor: Executor;
  readonly limits: RelayLimits;
  readonly events: RelayEvents;
  readonly publisher: Pick<Publisher, 'askSizes'>;
  /** The relay's memory, where the rows go. */
  readonly pending: Pending;
  readonly held: HeldKeys;
}

/** What reads need of the sender. */
interface Sending {
  /** Resolves when no send is under way and the rows of acknowledged messages are deleted, so that a sweep does not read them. */
  settled(): Promise<void>;
  /** Rows that were not in memory are there now, to be sent. */
  found(messages: readonly OutboxMessage[]): void;
  /** A read is over: sending may go on. Never throws. */
  resume(): void;
}

/**
 * Reads messages from the outbox table into the relay's memory: those of owned shards that nobody has sent (sweep), those of held keys whose
 * retry is due, and those that another process committed before a message of the same key. The relay sends nothing while a read is under way,
 * because its rows may have to go first.
 */
export class TableReads {
  private shards: ReadonlySet<number> = new Set();
  private isOwner: () => boolean = () => true;
  /** Whether this process was told which shards are its own. */
  private isAssigned = false;
  private readonly running = new Set<Promise<void>>();
  /** True: messages were committed that are in the table only. */
  private leftToTable = false;
  private sweeping: Promise<Error | undefined> | undefined;
  private retrying: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly parts: Parts,
    private readonly sending: Sending,
  ) {}

  get areUnderWay(): boolean {
    return this.running.size > 0;
  }

  /** Resolves when the reads are over that are under way now. */
  over(): Promise<unknown> {
    return Promise.all(this.running);
  }

  owns(shard: number): boolean {
    return this.shards.has(shard) && this.isOwner();
  }

  /** False for a shard that was given to another process; true for all while this process has none that are certainly its own. */
  isResponsibleFor(shard: number): boolean {
    return !this.isAssigned || !this.isOwner() || this.shards.has(shard);
  }

  /** @throws DatabaseUnavailableError, or the driver's error, when the table cannot be read: call it again */
  async own(shards: readonly number[], isOwner: () => boolean = () => true): Promise<void> {
    this.shards = new Set(shards);
    this.isOwner = isOwner;
    this.isAssigned = true;
    await this.sweeping;
    const failure = await this.sweep(0);
    if (failure) throw failure;
    void this.retryParked({ all: true });
  }

  /** Reads what crashed processes have left, and the held messages whose retry is due. Never throws. */
  sweepAndRetry(): void {
    void Promise.all([this.sweep(this.parts.limits.sweepOlderThanMs), this.retryParked()]);
  }

  /** Memory has no room for messages that were just committed. The table has them: {@link catchUp} reads them. */
  leaveForLater(): void {
    this.leftToTable = true;
  }

  /** Memory is empty: reads the messages of owned shards that were left to the table. The others are left to the owners of their shards. */
  catchUp(): void {
    if (!this.leftToTable) return;
    this.leftToTable = false;
    void this.sweep(0);
  }

  /** Reads messages of these keys that are committed and not in memory, and puts them first. Never throws, never waits. */
  readFirst(keys: readonly string[]): void {
    const { executor, limits, events, held, pending } = this.parts;
    void this.holdSendsDuring(async () => {
      try {
        const rows = await readKeys(executor, keys, limits.sweepMax);
        held.add(rows.filter((row) => row.held).map(({ message }) => message.key));
        pending.drop(held);
        if (rows.length < limits.sweepMax) this.merge(rows.filter((row) => !row.held));
        else this.leaveToTable(keys);
      } catch (error) {
        events.failed?.('read', error);
        this.leaveToTable(keys);
      }
    });
  }

  /** Begins no further sweep and no further retry. */
  stop(): void {
    this.stopped = true;
  }

  /** One run at a time. @returns why it failed, or undefined */
  private sweep(olderThanMs: number): Promise<Error | undefined> {
    this.sweeping ??= this.sweepChunks(olderThanMs)
      .then(
        () => undefined,
        (error: unknown) => {
          this.parts.events.failed?.('sweep', error);
          return translate(error);
        },
      )
      .finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  /** Reads chunk after chunk until the owned shards have no row that is not in memory. Without a cursor: rows commit in another order than `seq`. */
  private async sweepChunks(olderThanMs: number): Promise<void> {
    const { executor, limits } = this.parts;
    for (let more = true; more && this.shards.size > 0 && !this.stopped;) {
      await this.sending.settled();
      const shards = [...this.shards];
      more = await this.holdSendsDuring(async () => {
        const rows = await readShards(executor, { shards, olderThanMs, limit: limits.sweepMax });
        return this.merge(rows) && rows.length === limits.sweepMax;
      });
    }
  }

  /** Reads the messages of held keys whose retry is due, and sends them like others. One run at a time. */
  private retryParked({ all = false } = {}): Promise<void> {
    this.retrying ??= this.retryDue(all)
      .catch((error: unknown) => this.parts.events.failed?.('retry', error))
      .finally(() => (this.retrying = undefined));
    return this.retrying;
  }

  private async retryDue(all: boolean): Promise<void> {
    const { executor, limits, held, publisher } = this.parts;
    await held.compare();
    const shards = [...this.shards];
    if (shards.length === 0 || this.stopped) return;
    if (all) await held.allDue(shards);
    const keys = await held.due(shards);
    if (keys.length === 0) return;
    await publisher.askSizes?.();
    const found = await this.holdSendsDuring(async () => {
      const rows = await readKeys(executor, keys, limits.sweepMax);
      held.retry(keys);
      this.merge(rows);
      return new Set(rows.map(({ message }) => message.key));
    });
    await held.release(keys.filter((key) => !found.has(key)));
  }

  /** Nothing is sent until `read` is over. */
  private async holdSendsDuring<T>(read: () => Promise<T>): Promise<T> {
    const result = read();
    const over = result.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(over);
    try {
      return await result;
    } finally {
      this.running.delete(over);
      this.sending.resume();
    }
  }

  /** Puts rows that were read before the waiting messages. @returns whether any row was new */
  private merge(rows: readonly ReadMessage[]): boolean {
    const { held, pending } = this.parts;
    for (const { message } of rows) held.forget(message.key);
    const found = pending.merge(rows.map(({ message }) => message));
    this.sending.found(found);
    return found.length > 0;
  }

  /** Drops the messages of these keys, whose order memory does not know. The table does. */
  private leaveToTable(keys: readonly string[]): void {
    this.parts.pending.drop(new Set(keys));
    this.leftToTable = true;
  }
}
