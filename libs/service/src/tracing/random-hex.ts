import { randomBytes } from 'node:crypto';

/** Fetched at a time: asking the generator for each id was a tenth of what the gateway did. */
const AHEAD_BYTES = 4_096;

let ahead = Buffer.alloc(0);
let used = 0;

/** So many bytes that nobody can guess, as lower-case hex. */
export function randomHex(bytes: number): string {
  if (used + bytes > ahead.length) {
    ahead = randomBytes(Math.max(AHEAD_BYTES, bytes));
    used = 0;
  }
  return ahead.toString('hex', used, (used += bytes));
}
