import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Scheduled } from '@backstep/resilience';
import { Gathering, type LoopClock } from './gathering.js';
import { ExpressLane } from './lane.js';

/**
 * Goal: in a busy process, messages that come by express wait for company as long as the last ones took, 12 ms at most; otherwise for nothing.
 * Method: lanes with a clock that the spec moves.
 */
class Clock implements LoopClock {
  private time = 1_000;
  private busy = 0;
  private timers: { readonly at: number; readonly act: () => void }[] = [];
  now(): number {
    return this.time;
  }
  scheduled(): Scheduled {
    return { ranMs: this.busy, waitedMs: 0 };
  }
  after(ms: number, act: () => void): void {
    this.timers.push({ at: this.time + ms, act });
  }
  /** @param share of the time, for which the thread runs */
  goesOn(ms: number, share: number): void {
    this.time += ms;
    this.busy += ms * share;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { act } of due) act();
  }
}

let clock: Clock;
let gathering: Gathering;
let begun: string[];
let ends: Map<string, () => void>;

/** A lane that is open. */
function openLane(): ExpressLane {
  const lane = new ExpressLane({
    max: 100,
    gathering,
    isCurrent: () => true,
    run: ({ id }) => {
      begun.push(id);
      return new Promise((resolve) => ends.set(id, () => resolve(true)));
    },
  });
  lane.offer(message('x0'));
  void lane.arrived('x0');
  lane.settled(['x0']);
  return lane;
}

async function end(id: string): Promise<void> {
  ends.get(id)?.();
  await new Promise((resolve) => setImmediate(resolve));
}

const message = (id: string) => ({ id, key: id.slice(0, 1) });

/** The last wave took so long. */
function took(ms: number): void {
  const ended = gathering.began();
  clock.goesOn(ms, 0.9);
  ended();
}

beforeEach(() => {
  begun = [];
  ends = new Map();
  clock = new Clock();
  gathering = new Gathering(clock);
});

describe('express in a process that has time to spare', () => {
  it('a message begins at once', () => {
    const lane = openLane();
    clock.goesOn(200, 0.8);
    lane.offer(message('a1'));
    expect(begun).toEqual(['a1']);
  });

  it('a message begins at once after a quiet time, whatever was before', () => {
    const lane = openLane();
    clock.goesOn(200, 1);
    openLane().offer(message('b1'));
    clock.goesOn(2_000, 0.1);
    expect(begun).toEqual(['b1']);
    lane.offer(message('a1'));
    expect(begun).toEqual(['b1', 'a1']);
  });
});

describe('express in a busy process', () => {
  let lane: ExpressLane;
  let other: ExpressLane;
  beforeEach(() => {
    took(50);
    [lane, other] = [openLane(), openLane()];
    clock.goesOn(200, 0.9);
  });

  it('a wave waits as long as the one before took, from its beginning to the end of its last message', async () => {
    took(2);
    lane.offer(message('a1'));
    lane.offer(message('b1'));
    clock.goesOn(2, 1);
    expect(begun).toEqual(['a1', 'b1']);
    clock.goesOn(3, 1);
    await end('a1');
    clock.goesOn(4, 1);
    await end('b1');
    lane.offer(message('c1'));
    clock.goesOn(6, 1);
    expect(begun).toEqual(['a1', 'b1']);
    clock.goesOn(1, 1);
    expect(begun).toEqual(['a1', 'b1', 'c1']);
  });

  it('messages of all lanes of a reader begin together, 12 ms after the first, where they take longer than that', () => {
    expect(lane.offer(message('a1'))).toBe('handed-over');
    clock.goesOn(11, 1);
    expect(lane.offer(message('b1'))).toBe('handed-over');
    expect(other.offer(message('c1'))).toBe('handed-over');
    expect(begun).toEqual([]);
    clock.goesOn(1, 1);
    expect(begun).toEqual(['a1', 'b1', 'c1']);
    clock.goesOn(1_000, 1);
    expect(begun).toHaveLength(3);
  });

  it('a message that waits for company is taken by Kafka’s copy, and does not begin', () => {
    lane.offer(message('a1'));
    lane.offer(message('b1'));
    expect(lane.arrived('a1')).toBe(false);
    clock.goesOn(12, 1);
    expect(begun).toEqual([]);
    lane.settled(['a1']);
    clock.goesOn(12, 1);
    expect(begun).toEqual(['b1']);
  });

  it('a message that waits for company does not begin when its lane has ended', async () => {
    lane.offer(message('a1'));
    await lane.end();
    clock.goesOn(12, 1);
    expect(begun).toEqual([]);
  });
});
