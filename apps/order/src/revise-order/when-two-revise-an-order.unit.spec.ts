import type { LineOperation } from '@backstep/contracts/http';
import { newId } from '@backstep/messages';
import { ProblemError } from '@backstep/problems';
import { BasisRequiredError, ContradictoryCommandError, StaleBasisError } from '@backstep/unit-of-work';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { EndedRevisionError } from '../order-revision/revision-under-way.js';
import { ADDRESS, anOrderToRevise, OUT_OF_STOCK } from './revisions.fixture.spec.js';

/**
 * Goal: two who edit one order both have their way, or the second is told which line clashes; a revision changes the order when all have
 * agreed, and leaves no trace in it when somebody has not.
 */
let shop: Awaited<ReturnType<typeof anOrderToRevise>>;
beforeEach(async () => {
  shop = await anOrderToRevise();
});

const set = (sku: string, quantity: number): LineOperation => ({ op: 'setQuantity', sku, quantity });
const add = (sku: string, quantity: number): LineOperation => ({ op: 'addLine', sku, quantity });
const remove = (sku: string): LineOperation => ({ op: 'removeLine', sku });
const revise = (lines: LineOperation[], basis = 3) => shop.revise({ lines }, basis);
const quantities = () => Object.fromEntries(shop.order()?.items.map(({ sku, quantity }) => [sku, quantity]) ?? []);
const caught = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};
const clashing = (act: () => unknown): readonly unknown[] | undefined => {
  const error = caught(act);
  if (error instanceof StaleBasisError) return error.stale.clashing;
  throw error;
};
const problem = (act: () => unknown): [number, string] => {
  const error = caught(act);
  if (error instanceof ProblemError) return [error.status, error.problem.type.split(':').at(-1) ?? ''];
  throw error;
};

describe('two who edit one order', () => {
  it('A sets a line, B adds one: both are there; C removes the line that A has set, and is told which it is', () => {
    revise([set('cup', 2)]);
    shop.apply();
    revise([add('pot', 1)]);
    shop.apply();
    expect(clashing(() => revise([remove('cup')]))).toEqual([remove('cup')]);
    expect(shop.order()).toMatchObject({ status: 'CONFIRMED', version: 7, total: 2 * 100 + 2 * 200 + 3 * 300 + 1_000 });
    expect(quantities()).toEqual({ cup: 2, jar: 2, mug: 3, pot: 1 });
  });

  it('both add of one product: the line has both', () => {
    revise([add('pot', 1)]);
    shop.apply();
    revise([add('pot', 2)]);
    shop.apply();
    expect(quantities()).toMatchObject({ pot: 3 });
  });

  it('both remove a line: the second has nothing left to do, and its other operations go on', () => {
    revise([remove('cup')]);
    shop.apply();
    const before = shop.order();
    expect(revise([remove('cup')])).toMatchObject({ outcome: 'unchanged', said: [] });
    expect(shop.order()).toEqual(before);
    expect(revise([remove('cup'), set('jar', 5)])).toMatchObject({
      order: { revision: { operations: [set('jar', 5)] } },
    });
  });

  it('an operation clashes with one of long ago as with the last one', () => {
    for (const op of [set('cup', 2), set('jar', 5), add('pot', 1)]) {
      revise([op], shop.order()?.version);
      shop.apply();
    }
    expect(clashing(() => revise([set('cup', 7), set('mug', 1)]))).toEqual([set('cup', 7)]);
  });

  it('a revision that was rejected clashes with nothing', () => {
    revise([set('cup', 2)]);
    shop.reject();
    expect(revise([remove('cup')]).outcome).toBe('requested');
  });

  it('lines and address do not disturb each other; two parts of one address belong together, and its name does not', () => {
    shop.revise({ shippingAddress: { line1: 'Side Street 2', city: 'Bonn' } }, 3);
    shop.apply();
    revise([set('cup', 2)]);
    shop.apply();
    shop.revise({ shippingAddress: { name: 'Eve' } }, 3);
    shop.apply();
    expect(shop.order()?.shippingAddress).toEqual({ ...ADDRESS, name: 'Eve', line1: 'Side Street 2', city: 'Bonn' });
    const late = { lines: [set('cup', 9)], shippingAddress: { postalCode: '53111' } };
    expect(clashing(() => shop.revise(late, 3))).toEqual([set('cup', 9), 'shippingAddress/postalCode']);
  });

  it('an edit of a version before the first edit is not guessed: it is refused with the order as it is', async () => {
    shop = await anOrderToRevise();
    revise([set('cup', 2)]);
    shop.apply();
    const error = caught(() => revise([set('mug', 1)], 2));
    expect(error).toBeInstanceOf(StaleBasisError);
    expect(error).toMatchObject({ stale: { current: { id: shop.id, version: 5 }, clashing: undefined } });
  });
});

