/** Reads with locks by how long they took, milliseconds: each was at most so long. The last bound is that of `statement_timeout`; longer ones count in it. */
const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** A count for each of the bounds. */
export type LockWaits = readonly number[];

/** Adds one to `counts`, which is made where there is none. */
export function countWait(counts: number[] | undefined, ms: number): number[] {
  const of = counts ?? BOUNDS_MS.map(() => 0);
  const found = BOUNDS_MS.findIndex((bound) => ms <= bound);
  const at = found < 0 ? BOUNDS_MS.length - 1 : found;
  of[at] = (of[at] ?? 0) + 1;
  return of;
}

/** Both together; none stands for nothing. */
export function addWaits(a: LockWaits, b: LockWaits): LockWaits {
  if (a.length === 0) return b;
  return b.length === 0 ? a : a.map((count, at) => count + (b[at] ?? 0));
}

/** So long took the given share of the reads with locks at most; null when there was none. @param share from 0 to 1 */
export function waitOf(counts: LockWaits, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const at = counts.findIndex((count) => (seen += count) >= share * total);
  return BOUNDS_MS[at] ?? null;
}
