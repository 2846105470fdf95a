import type { Evidence } from './evidence.js';
import { INVARIANTS } from './invariants/index.js';
import { leftToPeople, type Finding, type Invariant, type Violation } from './violation.js';

/** Violations of one invariant that are kept; further ones are only counted. */
const KEPT_MAX = 200;

export interface Verdict {
  readonly id: string;
  readonly title: string;
  /** How many were found; `violations` may hold fewer. */
  readonly found: number;
  readonly violations: readonly Violation[];
}

/** Checks the evidence against every invariant. Pure. */
export const examine = (evidence: Evidence, invariants: readonly Invariant[] = INVARIANTS): Verdict[] =>
  invariants.map(({ id, title, check }) => {
    const violations: Violation[] = [];
    let found = 0;
    for (const finding of check(evidence)) {
      found += 1;
      if (violations.length < KEPT_MAX) violations.push({ invariant: id, ...withItsStory(evidence, finding) });
    }
    return { id, title, found, violations };
  });

/** Whatever is said of an order: its saga is where the story is, and what operators left to people in it may be the cause. */
function withItsStory(evidence: Evidence, finding: Finding): Finding {
  const { what, orderId } = finding;
  if (orderId === undefined) return finding;
  const sagaId = finding.sagaId ?? evidence.sagas.get(orderId)?.[0]?.id;
  return { ...finding, sagaId, what: what + leftToPeople(evidence, orderId) };
}

/**
 * The violations of a second look that the first one found too. While orders flow, this tells a violation from something in flight that looked
 * old because of a clock that was set back or a slow commit: the latter passes, a violation stays.
 */
export const lasting = (first: readonly Verdict[], second: readonly Verdict[]): Verdict[] =>
  second.map((verdict) => {
    const before = first.find(({ id }) => id === verdict.id);
    // Where not all violations were kept, a missing one proves nothing.
    if (!before || before.found > KEPT_MAX || verdict.found > KEPT_MAX) return verdict;
    const known = new Set(before.violations.map(identityOf));
    const violations = verdict.violations.filter((violation) => known.has(identityOf(violation)));
    return { ...verdict, found: violations.length, violations };
  });

/** The identity of a violation: its text has ages and sums that change, and topics are read in any order. */
const identityOf = ({ orderId, sagaId, sku, messages = [], references = [] }: Violation): string =>
  [orderId, sagaId, sku, ...messages.map(({ id }) => id).sort(), ...[...references].sort()].join(' ');
