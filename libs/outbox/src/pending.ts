import { fitting, fittingOfOneTopic, type BatchSizes } from './batch-size.js';
import type { OutboxMessage } from './outbox.js';

/** The relay's memory: the messages to be sent, in order, and the ids of all messages whose rows are not deleted yet. */
export class Pending {
  private messages: OutboxMessage[] = [];
  private readonly known = new Set<string>();
  /** Bytes of the messages to be sent and of those on their way. */
  private bytes = 0;

  get size(): number {
    return this.messages.length;
  }

  has(id: string): boolean {
    return this.known.has(id);
  }

  /** Whether `more` messages would be within these bounds. */
  hasRoom(more: number, { pendingMax, pendingMaxBytes }: { pendingMax: number; pendingMaxBytes: number }): boolean {
    return this.known.size + more <= pendingMax && this.bytes <= pendingMaxBytes;
  }

  add(message: OutboxMessage): void {
    if (this.known.has(message.id)) return;
    this.known.add(message.id);
    this.messages.push(message);
    this.bytes += message.bytes;
  }

  /** Takes as many messages as one request may have, by count and by bytes. {@link putBack} or {@link sent} is to follow. */
  take(max: number, sizes: BatchSizes): OutboxMessage[] {
    return this.messages.splice(0, fitting(this.messages, max, sizes));
  }

  /** Like {@link take}, with messages of one topic only. */
  takeOneTopic(max: number, sizes: BatchSizes): OutboxMessage[] {
    const { taken, rest } = fittingOfOneTopic(this.messages, max, sizes);
    this.messages = rest;
    return taken;
  }

  putBack(batch: readonly OutboxMessage[]): void {
    this.messages.unshift(...batch);
  }

  sent(batch: readonly OutboxMessage[]): void {
    for (const { bytes } of batch) this.bytes -= bytes;
  }

  deleted(ids: readonly string[]): void {
    for (const id of ids) this.known.delete(id);
  }

  /** Drops the messages of these keys from memory. The table has them. */
  drop(keys: { readonly size: number; has(key: string): boolean }): void {
    if (keys.size === 0) return;
    const staying: OutboxMessage[] = [];
    for (const message of this.messages) {
      if (!keys.has(message.key)) {
        staying.push(message);
        continue;
      }
      this.known.delete(message.id);
      this.bytes -= message.bytes;
    }
    this.messages = staying;
  }

  /**
   * Puts rows that were read before the waiting messages. Some of the waiting messages may be among the rows: these take their place in the
   * order of the table. The others were committed later than the read.
   * @returns the rows that were new: none means that a chunk of known rows need not be read again
   */
  merge(rows: readonly OutboxMessage[]): OutboxMessage[] {
    const waiting = new Map(this.messages.splice(0).map((message) => [message.id, message]));
    const found: OutboxMessage[] = [];
    for (const row of rows) {
      if (waiting.delete(row.id)) {
        this.messages.push(row);
      } else if (!this.known.has(row.id)) {
        found.push(row);
        this.add(row);
      }
    }
    this.messages.push(...waiting.values());
    return found;
  }

  select<T>(choose: (message: OutboxMessage) => T | undefined): T[] {
    return this.messages.flatMap((message) => choose(message) ?? []);
  }
}
