import type { How } from './arrivals.js';
import type { Mark } from './marks.js';
import type { LaneMessage, Lanes } from './model.js';
import { type Break, type TimeScale, timeScale } from './time-scale.js';

/** One arrow of a message: from its sender to one lane that it reached. */
export interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly how: How;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
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

export interface DrawnMessage {
  readonly message: LaneMessage;
  readonly arrows: readonly Arrow[];
  readonly label: Label;
  readonly repetitions: readonly Repetition[];
}

/** A compensation in the band: from when it was asked for, back to the step that it takes back. */
export interface DrawnUndo {
  readonly key: string;
  readonly step: string;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly isDone: boolean;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly { readonly name: string; readonly y: number; readonly isMissing: boolean }[];
  readonly messages: readonly DrawnMessage[];
  readonly undos: readonly DrawnUndo[];
  /** The top of the band of compensations; undefined where there is none. */
  readonly bandY: number | undefined;
  readonly pivots: readonly { readonly step: string; readonly x: number }[];
  readonly marks: readonly { readonly mark: Mark; readonly x: number; readonly y: number }[];
  readonly breaks: readonly Break[];
  readonly ticks: readonly { readonly x: number; readonly at: number }[];
  readonly scale: TimeScale;
}

export interface DrawingOptions {
  readonly foldPauses: boolean;
  readonly showRepeated: boolean;
  /** The width that the picture shall have, in px, where it can. */
  readonly fitPx?: number | undefined;
  /** All of it, where the lanes are those of a moment: whatever comes later has its room already, so nothing moves as it comes. */
  readonly whole?: Lanes;
}

const AXIS_PX = 44;
export const LANE_PX = 72;
const BAND_PX = 30;
const BAND_GAP_PX = 40;
/** Of a repetition, before the lane that it does not reach. */
const SHORT_OF_PX = 14;
const TICK_EVERY_PX = 96;
const LABEL_RISE_PX = 9;
const LABEL_LINE_PX = 14;
const LABEL_LEVELS = 3;
const CHARACTER_PX = 6.6;

/** Where everything is drawn. Lanes × time needs no layout engine: the same lanes give the same picture. */
export function drawingOf(lanes: Lanes, { foldPauses, showRepeated, fitPx, whole = lanes }: DrawingOptions): Drawing {
  const { messages } = lanes;
  const scale = timeScale(
    [
      ...whole.messages.flatMap(({ saidAt, to, repeated }) => [
        saidAt,
        ...to.map(({ at }) => at),
        ...(showRepeated ? repeated.map(({ at }) => at) : []),
      ]),
      ...whole.marks.map(({ at }) => at),
    ],
    { foldPauses, fitPx },
  );
  const yOf = new Map(lanes.lanes.map((name, index) => [name, AXIS_PX + LANE_PX * (index + 0.5)]));
  const y = (lane: string): number => yOf.get(lane) ?? AXIS_PX;
  const place = labelPlaces();
  const drawn = messages.map((message): DrawnMessage => {
    const arrows = message.to.map(({ lane, at, how }) => ({
      x1: scale.x(message.saidAt),
      y1: y(message.from),
      x2: scale.x(at),
      y2: y(lane),
      how,
    }));
    return {
      message,
      arrows,
      label: place(message, arrows[0], scale.x(message.saidAt), y(message.from)),
      repetitions: showRepeated ? repetitionsOf(message, scale, y) : [],
    };
  });
  const bottom = AXIS_PX + LANE_PX * lanes.lanes.length;
  const undos = undosOf(messages, scale, bottom + BAND_GAP_PX);
  const undosInAll = whole === lanes ? undos.length : undosOf(whole.messages, scale, 0).length;
  return {
    width: scale.width,
    height: bottom + (undosInAll > 0 ? BAND_GAP_PX + BAND_PX * undosInAll : 8),
    lanes: [...yOf].map(([name, at]) => ({ name, y: at, isMissing: lanes.missing.includes(name) })),
    messages: drawn,
    undos,
    bandY: undosInAll > 0 ? bottom : undefined,
    pivots: lanes.pivots.map(({ step, at }) => ({ step, x: scale.x(at) })),
    marks: lanes.marks.map((mark) => ({ mark, x: scale.x(mark.at), y: y(mark.lane) })),
    breaks: scale.breaks,
    ticks: ticksOf(whole.messages, scale),
    scale,
  };
}

/** Each ends before the lanes that dropped it; before the first that the message reached, where none is known to. */
function repetitionsOf({ from, to, repeated }: LaneMessage, scale: TimeScale, y: (lane: string) => number) {
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

/** The latest below: each is wider than the one before, as compensations run in reverse. */
function undosOf(messages: readonly LaneMessage[], scale: TimeScale, top: number): readonly DrawnUndo[] {
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const done = new Set(messages.filter(({ meaning }) => meaning === 'undone').map(({ commandId }) => commandId));
  return messages
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
          y: top + BAND_PX * (index + 0.5),
          isDone: done.has(message.commandId),
        },
      ];
    });
}

function ticksOf(messages: readonly LaneMessage[], scale: TimeScale) {
  const ticks: { x: number; at: number }[] = [];
  for (const at of [...new Set(messages.map(({ saidAt }) => saidAt))].sort((a, b) => a - b)) {
    const x = scale.x(at);
    if (x - (ticks.at(-1)?.x ?? -Infinity) >= TICK_EVERY_PX) ticks.push({ x, at });
  }
  return ticks;
}

/**
 * A command is named to the left of where it arrives, an event to the right of where it is told: both stand over the lane of the service.
 * One that would cover another goes a line higher.
 */
function labelPlaces() {
  const taken: { readonly left: number; readonly right: number; readonly y: number }[] = [];
  return ({ type, kind }: LaneMessage, arrow: Arrow | undefined, x: number, y: number): Label => {
    const isCommand = kind === 'command' && arrow !== undefined;
    const at = isCommand ? { x: arrow.x2 - 7, y: arrow.y2 } : { x: x + 7, y };
    const width = (type.length + 3) * CHARACTER_PX;
    const [left, right] = isCommand ? [at.x - width, at.x] : [at.x, at.x + width];
    const isFree = (line: number): boolean =>
      !taken.some((one) => one.y === line && one.left < right && left < one.right);
    const lines = Array.from({ length: LABEL_LEVELS }, (_, level) => at.y - LABEL_RISE_PX - LABEL_LINE_PX * level);
    const line = lines.find(isFree) ?? at.y - LABEL_RISE_PX;
    taken.push({ left, right, y: line });
    return { x: at.x, y: line, anchor: isCommand ? 'end' : 'start' };
  };
}
