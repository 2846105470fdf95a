import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changeFrom, type Choices, type Editable, editableOf, merged, mergeRows, type Side } from './merge.js';

/**
 * Goal: of two people who edit a product nobody loses a field unasked, and nothing comes out that neither has written.
 * Method: properties over any base, yours and theirs; few different values, so that they often agree.
 */
const editable: fc.Arbitrary<Editable> = fc.record({
  name: fc.constantFrom('Tea', 'Mug', 'Globe'),
  price: fc.record({ minor: fc.nat({ max: 2 }), currency: fc.constantFrom('EUR', 'USD') }),
});
const side = fc.constantFrom<Side>('yours', 'theirs');
const choices: fc.Arbitrary<Choices> = fc.record({ name: side, price: side }, { requiredKeys: [] });
const three = [editable, editable, editable] as const;
const both = (one: Side): Choices => ({ name: one, price: one });

/** As the API does it: a merge patch. */
const patched = (to: Editable, change: ReturnType<typeof changeFrom>): Editable =>
  editableOf({ name: to.name, price: to.price.minor, currency: to.price.currency, ...change });

describe('the merge of two edits', () => {
  it('a field clashes exactly when both have changed it, to different values', () => {
    fc.assert(
      fc.property(...three, (base, yours, theirs) => {
        for (const { field, verdict } of mergeRows(base, yours, theirs)) {
          const [b, y, t] = [base, yours, theirs].map((one) => JSON.stringify(one[field]));
          expect(verdict === 'clash').toBe(y !== b && t !== b && y !== t);
        }
      }),
    );
  });

  it('what only one side has changed is taken from that side, unasked', () => {
    fc.assert(
      fc.property(editable, editable, (base, changed) => {
        expect(merged(mergeRows(base, changed, base), {})).toEqual(changed);
        expect(merged(mergeRows(base, base, changed), {})).toEqual(changed);
        expect(merged(mergeRows(base, changed, changed), {})).toEqual(changed);
      }),
    );
  });

  it('each merged field is one of the two that were written, and nothing is merged before every clash is decided', () => {
    fc.assert(
      fc.property(...three, choices, (base, yours, theirs, chosen) => {
        const rows = mergeRows(base, yours, theirs);
        const result = merged(rows, chosen);
        const undecided = rows.some(({ field, verdict }) => verdict === 'clash' && chosen[field] === undefined);
        expect(result === undefined).toBe(undecided);
        if (!result) return;
        for (const field of ['name', 'price'] as const)
          expect([yours[field], theirs[field]]).toContainEqual(result[field]);
      }),
    );
  });

  it('who chooses one side everywhere gets that side', () => {
    fc.assert(
      fc.property(...three, (base, yours, theirs) => {
        const rows = mergeRows(base, yours, theirs);
        expect(merged(rows, both('yours'))).toEqual(yours);
        expect(merged(rows, both('theirs'))).toEqual(theirs);
      }),
    );
  });

  it('whoever looks sees the same clashes, with the sides changed', () => {
    fc.assert(
      fc.property(...three, (base, yours, theirs) => {
        const turned = { yours: 'theirs', theirs: 'yours' } as const;
        const mine = mergeRows(base, yours, theirs).map(({ verdict }) => verdict);
        const other = mergeRows(base, theirs, yours).map(({ verdict }) => verdict);
        expect(other).toEqual(mine.map((verdict) => (verdict in turned ? turned[verdict as Side] : verdict)));
      }),
    );
  });

  it('the change that is sent makes theirs what was merged, and is empty when all is theirs', () => {
    fc.assert(
      fc.property(...three, choices, (base, yours, theirs, chosen) => {
        const result = merged(mergeRows(base, yours, theirs), { ...both('yours'), ...chosen });
        if (!result) throw new Error('every clash was decided');
        expect(patched(theirs, changeFrom(theirs, result))).toEqual(result);
        expect(changeFrom(theirs, theirs)).toEqual({});
      }),
    );
  });

  it('a price is changed together with its currency', () =>
    expect(
      changeFrom(
        { name: 'Tea', price: { minor: 5, currency: 'EUR' } },
        { name: 'Tea', price: { minor: 5, currency: 'USD' } },
      ),
    ).toEqual({ price: 5, currency: 'USD' }));
});
