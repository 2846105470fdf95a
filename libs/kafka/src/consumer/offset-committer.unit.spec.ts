import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Position } from './committed-offsets.js';
import { OffsetCommitter } from './offset-committer.js';

/** Goal: offsets are committed in the background, the newest per partition, and a failed commit loses no position. */
const at = (partition: number, offset: number): Position => ({ topic: 't', partition, offset: String(offset) });
const INTERVAL_MS = 1_000;

describe('the offset committer', () => {
  let commits: Position[][] = [];
  let failures: unknown[] = [];
  let answer: () => Promise<void> = () => Promise.resolve();
  let committer: OffsetCommitter;

  beforeEach(() => {
    jest.useFakeTimers();
    [commits, failures] = [[], []];
    answer = () => Promise.resolve();
    committer = new OffsetCommitter(
      (positions) => {
        commits.push(positions);
        return answer();
      },
      (error) => failures.push(error),
      INTERVAL_MS,
    );
  });
  afterEach(() => {
    committer.clear();
    jest.useRealTimers();
  });

  it('the last position of each partition is committed after the interval, and nothing while idle', async () => {
    committer.resolved(at(0, 1));
    committer.resolved(at(1, 5));
    committer.resolved(at(0, 2));
    expect(commits).toEqual([]);
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([[at(0, 2), at(1, 5)]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('a flush commits positions at once, and a second flush commits nothing', async () => {
    committer.resolved(at(0, 1));
    await committer.flush();
    await committer.flush();
    expect(commits).toEqual([[at(0, 1)]]);
  });

  it('a position whose commit failed is committed again after the interval', async () => {
    answer = () => Promise.reject(new Error('rebalancing'));
    committer.resolved(at(0, 1));
    await committer.flush();
    expect(failures).toHaveLength(1);
    answer = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([[at(0, 1)], [at(0, 1)]]);
  });

  it('a position that moved on while its commit was under way is committed by the next', async () => {
    answer = () => Promise.resolve(committer.resolved(at(0, 2)));
    committer.resolved(at(0, 1));
    await committer.flush();
    answer = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([[at(0, 1)], [at(0, 2)]]);
  });

  it('positions of partitions that were given up are never committed', async () => {
    committer.resolved(at(0, 1));
    committer.clear();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([]);
  });
});
