import { v7 as uuidv7 } from 'uuid';

/** Random bytes are fetched for so many ids at a time: a call of the kernel's generator for each took more than half of an id's time. */
const IDS_AHEAD = 256;
const BYTES_PER_ID = 16;

const { getRandomValues } = crypto;
const pool = new Uint8Array(IDS_AHEAD * BYTES_PER_ID);
let used = pool.length;
let msecs = 0;
let seq = 0;

function nextRandom(): Uint8Array {
  // A generator that replaces the built-in one, as in a simulation, is called for each id and for its bytes only, so that runs stay the same.
  if (crypto.getRandomValues !== getRandomValues) return crypto.getRandomValues(new Uint8Array(BYTES_PER_ID));
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool.subarray(used, (used += BYTES_PER_ID));
}

/** A new time-ordered id (RFC 9562 UUIDv7). The ids of one process sort in the order they were made (section 6.2, method 1). */
export function newId(): string {
  const random = nextRandom();
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // Starts in the lower half of the counter's range, so that the upper half is left to count up in.
    seq =
      ((random[6] ?? 0) & 0x7f) * 2 ** 24 + (random[7] ?? 0) * 2 ** 16 + (random[8] ?? 0) * 2 ** 8 + (random[9] ?? 0);
  } else if (++seq > 0xffff_ffff) {
    seq = 0;
    msecs++;
  }
  return uuidv7({ random, msecs, seq });
}
