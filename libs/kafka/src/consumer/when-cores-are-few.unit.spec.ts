import { beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { BetweenFetches } from './between-fetches.js';
import { GATHER_MAX_MS } from './settings.js';

/**
 * Goal: in a busy process the next fetch waits as long as a batch took, within a bound; in a process with time to spare for nothing.
 * Method: a load that the spec says; the waits that are asked for.
 */
let waits: number[];
const inProcess = (isBusy: boolean): BetweenFetches =>
  new BetweenFetches({ isBusy }, (ms) => {
    waits.push(ms);
    return Promise.resolve();
  });

beforeEach(() => {
  waits = [];
});

describe('between fetches', () => {
  it('a process with time to spare waits for nothing', async () => {
    await inProcess(false).gather(() => delay(5));
    expect(waits).toEqual([]);
  });

  it('a busy process waits no longer than the batch took', async () => {
    const began = performance.now();
    await inProcess(true).gather(() => Promise.resolve());
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeLessThanOrEqual(performance.now() - began);
  });

  it('a busy process waits no longer than the bound, however long the batch took', async () => {
    await inProcess(true).gather(() => delay(GATHER_MAX_MS + 5));
    expect(waits).toEqual([GATHER_MAX_MS]);
  });

  it('a batch that fails is told at once', async () => {
    const failed = inProcess(true).gather(() => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
    expect(waits).toEqual([]);
  });
});
