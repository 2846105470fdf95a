import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Pace } from './pace.js';

/** Goal: however many streams there are, what they cost to write is bounded, and all write at once. */
let pace: Pace;
beforeEach(() => {
  jest.useFakeTimers();
  pace = new Pace();
});
afterEach(() => void jest.useRealTimers());

/** Streams that have written and wait. @returns how many may write again */
function waiting(streams: number): () => number {
  let woken = 0;
  for (let stream = 0; stream < streams; stream++) void pace.next().then(() => woken++);
  return () => woken;
}

describe('when streams are written', () => {
  it('a few are written twenty times a second, and a hundred five times', () => {
    const leaves = [pace.join()];
    expect(pace.everyMs).toBe(50);
    for (let stream = 1; stream < 100; stream++) leaves.push(pace.join());
    expect(pace.everyMs).toBe(200);
    for (const leave of leaves) leave();
    expect(pace.everyMs).toBe(50);
  });

  it('all that wait go on at once, and whoever waits then waits for the next time', async () => {
    const first = waiting(3);
    await jest.advanceTimersByTimeAsync(49);
    expect(first()).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(first()).toBe(3);
    const second = waiting(1);
    await jest.advanceTimersByTimeAsync(49);
    expect(second()).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(second()).toBe(1);
  });
});
