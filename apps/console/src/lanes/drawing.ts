import type { Arrival } from './arrivals.js';
import { lineOf } from './arrow-shape.js';
import { endOf, itemSentence, labelOf, openSentence, openText, startOf } from './item-text.js';
import { type Item, itemsAt, itemsOf } from './items.js';
import { type Label, labelPlaces, widthOf } from './label-places.js';
import type { Mark } from './marks.js';
import type { LaneMessage, Lanes } from './model.js';
import { type Arrow, repetitionsOf, type Repetition, ticksOn, type DrawnUndo, undosOf } from './strokes.js';
import { type Break, type TimeScale, timeScale } from './time-scale.js';

/** A message, or the sendings of one command as one. */
export interface DrawnMessage {
  readonly item: Item;
  /** The first of the item; of a stack, with what reached its lanes of all of them. */
  readonly message: LaneMessage;
  readonly arrows: readonly Arrow[];
  readonly label: Label;
  readonly repetitions: readonly Repetition[];
}

/** Messages that are drawn as one box, over the lanes that they touch. */
export interface DrawnGroup {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: Label;
  readonly sentence: string;
}

/** What is open, and folds again. */
export interface DrawnOpen {
  readonly item: Item;
  readonly x: number;
  readonly width: number;
  readonly text: string;
  readonly sentence: string;
}

/** A pause, and how many messages were sent again in it that are drawn with their first sending. */
export interface DrawnBreak extends Break {
  readonly stacked: number;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly { readonly name: string; readonly y: number; readonly isMissing: boolean }[];
  /** All that is drawn of messages, in the order of their causes. */
  readonly items: readonly Item[];
  readonly messages: readonly DrawnMessage[];
  readonly groups: readonly DrawnGroup[];
  readonly opened: readonly DrawnOpen[];
  /** Where these stand, below the lanes; undefined where nothing is open. */
  readonly openedY: number | undefined;
  readonly undos: readonly DrawnUndo[];
  /** The top of the band of compensations; undefined where there is none. */
  readonly bandY: number | undefined;
  readonly pivots: readonly { readonly key: string; readonly step: string; readonly x: number }[];
  readonly marks: readonly { readonly mark: Mark; readonly x: number; readonly y: number }[];
  readonly breaks: readonly DrawnBreak[];
  readonly openBreaks: readonly DrawnBreak[];
  /** The first has the time of day, the others how long after the beginning they are. */
  readonly ticks: readonly { readonly x: number; readonly at: number; readonly isFirst: boolean }[];
  readonly scale: TimeScale;
}

export interface DrawingOptions {
  readonly foldPauses: boolean;
  readonly showRepeated: boolean;
  /** What somebody has opened, as an address says it; 'all', which is the default: each message is drawn by itself. */
  readonly open?: ReadonlySet<string> | 'all';
  /** The width that the picture shall have, in px, where it can. */
  readonly fitPx?: number | undefined;
  /** All of it, where the lanes are those of a moment: whatever comes later has its room already, so nothing moves as it comes. */
  readonly whole?: Lanes;
}

const AXIS_PX = 44;
export const LANE_PX = 72;
export const OPENED_PX = 28;
const BAND_PX = 30;
const BAND_GAP_PX = 40;
const TICK_EVERY_PX = 96;
const GROUP_MIN_PX = 24;
/** So far a box stands out of its lanes. */
const GROUP_OUT_PX = 12;
const OPENED_GAP_PX = 6;

