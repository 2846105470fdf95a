/** A pause so long that it is drawn as a break, `≈ 5.0 s`, unless somebody has opened it. */
export interface Break {
  readonly from: number;
  readonly to: number;
  /** Where it is drawn. */
  readonly x: number;
  readonly width: number;
}

export interface TimeScale {
  /** px from the left; times between two marks are placed in proportion. */
  x(at: number): number;
  readonly width: number;
  /** Those that are folded, in order. */
  readonly breaks: readonly Break[];
  /** Those that are drawn as long as they were, in order. */
  readonly openBreaks: readonly Break[];
  readonly start: number;
  readonly end: number;
}

/** A pause of so many times the median is folded. */
const FOLD_ABOVE_MEDIANS = 4;
const MARGIN_PX = 56;
/** The last event is named to the right of where it is told. */
const LAST_LABEL_PX = 150;
const GAP_MIN_PX = 10;
/** Of the median gap. */
const GAP_PX = 44;
/** At its narrowest its button has room for `≈ 863 ms`. */
const BREAK_PX = 104;
/** Unfolded, no pause is wider than this. */
const GAP_MAX_PX = 640;
/** A pause that nobody would notice is no break, however short its neighbours are. */
const BREAK_MIN_MS = 50;

/** So much narrower, or wider, the picture becomes to fit where it is shown; beyond that it scrolls, or leaves room. */
const NARROWER_MAX = 0.6;
const WIDER_MAX = 1.8;

export interface ScaleOptions {
  readonly foldPauses: boolean;
  /** What an address says of the pauses that are open all the same: {@link pauseFold}. */
  readonly open?: ReadonlySet<string> | undefined;
  /** Times in which something happened that has no mark: they are no pauses. */
  readonly busy?: readonly Pick<Break, 'from' | 'to'>[];
  /** The width that the picture shall have, in px, where it can. */
  readonly fitPx?: number | undefined;
}

/** What an address says to open a pause. Later marks never move its beginning. */
export const pauseFold = ({ from }: Pick<Break, 'from'>): string => `p:${from}`;

/** Where times are drawn: gaps in proportion to their logarithm, so that 1 ms can be seen beside 400, and long pauses as breaks. */
export function timeScale(times: readonly number[], { foldPauses, open, busy = [], fitPx }: ScaleOptions): TimeScale {
  const marks = [...new Set(times)].sort((a, b) => a - b);
  const gaps = marks.slice(1).map((to, index) => to - (marks[index] ?? to));
  const median = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 1;
  const places: number[] = [];
  const breaks: Break[] = [];
  const openBreaks: Break[] = [];
  let x = MARGIN_PX;
  for (const [index, to] of marks.entries()) {
    const gap = gaps[index - 1];
    if (gap !== undefined) {
      const from = to - gap;
      const isBusy = busy.some((one) => one.from < to && one.to > from);
      const isLong = gap > FOLD_ABOVE_MEDIANS * median && gap >= BREAK_MIN_MS && !isBusy;
      const isFolded = isLong && foldPauses && !open?.has(pauseFold({ from }));
      const width = isFolded ? BREAK_PX : Math.min(GAP_MAX_PX, GAP_MIN_PX + GAP_PX * Math.log2(1 + gap / median));
      if (isLong) (isFolded ? breaks : openBreaks).push({ from, to, x, width });
      x += width;
    }
    places.push(x);
  }
  const [start = 0] = marks;
  const end = marks.at(-1) ?? start;
  const drawn = x - MARGIN_PX;
  const wanted = fitPx === undefined || drawn === 0 ? 1 : (fitPx - MARGIN_PX - LAST_LABEL_PX) / drawn;
  const factor = Math.min(WIDER_MAX, Math.max(NARROWER_MAX, wanted));
  const fit = (place: number): number => MARGIN_PX + (place - MARGIN_PX) * factor;
  const fitted = places.map(fit);
  const fittedBreak = (one: Break): Break => ({ ...one, x: fit(one.x), width: one.width * factor });
  return {
    x: (at) => placeOf(at, marks, fitted),
    width: fit(x) + LAST_LABEL_PX,
    breaks: breaks.map(fittedBreak),
    openBreaks: openBreaks.map(fittedBreak),
    start,
    end,
  };
}

function placeOf(at: number, marks: readonly number[], places: readonly number[]): number {
  const after = firstNotBefore(at, marks);
  if (after === marks.length) return places.at(-1) ?? MARGIN_PX;
  const [to = at, right = MARGIN_PX] = [marks[after], places[after]];
  const [from = to, left = right] = after === 0 ? [] : [marks[after - 1], places[after - 1]];
  return to === from ? right : left + ((at - from) / (to - from)) * (right - left);
}

/** Where among times in order the first stands that is not before one; their number, where all are. */
function firstNotBefore(at: number, times: readonly number[]): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
