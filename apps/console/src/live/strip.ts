/** What a tick says of orders, as far as it is drawn. */
export interface Rates {
  readonly at: string;
  readonly rates: { readonly placed: number; readonly confirmed: number; readonly rejected: number };
}

/** One second of the strip. */
export interface Second {
  /** Whole seconds since 1970. */
  readonly second: number;
  readonly placed: number;
  readonly confirmed: number;
  readonly rejected: number;
}

export const STRIP_SECONDS = 300;

/** The last five minutes with one tick more. Two ticks of a second are added up: none counts twice, as a tick has what came since the one before. */
export function stripWith(strip: readonly Second[], { at, rates }: Rates): readonly Second[] {
  const second = Math.floor(Date.parse(at) / 1_000);
  const last = strip.at(-1);
  if (Number.isNaN(second)) return strip;
  // A gateway whose clock was set back: what is shown is of its clock.
  const before = last && last.second > second ? [] : strip;
  const added =
    last?.second === second
      ? {
          second,
          placed: last.placed + rates.placed,
          confirmed: last.confirmed + rates.confirmed,
          rejected: last.rejected + rates.rejected,
        }
      : { second, ...rates };
  const kept = before.filter((one) => one.second > second - STRIP_SECONDS && one.second !== second);
  return [...kept, added];
}

export interface Column {
  /** Seconds before the last one. */
  readonly ago: number;
  /** From 0 to 1, of the highest. */
  readonly placed: number;
  readonly confirmed: number;
  readonly rejected: number;
}

export interface DrawnStrip {
  readonly columns: readonly Column[];
  /** Orders a second that the full height stands for. */
  readonly highest: number;
}

/** Bars of what has ended, a line of what was placed, to one scale. A second without a tick is not drawn: it is not known, and no zero. */
export function drawnStrip(strip: readonly Second[]): DrawnStrip {
  const last = strip.at(-1)?.second ?? 0;
  const highest = Math.max(
    1,
    ...strip.map(({ placed, confirmed, rejected }) => Math.max(placed, confirmed + rejected)),
  );
  const columns = strip.map(({ second, placed, confirmed, rejected }) => ({
    ago: last - second,
    placed: placed / highest,
    confirmed: confirmed / highest,
    rejected: rejected / highest,
  }));
  return { columns, highest };
}

export interface Minute {
  readonly ago: number;
  readonly seconds: number;
  readonly placed: number;
  readonly confirmed: number;
  readonly rejected: number;
}

/** The same as numbers, a minute a row, the latest first. */
export function minutesOf(strip: readonly Second[]): readonly Minute[] {
  const last = strip.at(-1)?.second ?? 0;
  return Array.from({ length: STRIP_SECONDS / 60 }, (_, ago) => {
    const within = strip.filter(({ second }) => Math.floor((last - second) / 60) === ago);
    const sum = (of: (second: Second) => number): number => within.reduce((so, second) => so + of(second), 0);
    return {
      ago,
      seconds: within.length,
      placed: sum((one) => one.placed),
      confirmed: sum((one) => one.confirmed),
      rejected: sum((one) => one.rejected),
    };
  }).filter(({ seconds }) => seconds > 0);
}

const RATE_SECONDS = 10;

/** A second's mean over the last ten that are known; undefined before the first. */
export function rateOf(strip: readonly Second[], of: (second: Second) => number): number | undefined {
  const last = strip.at(-1)?.second ?? 0;
  const recent = strip.filter(({ second }) => second > last - RATE_SECONDS);
  if (recent.length === 0) return undefined;
  return recent.reduce((sum, one) => sum + of(one), 0) / recent.length;
}
