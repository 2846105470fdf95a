import { beforeEach, describe, expect, it } from '@jest/globals';
import { ON_HAND_MAX } from '@backstep/contracts/http';
import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { BasisRequiredError, StaleBasisError } from '@backstep/unit-of-work';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { AdjustStockHandler, adjustStockOnce } from '../adjust-stock/adjust-stock.handler.js';
import { Product } from '../product/product.entity.js';
import { Adjustment } from '../stock/adjustment.entity.js';
import { Stock } from '../stock/stock.entity.js';
import { ListProductHandler } from './list-product.handler.js';

/** Goal: a product is put on sale once, changed only by who has seen its latest version, and never loses goods that are promised. */
const NOON = Date.UTC(2030, 0, 1, 12);
let rows: InMemoryRows;
beforeEach(async () => {
  rows = await InMemoryRows.of([Product, Stock, Adjustment, IdempotencyKey], () => NOON);
});

const list = ({ onHand = 7, basis, ...edit }: { price?: number; onHand?: number; basis?: number } = {}) =>
  rows.request(new ListProductHandler(), {
    sku: 'cup',
    basis,
    edit: { name: 'Cup', currency: 'EUR', price: 500, ...edit },
    onHand,
    adjustmentId: newId(),
  });
const adjust = (delta: number, sku = 'cup') =>
  rows.request(new AdjustStockHandler(), { adjustmentId: newId(), sku, delta, reason: 'counted' });

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('a product', () => {
  it('a new product is stored with its first stock, and announced', () => {
    const { answer, said } = list();
    expect(answer).toEqual({
      outcome: 'created',
      product: {
        sku: 'cup',
        name: 'Cup',
        currency: 'EUR',
        price: 500,
        onHand: 7,
        reserved: 0,
        available: 7,
        version: 1,
      },
    });
    expect(said).toMatchObject([
      { type: 'ProductListed', subject: 'cup', aggregateVersion: 1, data: { sku: 'cup', price: 500 } },
    ]);
    expect(rows.all(Adjustment)).toMatchObject([{ sku: 'cup', delta: 7, reason: 'listed', madeAt: new Date(NOON) }]);
  });

  it('a product gets another price from a caller who has seen its version, and keeps its stock', () => {
    list();
    const { answer, said } = list({ price: 600, onHand: 99, basis: 1 });
    expect(answer).toMatchObject({ outcome: 'changed', product: { price: 600, onHand: 7, version: 2 } });
    expect(said).toMatchObject([{ type: 'ProductRepriced', aggregateVersion: 2, data: { price: 600 } }]);
    expect(rows.find(Product, 'cup')).toMatchObject({ price: 600, version: 2 });
  });

  it('a product is not changed by who does not say what was seen', () => {
    list();
    expect(() => list({ price: 700 })).toThrow(BasisRequiredError);
    expect(rows.find(Product, 'cup')).toMatchObject({ price: 500, version: 1 });
  });

  it.each([
    ['an older version', 1, [{ version: 2, fields: ['price'] }]],
    ['a version that never was', 9, undefined],
  ])('a product is not changed by who has seen %s', (_, basis, changedSince) => {
    list();
    list({ price: 600, basis: 1 });
    const refused: unknown = caught(() => list({ price: 700, basis }));
    expect(refused).toBeInstanceOf(StaleBasisError);
    expect(refused).toMatchObject({ stale: { current: { price: 600, version: 2, onHand: 7 }, yours: { price: 700 } } });
    expect((refused as StaleBasisError).stale.changedSince).toEqual(
      changedSince?.map((change) => ({ ...change, at: '2030-01-01T12:00:00.000Z' })),
    );
    expect(rows.find(Product, 'cup')).toMatchObject({ price: 600, version: 2 });
  });

  it('a product whose stock alone has changed is changed', () => {
    list();
    adjust(-3);
    expect(list({ price: 600, basis: 1 }).answer).toMatchObject({ product: { price: 600, onHand: 4, version: 2 } });
  });

  it('a product that does not exist is not changed', () => {
    expect(() => list({ basis: 1 })).toThrow('There is no cup: a new one takes no If-Match.');
    expect(rows.all(Product)).toEqual([]);
  });
});

describe('a count', () => {
  it('a count corrects the quantity on hand and keeps the reason', () => {
    list();
    expect(adjust(-3).answer).toMatchObject({ outcome: 'adjusted', product: { onHand: 4, available: 4 } });
    expect(rows.all(Adjustment).at(-1)).toMatchObject({ delta: -3, reason: 'counted', madeAt: new Date(NOON) });
  });

  it('a count may remove all that is not reserved, and no more', () => {
    list();
    rows.put(Stock, { sku: 'cup', onHand: 7, reserved: 5 });
    expect(adjust(-3).answer).toMatchObject({
      outcome: 'below_reserved',
      product: { onHand: 7, reserved: 5, available: 2 },
    });
    expect(rows.find(Stock, 'cup')).toMatchObject({ onHand: 7 });
    expect(adjust(-2).answer).toMatchObject({ outcome: 'adjusted', product: { onHand: 5, available: 0 } });
  });

  it('a count may exceed 32 bits, up to the bound', () => {
    list({ onHand: 2 ** 31 });
    expect(adjust(1_000_000).answer).toMatchObject({ outcome: 'adjusted', product: { onHand: 2 ** 31 + 1_000_000 } });
    rows.put(Stock, { sku: 'cup', onHand: ON_HAND_MAX - 1, reserved: 0 });
    expect(adjust(2).answer).toMatchObject({ outcome: 'above_largest', product: { onHand: ON_HAND_MAX - 1 } });
    expect(adjust(1).answer).toMatchObject({ outcome: 'adjusted', product: { onHand: ON_HAND_MAX } });
  });

  it('a count with a key corrects the quantity once, and is answered as it was then', () => {
    list();
    const counted = (delta: number) => {
      const sent = { sku: 'cup', delta, reason: 'counted' };
      return rows.request(adjustStockOnce, keyed('key', sent, { ...sent, adjustmentId: newId() })).answer;
    };
    const first = counted(-3);
    adjust(-1);
    expect(counted(-3)).toEqual({ ...first, replayed: true });
    expect(() => counted(-2)).toThrow('another Idempotency-Key');
    expect(rows.find(Stock, 'cup')).toMatchObject({ onHand: 3 });
    expect(rows.all(Adjustment).map(({ delta }) => delta)).toEqual([7, -3, -1]);
  });

  it('a count of an unknown product is refused', () => {
    expect(adjust(1, 'jar').answer).toEqual({ outcome: 'unknown' });
    expect(rows.all(Adjustment)).toEqual([]);
  });
});
