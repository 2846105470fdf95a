import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import type { Position } from './committed-offsets.js';
import { COMMIT_INTERVAL_MS } from './settings.js';

/**
 * Commits offsets in the background, because on the hot path a commit costs 5 ms a hop. Holds one position per partition.
 * A commit that fails is tried again with the next one. Messages whose offset is never committed are delivered again.
 */
export class OffsetCommitter {
  private readonly positions = new Map<string, Position>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;

  constructor(
    private readonly commit: (positions: Position[]) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
    private readonly intervalMs: number = COMMIT_INTERVAL_MS,
  ) {}

  resolved(position: Position): void {
    this.positions.set(`${position.topic}/${position.partition}`, position);
    this.schedule();
  }

  /** Commits all positions that are resolved by now. Never throws. */
  async flush(): Promise<void> {
    await this.flushing;
    this.flushing = this.commitAll();
    await this.flushing;
  }

  /** Drops the positions that are not committed: the partitions are no longer ours. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.positions.clear();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs);
  }

  private async commitAll(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = [...this.positions];
    if (batch.length === 0) return;
    try {
      if (pausePointsArmed()) await pausePoint('kafka.before-offset-commit');
      await this.commit(batch.map(([, position]) => position));
      for (const [partition, position] of batch) {
        if (this.positions.get(partition) === position) this.positions.delete(partition);
      }
    } catch (error) {
      this.onFailure(error);
      if (this.positions.size > 0) this.schedule();
    }
  }
}
