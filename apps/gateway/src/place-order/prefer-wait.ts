/**
 * How long an answer is held back for an order's outcome at most, in seconds. Below HTTP_LIMITS.answerMs of this process
 * and of the order service: an answer that comes just in time must not be lost to a timeout that comes first.
 */
export const WAIT_MAX_SECONDS = 25;

const WAIT = /^wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i;

/**
 * The seconds that a Prefer header asks to wait (RFC 7240: `Prefer: respond-async, wait=10`), at most WAIT_MAX_SECONDS.
 * A preference is only that: one that cannot be read is ignored, and the answer says in Preference-Applied what was done.
 */
export function preferredWait(prefer: string | undefined): number {
  for (const preference of prefer?.split(',') ?? []) {
    const [, seconds] = WAIT.exec(preference.trim()) ?? [];
    // The first one counts (RFC 7240, section 2).
    if (seconds !== undefined) return Math.min(Number(seconds), WAIT_MAX_SECONDS);
  }
  return 0;
}
