import { setTimeout as delay } from 'node:timers/promises';
import { THIS_THREAD, type ThreadLoad } from '@backstep/resilience';
import { GATHER_MAX_MS } from './settings.js';

/**
 * Lets messages gather in Kafka while the process or its machine is busy: kafkajs fetches again when all batches of the last fetch are done, so a batch
 * that is done later makes the next ones larger, and a commit is shared by more. A wait is no longer than the batch took, so a partition is never slowed
 * down to less than half; a process with time to spare waits for nothing. See docs/decisions/0072-gathering-where-cores-are-few.md.
 */
export class BetweenFetches {
  /** @param load of the thread that handles the batches @param wait for so many milliseconds */
  constructor(
    private readonly load: Pick<ThreadLoad, 'isBusy'> = THIS_THREAD,
    private readonly wait: (ms: number) => Promise<unknown> = delay,
  ) {}

  /** Does the work with one batch. @throws what it threw, at once */
  async gather(work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    if (this.load.isBusy) await this.wait(Math.min(GATHER_MAX_MS, performance.now() - began));
  }
}
