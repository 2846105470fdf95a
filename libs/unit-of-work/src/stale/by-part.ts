import type { BasedEdit, StalePolicy, StaleVerdict } from './policy.js';

type Stale = Extract<StaleVerdict, { verdict: 'stale' }>;

/**
 * An edit of several parts, each with a policy of its own: `byPart({ lines: rebase(rules), address: merge(byField(), { of: 'address' }) })`.
 * A part that an edit does not have is not asked. One part that is refused refuses the edit, and `clashing` names what clashes in all of them.
 */
export function byPart<E extends object>(policies: {
  readonly [Part in keyof E]-?: StalePolicy<NonNullable<E[Part]>>;
}): StalePolicy<E> {
  const parts = Object.entries(policies) as [keyof E & string, StalePolicy][];
  const policy = (based: BasedEdit<E>): StaleVerdict => {
    const verdicts = parts
      .filter(([part]) => based.edit[part] !== undefined)
      .map(([part, ask]) => [part, ask({ ...based, edit: based.edit[part] })] as const);
    const given = verdicts.map(([, verdict]) => verdict);
    const unnamed = given.find(({ verdict }) => verdict === 'basis required');
    if (unnamed) return unnamed;
    const stale = given.filter((verdict): verdict is Stale => verdict.verdict === 'stale');
    if (stale.length > 0) return refused(stale);
    const decided = verdicts.map(([part, verdict]) => [part, verdict.verdict === 'decide' ? verdict.edit : undefined]);
    const ops = given.flatMap((verdict) => (verdict.verdict === 'decide' ? (verdict.ops ?? []) : []));
    return {
      verdict: 'decide',
      edit: { ...based.edit, ...Object.fromEntries(decided) },
      overwrites: given.map((verdict) => (verdict.verdict === 'decide' ? verdict.overwrites : undefined)).find(Boolean),
      ...(ops.length > 0 && { ops }),
    };
  };
  return Object.assign(policy, { needsLog: parts.some(([, { needsLog }]) => needsLog === true) });
}

/** Where one part does not know what clashes, what is known of the others is told all the same. */
function refused(stale: readonly Stale[]): StaleVerdict {
  const clashing = stale.flatMap(({ clashing: own = [] }) => own);
  return clashing.length > 0 ? { verdict: 'stale', clashing } : { verdict: 'stale' };
}
