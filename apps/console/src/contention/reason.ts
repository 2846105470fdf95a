import type { DecisionReason, KeyContention } from '../api/types.js';
import { spanText } from '../ui/time-text.js';

/** `31`, `15.3`: as people say a share, of a hundred. */
export const ofHundred = (share: number): string => String(Number((100 * share).toFixed(1)));

const countedText = (attempts: number | null): string =>
  attempts === null ? '' : ` (${attempts.toLocaleString('en')} were counted)`;

/** Why a key is taken otherwise, in a sentence without its beginning. */
export function reasonText({ rule, measured, threshold, attempts, previous }: DecisionReason): string {
  switch (rule) {
    case 'conflicts':
      return `${ofHundred(measured)} of 100 writes met a conflict${countedText(attempts)}, above ${ofHundred(threshold)} of 100`;
    case 'calm': {
      const met = previous === 'locked' ? 'another writer' : 'a conflict';
      return `${ofHundred(measured)} of 100 writes met ${met}${countedText(attempts)}, below ${ofHundred(threshold)} of 100`;
    }
    case 'time_over':
      return `it was locked for ${spanText(measured)}, and is tried without locks`;
    case 'unwanted':
      return `nobody wanted it for ${spanText(measured)}`;
    case 'crowded_out':
      return `${measured.toLocaleString('en')} keys conflict, and ${threshold.toLocaleString('en')} are kept`;
  }
}

/** What its entity says of it. */
export function declaredText(entity: string, { strategy, enter, leave }: KeyContention['declared']): string {
  if (strategy === 'locked') return `Rows of ${entity} are locked by whoever reads them to write: it says so.`;
  if (strategy === 'optimistic')
    return `Rows of ${entity} are read without locks and checked as they are written: it says so.`;
  return (
    `A key of ${entity} is locked for a while when more than ${ofHundred(enter ?? 0)} of 100 writes meet a conflict, ` +
    `and forgotten below ${ofHundred(leave ?? 0)} of 100.`
  );
}
