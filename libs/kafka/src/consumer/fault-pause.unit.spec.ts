import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FaultPause } from './fault-pause.js';

/** Goal: pauses grow up to a cap while probes fail, faults of batches in flight together count once, and a success resets the pause. */
describe('the pause while the database is away', () => {
  const calls: string[] = [];
  const make = () =>
    new FaultPause(
      { pause: () => calls.push('pause'), resume: () => calls.push('resume') },
      { baseMs: 100, capMs: 1_000 },
    );

  beforeEach(() => {
    calls.length = 0;
    jest.useFakeTimers();
    // The upper end of the jitter, so that the pauses are exact.
    jest.spyOn(Math, 'random').mockReturnValue(1);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('the pause doubles with every failed probe, up to the cap', () => {
    const pause = make();
    const pauses = Array.from({ length: 6 }, () => {
      const pauseMs = pause.trip();
      jest.runAllTimers();
      return pauseMs;
    });
    expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(calls.slice(0, 4)).toEqual(['pause', 'resume', 'pause', 'resume']);
  });

  it('faults that come during a pause count as the fault that began it', () => {
    const pause = make();
    expect([pause.trip(), pause.trip(), pause.trip()]).toEqual([100, undefined, undefined]);
    expect(calls).toEqual(['pause']);
  });

  it('a success makes the next pause short again, unless its batch was in flight when the fault came', () => {
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

  it('a pause that is stopped never resumes consumption', () => {
    const pause = make();
    pause.trip();
    pause.stop();
    jest.runAllTimers();
    expect(calls).toEqual(['pause']);
  });
});
