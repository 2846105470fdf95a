import type { Product } from '../api/types.js';

/** What people change of a product. A price means something in its currency alone: the two are one field. */
export interface Editable {
  readonly name: string;
  readonly price: Price;
}

export interface Price {
  readonly minor: number;
  readonly currency: string;
}

export type Field = keyof Editable;
export type Side = 'yours' | 'theirs';
/** Whose change of a field it is; `agreed`: both have changed it to the same; `clash`: to different values, and a person decides. */
export type Verdict = 'unchanged' | Side | 'agreed' | 'clash';

export interface MergeRow {
  readonly field: Field;
  readonly base: Editable[Field];
  readonly yours: Editable[Field];
  readonly theirs: Editable[Field];
  readonly verdict: Verdict;
}

/** What a person has chosen, by field. */
export type Choices = Readonly<Partial<Record<Field, Side>>>;

const FIELDS = ['name', 'price'] as const satisfies readonly Field[];

export const editableOf = ({ name, price, currency }: Pick<Product, 'name' | 'price' | 'currency'>): Editable => ({
  name,
  price: { minor: price, currency },
});

function isSame(a: Editable[Field], b: Editable[Field]): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.minor === b.minor && a.currency === b.currency;
}

export const isSameEditable = (a: Editable, b: Editable): boolean =>
  FIELDS.every((field) => isSame(a[field], b[field]));

/**
 * A three-way merge by field: what only one side has changed since the base is not asked for. The server merges a PATCH by the same rule, and
 * refuses it for what this calls a clash; also for a field that was changed and changed back, or changed to the same: then nothing clashes here.
 */
export const mergeRows = (base: Editable, yours: Editable, theirs: Editable): readonly MergeRow[] =>
  FIELDS.map((field) => {
    const values = { base: base[field], yours: yours[field], theirs: theirs[field] };
    return { field, ...values, verdict: verdictOf(values) };
  });

function verdictOf({ base, yours, theirs }: Pick<MergeRow, 'base' | 'yours' | 'theirs'>): Verdict {
  if (isSame(yours, theirs)) return isSame(yours, base) ? 'unchanged' : 'agreed';
  if (isSame(yours, base)) return 'theirs';
  return isSame(theirs, base) ? 'yours' : 'clash';
}

/** The side of a row: what was chosen, else that of the only one who has changed it. undefined: it is still to be chosen. */
export function sideOf({ field, verdict }: MergeRow, choices: Choices): Side | undefined {
  return choices[field] ?? (verdict === 'clash' ? undefined : verdict === 'yours' ? 'yours' : 'theirs');
}

/** The merged values; undefined while a clash is undecided. */
export function merged(rows: readonly MergeRow[], choices: Choices): Editable | undefined {
  const values: Partial<Record<Field, Editable[Field]>> = {};
  for (const row of rows) {
    const side = sideOf(row, choices);
    if (side === undefined) return undefined;
    values[row.field] = row[side];
  }
  return values as unknown as Editable;
}

/** The fields of a PATCH that makes the one of the other; empty when they are the same. Of a price both members. */
export function changeFrom(from: Editable, to: Editable): Partial<Pick<Product, 'name' | 'price' | 'currency'>> {
  return {
    ...(!isSame(from.name, to.name) && { name: to.name }),
    ...(!isSame(from.price, to.price) && { price: to.price.minor, currency: to.price.currency }),
  };
}
