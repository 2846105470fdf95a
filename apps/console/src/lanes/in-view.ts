import type { DrawnGroup, DrawnMessage, Drawing } from './drawing.js';
import { type Label, widthOf } from './label-places.js';

/** Above it only what is in view is drawn. Below it all is: a screen reader reads what is out of view too. */
export const MARKS_MAX = 300;

/** From left to right, in px of the drawing. */
export interface Span {
  readonly left: number;
  readonly right: number;
}

const FIRST: Span = { left: 0, right: 2_400 };

/** Arrows and points, repetitions, groups, compensations and what stands beside messages: each is a mark, with its label and its ticks. */
export const marksIn = ({ messages, groups, undos, marks, pivots }: Drawing): number =>
  messages.reduce((sum, { arrows, repetitions }) => sum + Math.max(1, arrows.length) + repetitions.length, 0) +
  groups.length +
  undos.length +
  marks.length +
  pivots.length;

/**
 * What can be seen of a drawing: all that touches the span, an arrow over it whole.
 * @param view undefined: it is not known yet, and begins where the drawing does
 * @param keep the key of a message that is there in any case: it is selected
 */
export function inView(drawing: Drawing, view: Span | undefined, keep: string | undefined): Drawing {
  if (marksIn(drawing) <= MARKS_MAX) return drawing;
  const { left: from, right: to } = view ?? FIRST;
  const isSeen = ({ left, right }: Span): boolean => left <= to && right >= from;
  const isKept = ({ item }: Pick<DrawnMessage, 'item'>): boolean => item.messages.some(({ key }) => key === keep);
  const { messages, groups, opened, undos, marks, pivots, ticks, breaks, openBreaks } = drawing;
  return {
    ...drawing,
    messages: messages.filter((one) => isKept(one) || isSeen(spanOf(one))),
    groups: groups.filter((one) => isKept(one) || isSeen(spanOfGroup(one))),
    opened: opened.filter(({ x, width }) => isSeen({ left: x, right: x + width })),
    undos: undos.filter((one) => isSeen({ left: one.to, right: Math.max(one.from, one.to + 14 + widthOf(one.step)) })),
    marks: marks.filter(({ x, mark }) => isSeen({ left: x - 10, right: x + 10 + widthOf(mark.label) })),
    pivots: pivots.filter(({ x, step }) => isSeen({ left: x, right: x + widthOf(step) + PIVOT_PX })),
    ticks: ticks.filter(({ x }) => isSeen({ left: x - TICK_PX, right: x + TICK_PX })),
    breaks: breaks.filter(({ x, width }) => isSeen({ left: x, right: x + width })),
    openBreaks: openBreaks.filter(({ x, width }) => isSeen({ left: x, right: x + width })),
  };
}

/** About as wide as what is said beside a pivot. */
const PIVOT_PX = 160;
const TICK_PX = 90;

const ofLabel = ({ x, width, anchor }: Label): readonly number[] =>
  anchor === 'end' ? [x - width, x] : [x, x + width];

function spanOf({ arrows, label, repetitions }: DrawnMessage): Span {
  const places = [
    ...ofLabel(label),
    ...arrows.flatMap(({ x1, x2, ticks }) => [x1, x2, ...ticks.map(({ x }) => x)]),
    ...repetitions.map(({ x }) => x),
  ];
  return { left: Math.min(...places), right: Math.max(...places) };
}

const spanOfGroup = ({ x, width, label }: DrawnGroup): Span => ({
  left: Math.min(x, ...ofLabel(label)),
  right: Math.max(x + width, ...ofLabel(label)),
});