describe('a revision', () => {
  it('a revision is asked of everybody with the old lines, the new ones and the difference, and holds the order meanwhile', () => {
    const { outcome, order, said } = revise([set('cup', 2), add('pot', 1), remove('jar')]);
    expect([outcome, order.status, order.change?.kind]).toEqual(['requested', 'REVISING', 'revise']);
    const { id: revisionId } = order.revision ?? {};
    expect(said).toMatchObject([
      {
        id: revisionId,
        type: 'OrderRevisionRequested',
        aggregateVersion: 4,
        data: {
          revisionId,
          from: [{ sku: 'cup', quantity: 1 }, { sku: 'jar' }, { sku: 'mug' }],
          to: [
            { sku: 'cup', quantity: 2, unitPrice: 100 },
            { sku: 'mug', quantity: 3, unitPrice: 300 },
            { sku: 'pot', quantity: 1, unitPrice: 1_000 },
          ],
          charge: 700,
          refund: 0,
        },
      },
    ]);
    expect(quantities()).toEqual({ cup: 1, jar: 2, mug: 3 });
    expect(problem(() => revise([set('mug', 1)], 4))).toEqual([409, 'change-in-progress']);
  });

  it('a revision to fewer gives the difference back', () => {
    expect(revise([set('mug', 1)]).said).toMatchObject([{ data: { charge: 0, refund: 600 } }]);
  });

  it('a revision is applied once, however often its command comes', () => {
    const { order } = revise([set('cup', 2)]);
    expect(shop.apply()).toMatchObject([
      { type: 'OrderRevised', aggregateVersion: 5, data: { total: 1_500, revisionId: order.revision?.id } },
    ]);
    const before = shop.order();
    expect(before).toMatchObject({ status: 'CONFIRMED', change: null, total: 1_500 });
    expect(shop.apply(order.revision?.id)).toMatchObject([{ type: 'OrderRevised', data: { total: 1_500 } }]);
    expect(shop.order()).toEqual(before);
    expect(() => shop.reject(order.revision?.id)).toThrow(EndedRevisionError);
  });

  it('a revision that somebody refuses leaves the order as it was, and keeps the reason', () => {
    const before = shop.order();
    const { order } = revise([add('pot', 1)]);
    expect(shop.reject()).toMatchObject([{ type: 'OrderRevisionRejected', data: { failure: OUT_OF_STOCK } }]);
    const { items, total, shippingAddress } = before ?? {};
    expect(shop.order()).toMatchObject({ status: 'CONFIRMED', change: null, items, total, shippingAddress });
    expect(shop.revisions()).toMatchObject([{ status: 'REJECTED', failureCode: 'out_of_stock' }]);
    const again = { code: 'timed_out', message: 'late' } as const;
    expect(shop.reject(order.revision?.id, again)).toMatchObject([{ data: { failure: OUT_OF_STOCK } }]);
    expect(() => shop.apply(order.revision?.id)).toThrow(EndedRevisionError);
  });

  it('a command for a revision that the order does not have is parked', () => {
    revise([add('pot', 1)]);
    expect(() => shop.apply(newId())).toThrow(ContradictoryCommandError);
  });

  it('a revision of the same key takes effect once', () => {
    const first = shop.revise({ lines: [set('cup', 2)] }, 3, 'key');
    shop.apply();
    const again = shop.revise({ lines: [set('cup', 2)] }, 3, 'key');
    expect(again).toMatchObject({ replayed: true, said: [] });
    expect(again.order).toEqual(JSON.parse(JSON.stringify(first.order)));
    expect(shop.revisions()).toHaveLength(1);
  });
});

describe('what cannot be', () => {
  it('an edit without the version that was seen is asked for it', () => {
    expect(() => shop.revise({ lines: [set('cup', 2)] })).toThrow(BasisRequiredError);
  });

  it.each<[string, LineOperation[], string]>([
    ['of a product that is not listed', [add('urn', 1)], 'unknown-sku'],
    ['of a line that is not there', [set('pot', 1)], 'unknown-line'],
    ['to a line that is not there, removed', [remove('pot')], 'unknown-line'],
    ['with a product of another currency', [add('tea', 1)], 'mixed-currencies'],
    ['to nothing', [remove('cup'), remove('jar'), remove('mug')], 'empty-order'],
    ['to more of a product than a line may have', [add('mug', 9_998)], 'out-of-range'],
  ])('a revision %s is refused', (_, lines, type) => {
    const before = shop.order();
    expect(problem(() => revise(lines))).toEqual([422, type]);
    expect(shop.order()).toEqual(before);
  });

  it('a revision to more lines than an order may have is refused, also when the lines are of two revisions', async () => {
    const items = Array.from({ length: 99 }, (_, at) => ({ sku: `sku-${at}`, quantity: 1, unitPrice: 1 }));
    shop = await anOrderToRevise({ items, total: 99 });
    revise([add('pot', 1)]);
    shop.apply();
    expect(problem(() => revise([add('lid', 1)]))).toEqual([422, 'out-of-range']);
  });

  it.each([
    ['PENDING', null, 'change-in-progress'],
    [
      'CANCELLING',
      { kind: 'cancel', id: newId(), since: '2030-01-01T00:00:00.000Z', from: 'CONFIRMED' },
      'change-in-progress',
    ],
    ['CANCELLED', null, 'too-late'],
    ['REJECTED', null, 'too-late'],
  ] as const)(
    'an order that is %s is not revised, whatever version its customer has seen',
    async (status, change, type) => {
      shop = await anOrderToRevise({ status, change });
      for (const basis of [3, 1]) expect(problem(() => revise([set('cup', 2)], basis))).toEqual([409, type]);
    },
  );

  it('an order whose parcel the carrier has cannot be revised, and is not changed', () => {
    shop.handOver();
    const before = shop.order();
    expect(problem(() => revise([set('cup', 2)]))).toEqual([409, 'too-late']);
    expect(shop.order()).toEqual(before);
    expect(shop.revisions()).toEqual([]);
  });
});
