import { beforeEach, describe, expect, it } from '@jest/globals';
import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import type { PlaceOrderRequest } from '@backstep/contracts/http';
import { ProblemError } from '@backstep/problems';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { Customer } from '../customer/customer.entity.js';
import { Order } from '../order/order.entity.js';
import { TOTAL_MAX } from '../product-price/pricing.rules.js';
import { ProductPrice } from '../product-price/product-price.entity.js';
import { placeOrderOnce } from './place-order.handler.js';

/** Goal: one key, one order, one answer (I1); an order that cannot be priced does not come into being. */
const NOON = Date.UTC(2030, 0, 1, 12);
let rows: InMemoryRows;
beforeEach(async () => {
  rows = await InMemoryRows.of([Order, IdempotencyKey, ProductPrice, Customer], () => NOON);
  rows.put(ProductPrice, { sku: 'cup', name: 'Cup', currency: 'EUR', price: 500, productVersion: 1 });
  rows.put(ProductPrice, { sku: 'pot', name: 'Pot', currency: 'EUR', price: 1_999, productVersion: 4 });
  rows.put(ProductPrice, { sku: 'mug', name: 'Mug', currency: 'USD', price: 700, productVersion: 1 });
  rows.put(ProductPrice, { sku: 'yacht', name: 'Yacht', currency: 'EUR', price: TOTAL_MAX, productVersion: 1 });
});

const anAsk = (...items: [sku: string, quantity: number][]): PlaceOrderRequest => ({
  items: items.map(([sku, quantity]) => ({ sku, quantity })),
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
});

function place(order: PlaceOrderRequest, { key = 'key', traceparent }: { key?: string; traceparent?: string } = {}) {
  const orderId = newId();
  const { answer, said } = rows.request(placeOrderOnce, keyed(key, order, { orderId, order, traceparent }));
  return { orderId, said, ...answer };
}

describe('an order', () => {
  it('a new order is pending, priced as of now, and announced with all data that the saga needs', () => {
    const ask = anAsk(['cup', 2], ['pot', 1], ['cup', 1]);
    const { orderId, answer, said } = place(ask, { traceparent: 'tp' });
    const items = [
      { sku: 'cup', quantity: 2, unitPrice: 500 },
      { sku: 'pot', quantity: 1, unitPrice: 1_999 },
      { sku: 'cup', quantity: 1, unitPrice: 500 },
    ];
    const shown = {
      id: orderId,
      status: 'PENDING',
      version: 1,
      currency: 'EUR',
      total: 3_499,
      items,
      failure: null,
      createdAt: '2030-01-01T12:00:00.000Z',
    };
    expect(answer).toMatchObject(shown);
    const { paymentMethod, shippingAddress } = ask;
    expect(said).toMatchObject([
      {
        type: 'OrderPlaced',
        subject: orderId,
        aggregateVersion: 1,
        traceparent: 'tp',
        data: { orderId, currency: 'EUR', total: 3_499, items, paymentMethod, shippingAddress },
      },
    ]);
    expect(rows.find(Order, orderId)).toMatchObject({
      status: 'PENDING',
      total: 3_499,
      paymentMethod,
      traceparent: 'tp',
    });
  });

  it('the answer about an order has no payment method', () => {
    expect(JSON.stringify(place(anAsk(['cup', 1])).answer)).not.toContain('pm_card_visa');
  });
});

