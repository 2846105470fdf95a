import { describe, expect, it } from '@jest/globals';
import { mayStillCome, nearTo, timeWindowOf } from './time-window.js';

/** Goal: an order's messages are looked for where they can be, and nowhere else once they can no longer come. */
const MINUTE = 60_000;
const placed = Date.parse('2026-01-01T12:00:00.000Z');
const order = { createdAt: '2026-01-01T12:00:00.000Z' };
const ended = { state: 'COMPLETED', updatedAt: '2026-01-01T12:00:05.000Z' } as const;
const running = { state: 'RUNNING', updatedAt: '2026-01-01T12:00:02.000Z' } as const;
const nextDay = placed + 24 * 60 * MINUTE;

describe('the window of an order', () => {
  it('the window of an order begins a little before the order, as clocks differ', () => {
    expect(timeWindowOf(order, [running], nextDay)).toEqual({ sinceMs: placed - MINUTE });
  });

  it('the window of an order closes some time after its last saga has ended', () => {
    expect(timeWindowOf(order, [ended], nextDay)).toEqual({
      sinceMs: placed - MINUTE,
      untilMs: placed + 5_000 + 10 * MINUTE,
    });
  });

  it('the window of an order that has just begun has no end, whatever its sagas say', () => {
    const atOnce = { state: 'COMPLETED', updatedAt: order.createdAt } as const;
    for (const nowMs of [placed, placed + 10 * MINUTE]) {
      expect(mayStillCome(order, nowMs)).toBe(true);
      expect(timeWindowOf(order, [atOnce], nowMs)).toEqual(timeWindowOf(order, [], nowMs));
    }
    expect(mayStillCome(order, placed + 10 * MINUTE + 1)).toBe(false);
  });

  it('first it is looked near the order, up to the same end', () => {
    const window = timeWindowOf(order, [ended], nextDay);
    expect(nearTo(window)).toEqual({ sinceMs: placed - 2_000, untilMs: window.untilMs });
  });

  it.each([
    ['a saga is at work', [ended, running], nextDay],
    ['a saga is stuck', [{ ...running, state: 'STUCK' as const }], nextDay],
    ['the last one ended just now', [ended], placed + MINUTE],
    ['none has begun', [], nextDay],
    ['the orchestrator is away', undefined, nextDay],
  ])('the window of an order stays open while %s', (_, sagas, nowMs) => {
    expect(timeWindowOf(order, sagas, nowMs)).toEqual({ sinceMs: placed - MINUTE });
  });
});
