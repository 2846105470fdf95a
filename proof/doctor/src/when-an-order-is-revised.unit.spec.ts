import { describe, expect, it } from '@jest/globals';
import { derivedId, newId } from '@backstep/messages';
import type { RevisionFacts } from './evidence.js';
import { violationsOf } from './testing/broken-evidence.js';
import { AGO, changed, changeOrder, confirmed, NOW, product, saga, type Broken } from './testing/sound-evidence.js';

/**
 * Goal: an order that was revised is sound when stock, money, parcel and sagas are as its latest applied revision says, and wrong otherwise.
 * Method: the evidence of a sound system whose confirmed order was revised from two to three; each test breaks one thing in it.
 */
const ITEMS = [{ sku: product, quantity: 3 }];
const TOTAL = 3_870;
const DIFFERENCE = 1_290;
const revisionId = newId();
const NOTHING: NonNullable<Broken['provider']> = new Map();

const revision = (change: Partial<RevisionFacts> = {}): RevisionFacts => ({
  id: revisionId,
  orderId: confirmed,
  status: 'APPLIED',
  total: TOTAL,
  items: ITEMS,
  ...change,
});
const sagaOf = (id: string, status: string) => ({
  ...saga(confirmed, status, []),
  id: derivedId('revise-order', confirmed, id),
  type: 'revise-order',
  timer: { dueAt: NOW, failures: 0 },
});
const put = (e: Broken, status: string, ...revisions: RevisionFacts[]): void => {
  e.revisions = new Map([[confirmed, revisions]]);
  e.sagas = changed(e.sagas, confirmed, (own) => [
    ...own.filter(({ type }) => type === 'place-order'),
    ...revisions.map(({ id }) => sagaOf(id, status)),
  ]);
};

/** From two to three: reserved, charged with the difference, shipped and applied. */
function revised(e: Broken): void {
  put(e, 'COMPLETED', revision());
  changeOrder(e, confirmed, { total: TOTAL, items: ITEMS });
  e.reservations = changed(e.reservations, confirmed, (one) => ({ ...one, items: ITEMS }));
  e.stock = e.stock.map((one) => ({ ...one, reserved: 3, held: 3 }));
  e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, items: ITEMS }));
  e.ledger = changed(e.ledger, confirmed, (one) => ({ ...one, captures: 2, captured: TOTAL }));
  e.provider = changed(e.provider ?? NOTHING, confirmed, (own) => [
    ...own,
    { reference: 'pi_9', orderId: confirmed, currency: 'EUR', captured: DIFFERENCE, refunded: 0 },
  ]);
}
const revising = (e: Broken): void => {
  const change = { kind: 'revise', id: revisionId, since: NOW - 1_000, from: 'CONFIRMED' };
  changeOrder(e, confirmed, { status: 'REVISING', change });
};
const found = (breakIt: (e: Broken) => void): string[] =>
  violationsOf((e) => {
    revised(e);
    breakIt(e);
  }).map(({ invariant }) => invariant);

describe('a revised order that is sound', () => {
  it.each<[string, (e: Broken) => void]>([
    ['applied', revised],
    ['rejected, with everything as it was', (e) => put(e, 'COMPENSATED', revision({ status: 'REJECTED' }))],
    [
      'requested, while its saga is at work',
      (e) => {
        revising(e);
        put(e, 'RUNNING', revision({ status: 'REQUESTED' }));
      },
    ],
    [
      'requested, and not taken up yet',
      (e) => {
        revising(e);
        e.revisions = new Map([[confirmed, [revision({ status: 'REQUESTED' })]]]);
      },
    ],
    [
      'rejected after it was charged, which was given back',
      (e) => {
        put(e, 'COMPENSATED', revision({ status: 'REJECTED' }));
        e.ledger = changed(e.ledger, confirmed, (one) => ({
          ...one,
          captures: 2,
          captured: TOTAL,
          refunds: 1,
          refunded: DIFFERENCE,
        }));
        e.provider = changed(e.provider ?? NOTHING, confirmed, (own) => [
          ...own,
          { reference: 'pi_9', orderId: confirmed, currency: 'EUR', captured: DIFFERENCE, refunded: DIFFERENCE },
        ]);
      },
    ],
  ])('the doctor reports no violation for a revision that is %s', (_, arrange) => {
    // prettier-ignore
    expect(violationsOf(arrange)).toEqual([]);
  });
});

describe('a revised order that is wrong', () => {
  it.each<[string, string, (e: Broken) => void]>([
    [
      'has not the lines of its latest revision',
      'I9',
      (e) => put(e, 'COMPLETED', revision({ items: [{ sku: product, quantity: 4 }] })),
    ],
    [
      'is confirmed while a revision is requested',
      'I9',
      (e) => put(e, 'RUNNING', revision(), revision({ id: newId(), status: 'REQUESTED' })),
    ],
    ['is REVISING for no revision', 'I9', revising],
    ['has an applied revision whose saga has come back', 'I9', (e) => put(e, 'COMPENSATED', revision())],
    [
      'keeps more money than it costs',
      'I3',
      (e) => {
        e.provider = changed(e.provider ?? NOTHING, confirmed, (own) =>
          own.map((one) => ({ ...one, captured: one.captured + 1 })),
        );
      },
    ],
    [
      'was captured more often than it was revised',
      'I3',
      (e) => {
        const more = { reference: 'pi_10', orderId: confirmed, currency: 'EUR', captured: 5, refunded: 5 };
        e.provider = changed(e.provider ?? NOTHING, confirmed, (own) => [...own, more]);
      },
    ],
    [
      'has a reservation of its old lines',
      'I6',
      (e) => {
        e.reservations = changed(e.reservations, confirmed, (one) => ({
          ...one,
          items: [{ sku: product, quantity: 2 }],
        }));
      },
    ],
    [
      'has a parcel of its old lines',
      'I6',
      (e) => {
        e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, items: [{ sku: product, quantity: 2 }] }));
      },
    ],
  ])('the doctor finds an order that %s (%s)', (_, invariant, breakIt) => {
    // prettier-ignore
    expect(new Set(found(breakIt))).toContain(invariant);
  });

  it('a revision that no saga takes up is a violation after a while (I2)', () => {
    const stranded = violationsOf((e) => {
      e.takenAt = NOW;
      changeOrder(e, confirmed, {
        status: 'REVISING',
        change: { kind: 'revise', id: revisionId, since: AGO - 120_000, from: 'CONFIRMED' },
      });
      e.revisions = new Map([[confirmed, [revision({ status: 'REQUESTED' })]]]);
    });
    expect(stranded.map(({ invariant }) => invariant)).toEqual(['I2']);
  });
});
