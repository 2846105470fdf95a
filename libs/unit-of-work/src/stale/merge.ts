import { digestOf, fieldsOverlap, sameValue, valueAt, type FieldPath, type KeptChange } from '@backstep/concurrency';
import { fieldsOf, withOnly } from './merge-patch.js';
import { goOn, reconciling, type StalePolicy } from './policy.js';

type Row = Readonly<Record<string, unknown>>;

/** What is left of an edit after the changes since its basis, or the fields of it that clash with them. */
export type Merged = { readonly edit: object } | { readonly clashing: readonly FieldPath[] };

/** Merges an edit, a JSON Merge Patch whose names are the properties of the entity, with the changes since its basis. Pure. */
export type MergeRule = (edit: object, row: Row, changes: readonly KeptChange[]) => Merged;

/** What {@link merge} merges. */
export interface MergeOptions {
  /** The edit is a patch of this property, a JSON column, alone. Left out: of the whole row. */
  readonly of?: string;
}

/**
 * A stale edit, a JSON Merge Patch, is merged with what has changed since, by `rule`, and goes on, on the current row; where that cannot be, it is
 * refused (`StaleBasisError`, 412). An edit without a basis goes on. The entity must be `@Kept()`: where its log does not reach back to
 * the basis, the edit is refused.
 */
export const merge = (rule: MergeRule, { of }: MergeOptions = {}): StalePolicy<object> =>
  reconciling((edit, row, changes) => {
    const merged = rule(of === undefined ? edit : { [of]: edit }, row, changes);
    if ('clashing' in merged) return { verdict: 'stale', clashing: merged.clashing };
    return goOn(of === undefined ? merged.edit : ((merged.edit as Row)[of] ?? {}));
  });

/** How {@link byField} takes fields. */
export interface ByFieldOptions {
  /** Fields that make sense only together, such as those of an address: a change of one is a change of all of its list. */
  readonly together?: readonly (readonly FieldPath[])[];
}

/**
 * Fields that one side alone has changed keep its change. The same field changed by both clashes, unless both have set the same value. A
 * field of the edit that has the value that it had at the basis is no change: a body with all fields reverts nothing.
 */
export function byField({ together = [] }: ByFieldOptions = {}): MergeRule {
  const concern = (a: FieldPath, b: FieldPath): boolean =>
    fieldsOverlap(a, b) || together.some((group) => isIn(group, a) && isIn(group, b));
  return (edit, row, changes) => {
    const changed = [...new Set(changes.flatMap(({ was }) => Object.keys(was)))];
    const edited = new Map(fieldsOf(edit).filter(([field, value]) => !isAsAtBasis(field, value, row, changes)));
    const agreed = (field: FieldPath): boolean =>
      [...edited].some(([own, value]) => covers(own, field) && sameValue(value, valueAt(row, own)));
    const clashes = [...edited.keys()].filter((field) => {
      const theirs = changed.filter((other) => concern(field, other));
      return theirs.length > 0 && !(agreed(field) && theirs.every(agreed));
    });
    if (clashes.length === 0) return { edit: withOnly(edit, new Set(edited.keys())) };
    return { clashing: [...edited.keys()].filter((field) => clashes.some((clash) => concern(field, clash))) };
  };
}

/** Whether the row had this value at the basis. Where that is not known, it had not. */
function isAsAtBasis(field: FieldPath, value: unknown, row: Row, changes: readonly KeptChange[]): boolean {
  for (const { was } of changes) {
    const others = Object.keys(was).filter((other) => fieldsOverlap(field, other));
    if (others.length > 0) return was[field] === digestOf(value);
  }
  return sameValue(value, valueAt(row, field));
}

const isIn = (group: readonly FieldPath[], field: FieldPath): boolean =>
  group.some((member) => fieldsOverlap(member, field));

const covers = (own: FieldPath, field: FieldPath): boolean => field === own || field.startsWith(`${own}/`);
