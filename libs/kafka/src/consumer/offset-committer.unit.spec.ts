import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Position } from './committed-offsets.js';
import { OffsetCommitter } from './offset-committer.js';

/** Goal: offsets are committed behind the work, the newest per partition; a failed commit loses no position. */
const at = (partition: number, offset: number): Position => ({ topic: 't', partition, offset: String(offset) });
const INTERVAL_MS = 1_000;

describe('committing offsets in the background', () => {
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

  it('waits for the interval and commits the last position of each partition, then nothing while idle', async () => {
    committer.resolved(at(0, 1));
    committer.resolved(at(1, 5));
    committer.resolved(at(0, 2));
    expect(commits).toEqual([]);
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([[at(0, 2), at(1, 5)]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('commits at once on a flush, and again nothing', async () => {
    committer.resolved(at(0, 1));
    await committer.flush();
    await committer.flush();
    expect(commits).toEqual([[at(0, 1)]]);
  });

  it('keeps what could not be committed for the next time', async () => {
    answer = () => Promise.reject(new Error('rebalancing'));
    committer.resolved(at(0, 1));
    await committer.flush();
    expect(failures).toHaveLength(1);
    answer = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([[at(0, 1)], [at(0, 1)]]);
  });

  it('keeps a position that moved on while its commit was under way', async () => {
    answer = () => Promise.resolve(committer.resolved(at(0, 2)));
    committer.resolved(at(0, 1));
    await committer.flush();
    answer = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([[at(0, 1)], [at(0, 2)]]);
  });

  it('forgets positions of partitions that are gone', async () => {
    committer.resolved(at(0, 1));
    committer.clear();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(commits).toEqual([]);
  });
});
