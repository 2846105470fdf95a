import type { Evidence } from './evidence.js';
import { INVARIANTS } from './invariants/index.js';
import type { Invariant, Violation } from './violation.js';

/** Violations of one invariant that are kept; beyond it they are counted. A system that is that ill shows no more by the rest. */
const KEPT_MAX = 200;

export interface Verdict {
  readonly id: string;
  readonly title: string;
  /** How many were found; `violations` may hold fewer. */
  readonly found: number;
  readonly violations: readonly Violation[];
}

/** Holds the evidence against every invariant. Pure. */
export const examine = (evidence: Evidence, invariants: readonly Invariant[] = INVARIANTS): Verdict[] =>
  invariants.map(({ id, title, check }) => {
    const violations: Violation[] = [];
    let found = 0;
    for (const finding of check(evidence)) {
      found += 1;
      if (violations.length < KEPT_MAX) violations.push({ invariant: id, ...finding });
    }
    return { id, title, found, violations };
  });
