import type { ContentionReason } from '../shared/representations.js';
import { span } from '../shared/time.js';

/** `31`, `15.3`: a share, of a hundred. */
export const ofHundred = (share: number): string => String(Number((100 * share).toFixed(1)));

/** Why a key is taken as it is. */
export function reasonText({ rule, measured, threshold, attempts }: ContentionReason): string {
  switch (rule) {
    case 'conflicts':
      return `${ofHundred(measured)} of 100 writes met a conflict (${attempts} counted), above ${ofHundred(threshold)}`;
    case 'calm':
      return `${ofHundred(measured)} of 100 writes met another writer (${attempts} counted), below ${ofHundred(threshold)}`;
    case 'time_over':
      return `locked for ${span(measured)}, tried without locks`;
    case 'unwanted':
      return `nobody wanted it for ${span(measured)}`;
    case 'crowded_out':
      return `${measured} keys conflict, ${threshold} are kept`;
  }
}
