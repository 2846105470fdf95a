import { write, type Executor } from '@backstep/concurrency';
import { acknowledgedPart } from './outbox.js';

interface Limits {
  readonly deleteMax: number;
  readonly flushAfterMs: number;
  readonly flushForeignAfterMs: number;
}

/** Ids of rows whose messages Kafka has acknowledged. The next write deletes them; ids that no write takes are deleted by a timer. */
export class Acknowledged {
  private ids: string[] = [];
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private inMs = 0;
  private readonly keeping = new Set<NodeJS.Timeout>();

  constructor(
    private readonly executor: Executor,
    private readonly limits: Limits,
    private readonly events: { deleted(ids: readonly string[]): void; failed(error: unknown): void },
  ) {}

  add(messages: readonly { readonly id: string }[]): void {
    for (const { id } of messages) this.ids.push(id);
  }

  /**
   * Like {@link add}, for rows that are to stay in the table for `flushForeignAfterMs`. No write deletes them before. When the process stops
   * earlier, the owners of their shards send them again.
   */
  keep(messages: readonly { readonly id: string }[]): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.keeping.delete(timer);
      this.add(messages);
      void this.flush();
    }, this.limits.flushForeignAfterMs);
    this.keeping.add(timer);
  }

  take(): string[] {
    return this.ids.splice(0, this.limits.deleteMax);
  }

  giveBack(ids: readonly string[]): void {
    this.ids.push(...ids);
    this.flushLater(true);
  }

  /** Rows of shards that others own are deleted soon: the next writer of their keys would read them as unsent, and send them again. */
  flushLater(own: boolean): void {
    const inMs = own ? this.limits.flushAfterMs : this.limits.flushForeignAfterMs;
    if (this.stopped || (this.timer && this.inMs <= inMs)) return;
    clearTimeout(this.timer);
    this.inMs = inMs;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, inMs);
  }

  async flush(): Promise<void> {
    while (this.ids.length > 0) {
      const ids = this.take();
      try {
        await write(this.executor, [acknowledgedPart(ids)]);
        this.events.deleted(ids);
      } catch (error) {
        this.giveBack(ids);
        this.events.failed(error);
        return;
      }
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const timer of this.keeping) clearTimeout(timer);
    await this.flush();
  }
}
