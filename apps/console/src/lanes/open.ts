import { pauseFold } from './time-scale.js';

/** So many are open at most: an address has an end. */
const OPEN_MAX = 100;
/** A pause by its beginning; a stack, an exchange or a saga by the position of its first message. */
const FOLD = /^(?:p:\d{1,16}|[seg]:[\w.-]{1,249}\/\d{1,9}\/\d{1,20})$/;

/** What is open, as an address says it: `p:1764231531220 s:inventory.commands/1/32`. What is not understood is left out. */
export const openOf = (text: string | undefined): ReadonlySet<string> =>
  new Set(
    (text ?? '')
      .split(' ', 2 * OPEN_MAX)
      .filter((fold) => FOLD.test(fold))
      .slice(-OPEN_MAX),
  );

/** The latest of them, for an address; undefined of none. */
export const openText = (open: Iterable<string>): string | undefined =>
  [...open].slice(-OPEN_MAX).join(' ') || undefined;

/** The part of an order's address that says what is folded. */
export interface Folding {
  /** Pauses are drawn as long as they were. */
  readonly unfolded?: true;
  readonly open?: string;
}

/**
 * Opens what is folded, and folds what is open.
 * @param fold as an address says it
 * @param pauses the beginnings of all pauses that are drawn as long as they were: with one of them folded, the others stay so
 */
export function toggled(
  { unfolded, open }: Folding,
  fold: string,
  pauses: readonly { readonly from: number }[],
): Folding {
  const isOfAll = unfolded && fold.startsWith('p:');
  const after = new Set([...openOf(open), ...(isOfAll ? pauses.map(pauseFold) : [])]);
  if (!after.delete(fold)) after.add(fold);
  const text = openText(after);
  return { ...(unfolded && !isOfAll && { unfolded }), ...(text !== undefined && { open: text }) };
}

/** Folds everything; where nothing is open, opens all pauses. */
export const allToggled = ({ unfolded, open }: Folding): Folding => (unfolded || open ? {} : { unfolded: true });
