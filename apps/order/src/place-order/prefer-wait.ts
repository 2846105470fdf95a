/** How long a client may ask us to hold the answer, seconds: less than the 30 after which HTTP gives up on a handler. */
export const WAIT_MAX_SECONDS = 25;

/** The `wait` of a Prefer header (RFC 7240), 0 without one. A preference that cannot be read is ignored, as the RFC says. */
export function waitSecondsOf(prefer: string | undefined): number {
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(prefer ?? '');
  return match ? Math.min(Number(match[1]), WAIT_MAX_SECONDS) : 0;
}
