import { randomBytes } from 'node:crypto';

/** Random bytes that are fetched at a time: a call of the generator for each id took a tenth of the gateway's time. */
const AHEAD_BYTES = 4_096;

let ahead = Buffer.alloc(0);
let used = 0;

/** `bytes` unguessable random bytes, as lower-case hex. */
export function randomHex(bytes: number): string {
  if (used + bytes > ahead.length) {
    ahead = randomBytes(Math.max(AHEAD_BYTES, bytes));
    used = 0;
  }
  return ahead.toString('hex', used, (used += bytes));
}
