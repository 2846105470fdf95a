import { storable } from '@backstep/concurrency';
import { createHash } from 'node:crypto';

/**
 * A key that is longer is stored as its beginning and a hash of all of it. A character has at most 3 bytes here, and PostgreSQL indexes
 * no more than 2,704 bytes.
 */
export const KEY_CHARACTERS_MAX = 512;
/** Between the beginning of a key and its hash. */
const HASH_MARK = '…sha256:';
const TYPE_CHARACTERS_MAX = 200;
const ERROR_CHARACTERS_MAX = 2_000;

/** What nearly every key looks like; asked first, for it is quicker than to look for what PostgreSQL refuses. */
const PLAIN = /^[\w.:-]*$/;

/**
 * A key as it is parked, and as whoever waits behind it finds it. Different keys stay different: what cannot be stored as it is, and what
 * looks as if it had been shortened, carries a hash of the whole.
 */
export function parkedKey(key: string | null): string {
  if (key === null) return '';
  const short = key.length <= KEY_CHARACTERS_MAX;
  if (short && (PLAIN.test(key) || (!key.includes(HASH_MARK) && storable(key) === key))) return key;
  // As UTF-16: in UTF-8 all halves of characters are alike.
  const hash = createHash('sha256').update(Buffer.from(key, 'utf16le')).digest('hex');
  return `${storable(key.slice(0, KEY_CHARACTERS_MAX))}${HASH_MARK}${hash}`;
}

export const parkedType = (type: string | undefined): string | null =>
  type === undefined || type === '' ? null : storable(type.slice(0, TYPE_CHARACTERS_MAX));

export const parkedError = (error: string): string => storable(error.slice(0, ERROR_CHARACTERS_MAX));