/** Where everything is drawn. Lanes × time needs no layout engine: the same lanes give the same picture. */
export function drawingOf(lanes: Lanes, options: DrawingOptions): Drawing {
  const { foldPauses, showRepeated, open = 'all', fitPx, whole = lanes } = options;
  const inAll = itemsOf(whole, open);
  const then = new Map(lanes.messages.map((message) => [message.key, message]));
  const items = whole === lanes ? inAll.items : itemsAt(inAll.items, then);
  const all = drawnOnceOf(inAll.items, whole);
  const scale = timeScale(timesIn(all, showRepeated), {
    foldPauses,
    busy: all.groups.map(({ messages: members }) => ({ from: startOf(members), to: endOf(members) })),
    open: open === 'all' ? undefined : open,
    fitPx,
  });
  const now = whole === lanes ? all : drawnOnceOf(items, lanes);
  const yOf = new Map(lanes.lanes.map((name, index) => [name, AXIS_PX + LANE_PX * (index + 0.5)]));
  const y = (lane: string): number => yOf.get(lane) ?? AXIS_PX;
  const place = labelPlaces();
  const messages = now.single.map(({ item, message }): DrawnMessage => {
    const arrows = message.to.map(({ lane, at, how }) => {
      const line = { x1: scale.x(message.saidAt), y1: y(message.from), x2: scale.x(at), y2: y(lane) };
      return { ...line, how, ticks: ticksOn(lineOf(line), message.ticks, scale) };
    });
    return {
      item,
      message,
      arrows,
      label: place(labelOf(item), ...labelSpot(message, arrows[0], scale.x(message.saidAt), y(message.from))),
      repetitions: showRepeated ? repetitionsOf(message, scale, y) : [],
    };
  });
  const groups = now.groups.map((item): DrawnGroup => {
    const x = scale.x(startOf(item.messages));
    const levels = item.messages.flatMap(({ from, to }) => [from, ...to.map(({ lane }) => lane)]).map(y);
    const [top, bottom] = [Math.min(...levels) - GROUP_OUT_PX, Math.max(...levels) + GROUP_OUT_PX];
    return {
      ...{ item, x, y: top, height: bottom - top, sentence: itemSentence(item) },
      width: Math.max(GROUP_MIN_PX, scale.x(endOf(item.messages)) - x),
      label: place(labelOf(item), { x: x + 4, y: bottom - GROUP_OUT_PX }, 'start'),
    };
  });
  const openedInAll = openedOf(inAll.opened, scale);
  const opened = openedInAll.filter(({ item }) => item.messages.some(({ key }) => then.has(key)));
  const bottom = AXIS_PX + LANE_PX * lanes.lanes.length + (inAll.opened.length > 0 ? OPENED_PX : 0);
  const undos = undosOf(now.single, lanes.messages, scale, y, { top: bottom + BAND_GAP_PX, linePx: BAND_PX });
  const undosInAll =
    whole === lanes ? undos.length : undosOf(all.single, whole.messages, scale, y, { top: 0, linePx: 0 }).length;
  const folded = now.groups.filter(({ kind }) => kind === 'saga').flatMap((item) => item.messages);
  const foldedSagas = new Set(folded.map(({ exchange }) => exchange?.sagaId));
  return {
    width: Math.max(scale.width, ...openedInAll.map((one) => one.x + one.width)),
    height: bottom + (undosInAll > 0 ? BAND_GAP_PX + BAND_PX * undosInAll : 8),
    lanes: [...yOf].map(([name, at]) => ({ name, y: at, isMissing: lanes.missing.includes(name) })),
    items,
    messages,
    groups,
    opened,
    openedY: inAll.opened.length > 0 ? bottom - OPENED_PX : undefined,
    undos,
    bandY: undosInAll > 0 ? bottom : undefined,
    pivots: lanes.pivots
      .filter(({ sagaId }) => !foldedSagas.has(sagaId))
      .map(({ sagaId, step, at }) => ({ key: `${sagaId} ${step}`, step, x: scale.x(at) })),
    marks: now.marks.map((mark) => ({ mark, x: scale.x(mark.at), y: y(mark.lane) })),
    breaks: scale.breaks.map(withStacked(inAll.items)),
    openBreaks: scale.openBreaks.map(withStacked(inAll.items)),
    ticks: ticksOf(all, scale),
    scale,
  };
}

interface DrawnOnce {
  readonly single: readonly { readonly item: Item; readonly message: LaneMessage }[];
  readonly groups: readonly Item[];
  readonly marks: readonly Mark[];
}