describe("a customer's order", () => {
  const CUSTOMER = newId();
  const address = { line1: 'Square 2', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };
  const profile = (changes: Partial<Customer> = {}) =>
    rows.put(Customer, { id: CUSTOMER, name: 'Grace', email: 'g@example.org', phone: null, address, ...changes });
  const theirs = (): PlaceOrderRequest => {
    const { items, paymentMethod } = anAsk(['cup', 1]);
    return { items, paymentMethod, customerId: CUSTOMER };
  };

  it('an order without an address goes to that of its customer, and keeps it when the profile changes', () => {
    profile();
    const { orderId, answer, said } = place(theirs());
    const shippingAddress = { name: 'Grace', ...address };
    expect(answer).toMatchObject({ shippingAddress });
    expect(said).toMatchObject([{ type: 'OrderPlaced', data: { shippingAddress } }]);
    profile({ name: 'Other', address: { ...address, city: 'Paris' }, version: 2 });
    expect(rows.find(Order, orderId)).toMatchObject({ shippingAddress });
    expect(place(theirs())).toMatchObject({ answer, replayed: true });
  });

  it('an order with an address of its own goes there', () => {
    profile();
    const { shippingAddress } = anAsk(['cup', 1]);
    expect(place({ ...theirs(), shippingAddress }).answer).toMatchObject({ shippingAddress });
  });

  it('an order is refused when its customer has no profile, or a profile without an address', () => {
    expect(place(theirs()).answer).toEqual({ kind: 'unknown_customer', customerId: CUSTOMER });
    profile({ address: null });
    expect(place(theirs()).answer).toEqual({ kind: 'no_address' });
    expect(rows.all(Order)).toEqual([]);
  });
});

describe('a key', () => {
  it('a key that comes again with the same body gets the same answer and places no second order', () => {
    const first = place(anAsk(['cup', 2]));
    rows.put(ProductPrice, { sku: 'cup', name: 'Cup', currency: 'EUR', price: 9_999, productVersion: 2, version: 2 });
    const again = place(anAsk(['cup', 2]));
    expect(again.said).toEqual([]);
    expect(again).toMatchObject({ answer: first.answer, replayed: true });
    expect(rows.all(Order)).toHaveLength(1);
  });

  it.each([
    ['another quantity', anAsk(['cup', 3])],
    ['another item', anAsk(['pot', 2])],
    ['lines in another order', anAsk(['pot', 1], ['cup', 2])],
    ['another card', { ...anAsk(['cup', 2], ['pot', 1]), paymentMethod: 'pm_card_slow' }],
  ])('a key that comes again with %s is refused', (_, other) => {
    place(anAsk(['cup', 2], ['pot', 1]));
    expect(() => place(other)).toThrow(ProblemError);
    expect(rows.all(Order)).toHaveLength(1);
  });

  it('a key of a refused order may be used for the corrected order', () => {
    expect(place(anAsk(['jar', 1])).answer).toMatchObject({ kind: 'unknown_sku' });
    expect(place(anAsk(['cup', 1])).answer).toMatchObject({ status: 'PENDING' });
  });

  it('another key places another order', () => {
    place(anAsk(['cup', 2]));
    expect(place(anAsk(['cup', 2]), { key: 'other' })).toMatchObject({ replayed: false });
    expect(rows.all(Order)).toHaveLength(2);
  });
});

describe('an order is refused, and nothing is kept of it,', () => {
  it.each([
    [
      'of things nobody sells, each named once',
      anAsk(['jar', 1], ['cup', 1], ['jar', 2], ['lid', 1]),
      { kind: 'unknown_sku', skus: ['jar', 'lid'] },
    ],
    [
      'in two currencies, both named',
      anAsk(['cup', 1], ['mug', 1]),
      { kind: 'mixed_currencies', currencies: ['EUR', 'USD'] },
    ],
    ['over the largest total', anAsk(['yacht', 1], ['cup', 1]), { kind: 'total_too_large', total: TOTAL_MAX + 500 }],
  ])('an order is refused without a trace: %s', (_, ask, refusal) => {
    expect(place(ask)).toMatchObject({ answer: refusal, said: [] });
    expect([rows.all(Order), rows.all(IdempotencyKey)]).toEqual([[], []]);
  });

  it('an order of the largest total is accepted', () => {
    expect(place(anAsk(['yacht', 1])).answer).toMatchObject({ total: TOTAL_MAX });
  });
});
