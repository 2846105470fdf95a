import { describe, expect, it } from '@jest/globals';
import { ThreadLoad, type Scheduled, type ThreadClock } from './thread-load.js';

/**
 * Goal: a thread is busy when it wants a core for most of its time, or when it waits for cores longer than it has them.
 * Method: a clock that the spec moves; and the clock of this thread.
 */
class Clock implements ThreadClock {
  private time = 5_000;
  private ranMs = 70;
  private waitedMs = 30;
  now(): number {
    return this.time;
  }
  scheduled(): Scheduled {
    return { ranMs: this.ranMs, waitedMs: this.waitedMs };
  }
  goesOn(ms: number, { ran, waited = 0 }: { readonly ran: number; readonly waited?: number }): void {
    this.time += ms;
    this.ranMs += ran;
    this.waitedMs += waited;
  }
}

describe('how busy a thread is', () => {
  it.each([
    { ran: 0, waited: 0, busy: false },
    { ran: 50, waited: 0, busy: false },
    { ran: 51, waited: 0, busy: true },
    { ran: 30, waited: 21, busy: true },
    { ran: 20, waited: 20, busy: false },
    { ran: 5, waited: 6, busy: true },
    { ran: 4, waited: 5, busy: false },
  ])(
    'a thread that ran for $ran ms of 100 and waited for a core for $waited is busy: $busy',
    ({ busy, ...scheduled }) => {
      const clock = new Clock();
      const load = new ThreadLoad(clock);
      clock.goesOn(100, scheduled);
      expect(load.isBusy).toBe(busy);
    },
  );

  it.each([
    { ran: 60, waited: 20, busy: false },
    { ran: 60, waited: 21, busy: true },
    { ran: 5, waited: 6, busy: true },
  ])(
    'beyond 0.8 of its time, a thread that ran for $ran ms of 100 and waited for $waited is busy: $busy',
    ({ busy, ...scheduled }) => {
      const clock = new Clock();
      const load = new ThreadLoad(clock);
      clock.goesOn(100, scheduled);
      expect(load.isBusyFor(0.8)).toBe(busy);
    },
  );

  it('a thread is looked at ten times a second at most', () => {
    const clock = new Clock();
    const load = new ThreadLoad(clock);
    clock.goesOn(100, { ran: 90 });
    expect(load.isBusy).toBe(true);
    clock.goesOn(99, { ran: 0 });
    expect(load.isBusy).toBe(true);
    clock.goesOn(1, { ran: 0 });
    expect(load.isBusy).toBe(false);
  });

  it('a thread that computes without a break is busy by its own clock', () => {
    const load = new ThreadLoad();
    const until = performance.now() + 150;
    while (performance.now() < until);
    expect(load.isBusy).toBe(true);
  });
});
