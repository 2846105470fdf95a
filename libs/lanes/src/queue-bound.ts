import { LaneFullError } from './errors.js';
import type { LaneDefinition } from './lane-definition.js';
import type { LaneStore } from './lane-store.js';

/** Keeps the waiting entries of a lane below `queueMax`, with one count every `countEveryMs`; what this instance took since is added. */
export class QueueBound {
  private counted = 0;
  private since = 0;
  private countedAt = -Infinity;
  private counting: Promise<void> | undefined;

  constructor(
    private readonly definition: Pick<LaneDefinition, 'name' | 'limits'>,
    private readonly store: Pick<LaneStore, 'waiting'>,
  ) {}

  /** @throws LaneFullError; DatabaseUnavailableError */
  async admit(): Promise<void> {
    const { name, limits } = this.definition;
    if (Date.now() - this.countedAt > limits.countEveryMs) await (this.counting ??= this.count());
    if (this.counted + this.since >= limits.queueMax) throw new LaneFullError(name, limits.queueMax);
    this.since++;
  }

  private async count(): Promise<void> {
    const { name, limits } = this.definition;
    try {
      const { queued } = await this.store.waiting(name, limits.queueMax);
      this.counted = queued;
      this.since = 0;
      this.countedAt = Date.now();
    } finally {
      this.counting = undefined;
    }
  }
}
