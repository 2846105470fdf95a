import { PLACE_ORDERS } from '@backstep/contracts/http';

const WAIT = /^wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i;

/**
 * The seconds that a Prefer header asks to wait (RFC 7240: `Prefer: respond-async, wait=10`), at most PLACE_ORDERS.waitMaxSeconds.
 * A preference that cannot be read is ignored, and Preference-Applied in the answer says what was done.
 */
export function preferredWait(prefer: string | undefined): number {
  for (const preference of prefer?.split(',') ?? []) {
    const [, seconds] = WAIT.exec(preference.trim()) ?? [];
    // The first one counts (RFC 7240, section 2).
    if (seconds !== undefined) return Math.min(Number(seconds), PLACE_ORDERS.waitMaxSeconds);
  }
  return 0;
}
