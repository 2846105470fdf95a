import type { Break } from './time-scale.js';

/** How much faster than it happened. Most orders take less than a second, so slower than it happened is offered too. */
export const SPEEDS = [0.1, 1, 10] as const;
export type Speed = (typeof SPEEDS)[number];

/** A pause that is folded is played in this time, if it is longer. */
const PAUSE_MS = 500;

/**
 * The moment that is shown after a while.
 * @param from where it began, in ms since 1970
 * @param elapsedMs since then
 * @param pauses those that are folded, in order
 */
export function playedTo(
  from: number,
  elapsedMs: number,
  speed: number,
  pauses: readonly Pick<Break, 'from' | 'to'>[],
): number {
  let at = from;
  let left = elapsedMs;
  for (const pause of pauses) {
    if (pause.to <= at) continue;
    const until = Math.max(0, pause.from - at) / speed;
    if (left < until) break;
    left -= until;
    at = Math.max(at, pause.from);
    const whole = pause.to - pause.from;
    const rest = pause.to - at;
    const within = Math.min(PAUSE_MS, whole / speed) * (rest / whole);
    if (left < within) return at + (left / within) * rest;
    left -= within;
    at = pause.to;
  }
  return at + left * speed;
}
