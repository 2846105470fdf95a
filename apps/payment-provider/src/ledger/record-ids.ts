import { randomHex } from '@backstep/service';

/** Enough for 281 TB. */
const OFFSET_HEX_DIGITS = 12;
const RANDOM_BYTES = 6;
const ID = /^(?:pi|re)_([0-9a-f]{12})[0-9a-f]{12}$/;

/** An id that says where its record is in the journal, so that no index of ids is needed. What is random keeps it from being guessed. */
export const recordId = (prefix: 'pi' | 're', offset: number): string =>
  `${prefix}_${offset.toString(16).padStart(OFFSET_HEX_DIGITS, '0')}${randomHex(RANDOM_BYTES)}`;

/** Where the record would be that has this id: the record there must be compared. undefined: it is no id that was made so. */
export function offsetIn(id: string): number | undefined {
  const digits = ID.exec(id)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 16);
}
