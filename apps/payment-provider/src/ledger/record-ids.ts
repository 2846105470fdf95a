import { randomHex } from '@backstep/service';

/** Enough for 281 TB. */
const OFFSET_HEX_DIGITS = 12;
const RANDOM_BYTES = 6;
const ID = /^(?:pi|re)_([0-9a-f]{12})[0-9a-f]{12}$/;

/** An id that contains the offset of its record in the journal, so that no index of ids is needed. The random part makes it hard to guess. */
export const recordId = (prefix: 'pi' | 're', offset: number): string =>
  `${prefix}_${offset.toString(16).padStart(OFFSET_HEX_DIGITS, '0')}${randomHex(RANDOM_BYTES)}`;

/** The offset in an id; the record there must be compared with the id. undefined when the id has no such form. */
export function offsetIn(id: string): number | undefined {
  const digits = ID.exec(id)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 16);
}
