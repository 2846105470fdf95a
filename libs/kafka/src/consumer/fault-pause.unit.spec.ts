import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FaultPause } from './fault-pause.js';

/** Goal: pauses grow up to a cap while probes fail, faults in flight beside the first count once, and success starts over. */
describe('pausing while the database is away', () => {
  const calls: string[] = [];
  const make = () =>
    new FaultPause(
      { pause: () => calls.push('pause'), resume: () => calls.push('resume') },
      { baseMs: 100, capMs: 1_000 },
    );

  beforeEach(() => {
    calls.length = 0;
    jest.useFakeTimers();
    // The upper end of the jitter, so that the growth can be seen.
    jest.spyOn(Math, 'random').mockReturnValue(1);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('doubles the pause with every failed probe, up to the cap', () => {
    const pause = make();
    const pauses = Array.from({ length: 6 }, () => {
      const pauseMs = pause.trip();
      jest.runAllTimers();
      return pauseMs;
    });
    expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(calls.slice(0, 4)).toEqual(['pause', 'resume', 'pause', 'resume']);
  });

  it('counts faults of one moment once', () => {
    const pause = make();
    expect([pause.trip(), pause.trip(), pause.trip()]).toEqual([100, undefined, undefined]);
    expect(calls).toEqual(['pause']);
  });

  it('starts over after a success, but not for a batch that was in flight when the fault came', () => {
    const pause = make();
    pause.trip();
    pause.succeeded();
    jest.runAllTimers();
    expect(pause.trip()).toBe(200);
    jest.runAllTimers();
    pause.succeeded();
    expect(pause.trip()).toBe(100);
    pause.stop();
  });

  it('never resumes once stopped', () => {
    const pause = make();
    pause.trip();
    pause.stop();
    jest.runAllTimers();
    expect(calls).toEqual(['pause']);
  });
});
