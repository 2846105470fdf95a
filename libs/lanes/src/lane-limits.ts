import type { BackoffPolicy } from '@backstep/resilience';

/** Bounds of a lane. */
export interface LaneLimits {
  /** Entries that are applied together, in one commit as a rule. */
  readonly batch: number;
  /** Entries that may wait. More are refused with LaneFullError. All instances together may exceed it by what they take in `countEveryMs`. */
  readonly queueMax: number;
  /** Bytes of an entry's input as JSON, and of its answer. */
  readonly jsonBytesMax: number;
  /** How long an instance takes its count of the waiting entries for true, milliseconds. */
  readonly countEveryMs: number;
  /** How often an instance looks for entries that others have enqueued, milliseconds. It looks at once after what it has enqueued itself. */
  readonly pollMs: number;
  /** How long a turn waits for its last entries, milliseconds. Then the next turn begins without them, and without what is behind them. */
  readonly turnMs: number;
  /** Entries that are looked at for some that can be applied while others are held. */
  readonly windowMax: number;
  /** How often others may hold an entry's rows for too long; then it is rejected as contended. */
  readonly attemptsMax: number;
  /** How long an entry rests that could not be applied, before it is tried again. */
  readonly restBackoff: BackoffPolicy;
  /** How long settled entries are kept, days. Until then the same id is the same entry. */
  readonly retainDays: number;
  /** Rows that one statement of the purge deletes. */
  readonly purgeChunk: number;
}

/** 200 entries a commit, 100,000 that wait, settled ones kept for 14 days. */
export const DEFAULT_LANE_LIMITS: LaneLimits = {
  batch: 200,
  queueMax: 100_000,
  jsonBytesMax: 16_384,
  countEveryMs: 1_000,
  pollMs: 250,
  turnMs: 1_000,
  windowMax: 2_000,
  attemptsMax: 10,
  restBackoff: { baseMs: 200, capMs: 5_000 },
  retainDays: 14,
  purgeChunk: 5_000,
};

/** @throws RangeError that names the limit */
export function checkLimits(lane: string, limits: LaneLimits): void {
  const { restBackoff, ...numbers } = limits;
  const all = { ...numbers, 'restBackoff.baseMs': restBackoff.baseMs, 'restBackoff.capMs': restBackoff.capMs };
  for (const [name, value] of Object.entries(all)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`lane ${lane}: ${name} must be 1 or more, not ${value}`);
  }
}
