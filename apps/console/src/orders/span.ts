import type { Clock } from '../ui/time-text.js';

/**
 * A time as an address has it: absolute, `2026-11-27T08:18:51.624Z`, or so long ago, `now-15m`. What is relative stays so while a page is open or
 * bookmarked; a link that is copied has what it stood for.
 */
export type When = string;

/** From its beginning on, and before its end. */
export interface Span {
  readonly from?: When;
  readonly to?: When;
}

/** The same in milliseconds. */
export interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RELATIVE = /^now(?:-(\d{1,4})([smhd]))?$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.](\d{1,3}))?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** As the page offers them. */
export const PRESETS: readonly (readonly [name: string, from: When])[] = [
  ['15 min', 'now-15m'],
  ['1 h', 'now-1h'],
  ['24 h', 'now-24h'],
  ['7 d', 'now-7d'],
];

export const isRelative = (when: When | undefined): boolean => when !== undefined && RELATIVE.test(when);

/** What an address says of a time, in one spelling; undefined where that is none. */
export function whenOf(text: unknown): When | undefined {
  if (typeof text !== 'string') return undefined;
  if (RELATIVE.test(text)) return text;
  // A time of an address has its zone: a link means the same everywhere.
  return /(Z|[+-]\d{2}:\d{2})$/.test(text) && text.includes('T') ? typedWhen(text, 'utc') : undefined;
}

/**
 * What a person types: `2026-11-27 08:18`, a day alone, or with its zone; without one it is of the clock that the page shows. Also `now-2h`, and
 * `2h` alone, which is the same.
 */
export function typedWhen(typed: string, clock: Clock): When | undefined {
  const text = typed.trim();
  if (RELATIVE.test(text)) return text;
  if (RELATIVE.test(`now-${text}`)) return `now-${text}`;
  const [whole, year, month, day, hour = '00', minute = '00', second = '00', ms = '0', zone] = MOMENT.exec(text) ?? [];
  // `Date` makes the 2nd of March of a 30th of February.
  if (whole === undefined || Number(day) > daysOf(Number(year), Number(month))) return undefined;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms.padEnd(3, '0')}`;
  const at = new Date(local + (zone ?? (clock === 'utc' ? 'Z' : '')));
  if (Number.isNaN(at.getTime()) || hour === '24') return undefined;
  const iso = at.toISOString();
  return iso.length === ISO_LENGTH ? iso : undefined;
}

const ISO_LENGTH = '2026-11-27T08:18:51.624Z'.length;
const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** What a time stands for at this moment. */
export function momentOf(when: When, now: number): number {
  const [relative, count = '0', unit = 's'] = RELATIVE.exec(when) ?? [];
  return relative === undefined ? Date.parse(when) : now - Number(count) * (UNITS_MS[unit] ?? 0);
}

/** With nothing relative in it. */
export const absolute = ({ from, to }: Span, now: number): Span => ({
  ...(from !== undefined && { from: new Date(momentOf(from, now)).toISOString() }),
  ...(to !== undefined && { to: new Date(momentOf(to, now)).toISOString() }),
});

export const boundsOf = ({ from, to }: Span): Bounds => ({
  ...(from !== undefined && { from: Date.parse(from) }),
  ...(to !== undefined && { to: Date.parse(to) }),
});

/** A time that is not known is within. */
export const isWithin = ({ from = -Infinity, to = Infinity }: Bounds, at: number | undefined): boolean =>
  at === undefined || (at >= from && at < to);

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/i;

/** When an order was placed, by its id, which begins with that time; undefined for an id of another kind. */
export function placedAt(id: string): number | undefined {
  const [, high, low] = UUID_V7.exec(id) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}
