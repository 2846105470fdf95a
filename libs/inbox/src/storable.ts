import { storable } from '@backstep/concurrency';
import { createHash } from 'node:crypto';

/**
 * A longer key is stored as its beginning and a hash of the whole. A character has at most 3 bytes here, and PostgreSQL indexes at most
 * 2,704 bytes.
 */
export const KEY_CHARACTERS_MAX = 512;
/** Stands between the beginning of a shortened key and its hash. */
const HASH_MARK = '…sha256:';
const TYPE_CHARACTERS_MAX = 200;
const ERROR_CHARACTERS_MAX = 2_000;

/** Nearly every key matches. The test is faster than the search for characters that PostgreSQL refuses. */
const PLAIN = /^[\w.:-]*$/;

/**
 * A key as it is stored with a parked message and compared with the keys of later ones. Different keys stay different: a key that cannot
 * be stored as it is, and one that looks like a shortened key, carries a hash of the whole.
 */
export function parkedKey(key: string | null): string {
  if (key === null) return '';
  const short = key.length <= KEY_CHARACTERS_MAX;
  if (short && (PLAIN.test(key) || (!key.includes(HASH_MARK) && storable(key) === key))) return key;
  // UTF-16: in UTF-8 all lone surrogates become the same bytes.
  const hash = createHash('sha256').update(Buffer.from(key, 'utf16le')).digest('hex');
  return `${storable(key.slice(0, KEY_CHARACTERS_MAX))}${HASH_MARK}${hash}`;
}

export const parkedType = (type: string | undefined): string | null =>
  type === undefined || type === '' ? null : storable(type.slice(0, TYPE_CHARACTERS_MAX));

export const parkedError = (error: string): string => storable(error.slice(0, ERROR_CHARACTERS_MAX));
