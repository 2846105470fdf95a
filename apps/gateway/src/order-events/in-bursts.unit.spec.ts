import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { inBursts } from './in-bursts.js';

/** Goal: what comes together is handed on together, and nothing waits for what does not come. */
const LIMITS = { ms: 20, items: 3 };

async function* sourceOf(...steps: (number | 'pause' | Error)[]): AsyncGenerator<number, void, void> {
  for (const step of steps) {
    if (step === 'pause') await delay(5 * LIMITS.ms);
    else if (step instanceof Error) throw step;
    else yield step;
  }
}

async function burstsOf(source: AsyncGenerator<number, void, void>): Promise<number[][]> {
  const bursts: number[][] = [];
  for await (const burst of inBursts(source, LIMITS)) bursts.push(burst);
  return bursts;
}

describe('messages in bursts', () => {
  it('messages are grouped by when they come', async () => {
    expect(await burstsOf(sourceOf(1, 2, 'pause', 3, 'pause', 4, 5))).toEqual([[1, 2], [3], [4, 5]]);
  });

  it('a burst has no more messages than the limit', async () => {
    expect(await burstsOf(sourceOf(1, 2, 3, 4, 5))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('a source without messages has no burst', async () => {
    expect(await burstsOf(sourceOf())).toEqual([]);
  });

  it('messages before an error are handed on first', async () => {
    const seen: number[][] = [];
    const reading = (async () => {
      for await (const burst of inBursts(sourceOf(1, 2, new Error('Kafka is away')), LIMITS)) {
        // Long enough for the error to come while nobody waits for it.
        await delay(2 * LIMITS.ms);
        seen.push(burst);
      }
    })();
    await expect(reading).rejects.toThrow('Kafka is away');
    expect(seen).toEqual([[1, 2]]);
  });

  it('the source is closed when its reader stops', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<number, void, void> {
      try {
        for (;;) yield 1;
      } finally {
        closed = true;
      }
    }
    for await (const burst of inBursts(endless(), LIMITS)) if (burst.length > 0) break;
    expect(closed).toBe(true);
  });
});
