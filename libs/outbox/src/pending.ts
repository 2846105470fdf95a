import { fitting, fittingOfOneTopic, type BatchSizes } from './batch-size.js';
import type { OutboxMessage } from './outbox.js';

/** What the relay has in memory: what is to be sent, in its order, and the ids of all whose rows are not deleted yet. */
export class Pending {
  private messages: OutboxMessage[] = [];
  private readonly known = new Set<string>();
  /** Of what is to be sent and what is on its way. */
  private bytes = 0;

  get size(): number {
    return this.messages.length;
  }

  has(id: string): boolean {
    return this.known.has(id);
  }

  /** Whether so many more would be within these bounds. */
  hasRoom(more: number, { pendingMax, pendingMaxBytes }: { pendingMax: number; pendingMaxBytes: number }): boolean {
    return this.known.size + more <= pendingMax && this.bytes <= pendingMaxBytes;
  }

  add(message: OutboxMessage): void {
    if (this.known.has(message.id)) return;
    this.known.add(message.id);
    this.messages.push(message);
    this.bytes += message.bytes;
  }

  /** Takes what one request holds, by count and by bytes. Give it back with {@link putBack}, or say that it is {@link sent}. */
  take(max: number, sizes: BatchSizes): OutboxMessage[] {
    return this.messages.splice(0, fitting(this.messages, max, sizes));
  }

  /** The same, of one topic. */
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

  /** Messages about these keys go out of memory. The table has them. */
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
   * What is read goes first, except that it may have been committed after what waits here: the table knows the order of those it
   * brought, and what it did not bring is later. @returns whether anything new came: a chunk of known rows is not read again.
   */
  merge(rows: readonly OutboxMessage[]): boolean {
    const waiting = new Map(this.messages.splice(0).map((message) => [message.id, message]));
    const known = this.known.size;
    for (const row of rows) {
      if (waiting.delete(row.id)) this.messages.push(row);
      else this.add(row);
    }
    this.messages.push(...waiting.values());
    return this.known.size > known;
  }

  select<T>(choose: (message: OutboxMessage) => T | undefined): T[] {
    return this.messages.flatMap((message) => choose(message) ?? []);
  }
}
