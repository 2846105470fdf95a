import type { KeptChange } from '@backstep/concurrency';
import { reconciling, type BasedEdit, type StalePolicy, type StaleVerdict } from './policy.js';

/** What becomes of an operation after a concurrent one: another operation, or the same; nothing; or it cannot be. */
export type Rebased<Op extends object> = Op | 'dropped' | 'clash';

/** How operations on one kind of row go after each other. */
export interface RebaseRules<Op extends object> {
  /**
   * The operation as it is to be applied after a concurrent one, which the caller has not seen. Operations name what they change by a key and
   * never by a place, so that they mean the same after others.
   */
  against(op: Op, concurrent: Op): Rebased<Op>;
  /** Fields that others change without operations, and that no operation depends on, such as a state that `decide` looks at anyway. */
  readonly independentOf?: readonly string[];
  /**
   * `'at once'`, the default: the decision applies the operations. `'later'`: it only stores them, since others must agree first. Who applies
   * them tells the log, `update(E, row, changed, { ops })`; operations that come to nothing are never in it.
   */
  readonly applied?: 'at once' | 'later';
}

/**
 * The operations of a stale edit are transformed past each operation that was applied since its basis, in order, and go on, on the current
 * row, where `decide` checks its rules again. One that cannot be refuses the whole edit (`StaleBasisError`, 412). So does a change since that
 * was made without operations, except of fields that the rules name as independent. An edit without a basis goes on.
 *
 * The entity must be `@Kept()`: its log keeps the operations of each edit, as they were applied. `decide` applies all of them or none.
 */
export function rebase<Op extends object>({
  against,
  independentOf = [],
  applied = 'at once',
}: RebaseRules<Op>): StalePolicy<readonly Op[]> {
  const policy = reconciling<readonly Op[]>((edit, _, changes) => {
    if (changes.some((change) => !isKnown(change, independentOf))) return { verdict: 'stale' };
    const concurrent = changes.flatMap(({ ops = [] }) => ops as readonly Op[]);
    const rebased = edit.map((op) => afterAll(op, concurrent, against));
    const clashing = edit.filter((_op, index) => rebased[index] === 'clash');
    if (clashing.length > 0) return { verdict: 'stale', clashing };
    return { verdict: 'decide', edit: rebased.filter((op) => op !== 'dropped') };
  });
  const logged = (based: BasedEdit<readonly Op[]>): StaleVerdict => {
    const verdict = policy(based);
    return verdict.verdict === 'decide' ? { ...verdict, ops: verdict.edit as readonly Op[] } : verdict;
  };
  return applied === 'later' ? policy : Object.assign(logged, { needsLog: true });
}

const isKnown = ({ ops, was }: KeptChange, independentOf: readonly string[]): boolean =>
  ops !== undefined || Object.keys(was).every((field) => independentOf.includes(field.split('/')[0] ?? ''));

function afterAll<Op extends object>(
  op: Op,
  concurrent: readonly Op[],
  against: RebaseRules<Op>['against'],
): Rebased<Op> {
  let rebased = op;
  for (const other of concurrent) {
    const next = against(rebased, other);
    if (typeof next === 'string') return next;
    rebased = next;
  }
  return rebased;
}