const withStacked =
  (items: readonly Item[]) =>
  (one: Break): DrawnBreak => {
    const again = items.flatMap(({ kind, messages: [, ...others] }) => (kind === 'stack' ? others : []));
    return { ...one, stacked: again.filter(({ saidAt }) => saidAt > one.from && saidAt < one.to).length };
  };

/** What is drawn by itself. A mark of a message that is drawn with others goes with it: the table has it. */
function drawnOnceOf(items: readonly Item[], { marks }: Lanes): DrawnOnce {
  const isGroup = ({ kind }: Item): boolean => kind === 'saga' || kind === 'exchange';
  const alone = new Set(items.filter(({ kind }) => kind === 'message').map(({ messages: [{ key }] }) => key));
  return {
    single: items.filter((item) => !isGroup(item)).map((item) => ({ item, message: asOne(item) })),
    groups: items.filter(isGroup),
    marks: marks.filter(({ of }) => of === undefined || alone.has(of)),
  };
}

/** Of sendings the first, with what is known best of where any of them arrived. */
function asOne({ messages: [first, ...others] }: Item): LaneMessage {
  if (others.length === 0) return first;
  const to = new Map<string, Arrival>();
  for (const arrival of [first, ...others].flatMap((one) => one.to)) {
    const known = to.get(arrival.lane);
    if (!known || CERTAINTY[arrival.how] < CERTAINTY[known.how]) to.set(arrival.lane, arrival);
  }
  return { ...first, to: [...to.values()], repeated: [first, ...others].flatMap(({ repeated }) => repeated) };
}

/** What is wrong first, then what is certain; among equals the earlier sending. */
const CERTAINTY = { parked: 0, received: 1, reacted: 1, inferred: 2, unread: 3 } as const;

const timesIn = ({ single, groups, marks }: DrawnOnce, showRepeated: boolean): readonly number[] => [
  ...single.flatMap(({ message: { saidAt, to, ticks, repeated } }) => {
    const times = [saidAt, ...to.map(({ at }) => at)];
    // Within an arrow it is placed in proportion; beyond its head it needs a place of its own.
    const beyond = ticks.map(({ at }) => at).filter((at) => to.length > 0 && at > Math.max(...times));
    return [...times, ...beyond, ...(showRepeated ? repeated.map(({ at }) => at) : [])];
  }),
  ...groups.flatMap(({ messages }) => [startOf(messages), endOf(messages)]),
  ...marks.map(({ at }) => at),
];

/** A command is named to the left of where it arrives, an event to the right of where it is told: both stand over the lane of the service. */
const labelSpot = (
  { kind }: LaneMessage,
  arrow: Arrow | undefined,
  x: number,
  y: number,
): readonly [at: Pick<Label, 'x' | 'y'>, anchor: Label['anchor']] =>
  kind === 'command' && arrow !== undefined ? [{ x: arrow.x2 - 7, y: arrow.y2 }, 'end'] : [{ x: x + 7, y }, 'start'];

/** In one line; what would cover another moves to the right. */
function openedOf(opened: readonly Item[], scale: TimeScale): readonly DrawnOpen[] {
  const inTime = [...opened].sort((a, b) => startOf(a.messages) - startOf(b.messages));
  let right = 0;
  return inTime.map((item): DrawnOpen => {
    const text = openText(item);
    const x = Math.max(scale.x(startOf(item.messages)), right + OPENED_GAP_PX);
    const width = Math.max(GROUP_MIN_PX, widthOf(text) + 12);
    right = x + width;
    return { item, x, width, text, sentence: openSentence(item) };
  });
}

function ticksOf({ single, groups }: DrawnOnce, scale: TimeScale) {
  const ticks: { x: number; at: number; isFirst: boolean }[] = [];
  const begun = [...single.map(({ message }) => message.saidAt), ...groups.map(({ messages }) => startOf(messages))];
  for (const at of [...new Set(begun)].sort((a, b) => a - b)) {
    const x = scale.x(at);
    if (x - (ticks.at(-1)?.x ?? -Infinity) >= TICK_EVERY_PX) ticks.push({ x, at, isFirst: ticks.length === 0 });
  }
  return ticks;
}
