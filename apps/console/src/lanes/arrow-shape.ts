import type { How } from './arrivals.js';

/** Nobody has said that it arrived; it has not. */
export const DASHES: Readonly<Partial<Record<How, string>>> = { inferred: '5 4', unread: '2 4' };
/** Of the box in which an arrow ends whose message is parked. */
export const BOX_PX = 13;

export type Line = Readonly<Record<'x1' | 'y1' | 'x2' | 'y2', number>>;
const HEAD_PX = 8;
/** So far from the lane's line the head ends. */
const SHORT_PX = 5;

/** A message to its own lane is a short loop's worth of line, so that there is something to see and to hit. */
export const lineOf = ({ x1, y1, x2, y2 }: Line): Line => ({ x1, y1, x2, y2: y2 + Math.sign(y1 - y2) * SHORT_PX });

export function headOf(arrow: Line): string {
  const { x1, y1, x2, y2 } = lineOf(arrow);
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - dx * HEAD_PX, y2 - dy * HEAD_PX];
  const side = HEAD_PX / 2;
  return `M${x2} ${y2} L${bx - dy * side} ${by + dx * side} L${bx + dy * side} ${by - dx * side} z`;
}

/** Half of the bar across an arrow where Kafka took its message. */
const BAR_PX = 5;

/** Across the line, at a point on it or beside its head. */
export function barOf({ x1, y1, x2, y2 }: Line, { x, y }: { readonly x: number; readonly y: number }): Line {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = x > x2 ? [1, 0] : [(x2 - x1) / length, (y2 - y1) / length];
  return { x1: x - dy * BAR_PX, y1: y + dx * BAR_PX, x2: x + dy * BAR_PX, y2: y - dx * BAR_PX };
}
