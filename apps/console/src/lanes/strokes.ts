import type { How } from './arrivals.js';
import type { Line } from './arrow-shape.js';
import type { Item } from './items.js';
import type { LaneMessage } from './model.js';
import type { Tick } from './ticks.js';
import type { TimeScale } from './time-scale.js';

/** One arrow of a message: from its sender to one lane that it reached. */
export interface Arrow extends Line {
  readonly how: How;
  readonly ticks: readonly DrawnTick[];
}

/** A moment on an arrow's way. */
export interface DrawnTick extends Tick {
  readonly x: number;
  readonly y: number;
  /** Later than the arrival: a message that was handed over may be in its inbox before it is in Kafka. The tick stands beside the head. */
  readonly isBeyond: boolean;
}

/** A record with an id that its readers have already. */
export interface Repetition {
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
  readonly offset: string;
  /** The service saw itself drop it. */
  readonly isObserved: boolean;
}

/** A compensation in the band: from when it was asked for, back to the step that it takes back. */
export interface DrawnUndo {
  readonly key: string;
  readonly step: string;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  /** Of the lane in which the step was done: it is joined to that. */
  readonly stepY: number;
  readonly isDone: boolean;
}

/** Of a repetition, before the lane that it does not reach. */
const SHORT_OF_PX = 14;

/** Where on a line each moment is, by its time. */
export const ticksOn = (
  { x1, y1, x2, y2 }: Line,
  ticks: readonly Tick[],
  scale: Pick<TimeScale, 'x'>,
): readonly DrawnTick[] =>
  ticks.map((tick) => {
    const x = scale.x(tick.at);
    // An arrow that takes no time has its moments in its middle.
    const share = x2 === x1 ? 0.5 : Math.min(1, (x - x1) / (x2 - x1));
    return { ...tick, x, y: y1 + share * (y2 - y1), isBeyond: x > x2 };
  });

/** Each ends before the lanes that dropped it; before the first that the message reached, where none is known to. */
export function repetitionsOf(
  { from, to, repeated }: LaneMessage,
  scale: TimeScale,
  y: (lane: string) => number,
): readonly Repetition[] {
  return repeated.flatMap(({ at, offset, drops }) => {
    const [first] = to;
    const ends = drops.length > 0 ? drops : first ? [{ lane: first.lane, how: 'inferred' as const }] : [];
    return ends.map(({ lane, how }) => {
      const [y1, y2] = [y(from), y(lane)];
      const shortOf = y2 + Math.sign(y1 - y2) * SHORT_OF_PX;
      return { x: scale.x(at), y1, y2: shortOf, offset, isObserved: how === 'observed' };
    });
  });
}

/**
 * The latest below: each is wider than the one before, as compensations run in reverse.
 * @param single what is drawn by itself: a compensation within a group has no line of its own
 * @param messages all of them
 */
export function undosOf(
  single: readonly { readonly item: Item; readonly message: LaneMessage }[],
  messages: readonly LaneMessage[],
  scale: TimeScale,
  y: (lane: string) => number,
  { top, linePx }: { readonly top: number; readonly linePx: number },
): readonly DrawnUndo[] {
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const done = new Set(messages.filter(({ meaning }) => meaning === 'undone').map(({ commandId }) => commandId));
  return single
    .map(({ message }) => message)
    .filter(({ meaning, attempt }) => meaning === 'undoing' && attempt.number === 1)
    .flatMap((message, index) => {
      const undone = message.undoes === undefined ? undefined : byKey.get(message.undoes);
      if (!undone || !message.exchange) return [];
      return [
        {
          key: message.key,
          step: message.exchange.step,
          from: scale.x(message.saidAt),
          to: scale.x(undone.to[0]?.at ?? undone.saidAt),
          y: top + linePx * (index + 0.5),
          stepY: y(undone.to[0]?.lane ?? undone.from),
          isDone: done.has(message.commandId),
        },
      ];
    });
}
