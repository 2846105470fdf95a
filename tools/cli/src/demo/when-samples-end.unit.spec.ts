import { describe, expect, it } from '@jest/globals';
import type { Order } from '../shared/representations.js';
import { PRODUCTS } from './products.js';
import { outcomesText } from './render-outcomes.js';
import { differenceOf, SAMPLES, type Outcome } from './samples.js';

/** Goal: a sample counts only when it ended with the status and the code that it must, and a wrong end is told in one sentence. */
const outcome = (title: RegExp, status: string, code?: string): Outcome => {
  const sample = SAMPLES.find((one) => title.test(one.title));
  if (!sample) throw new Error(`no sample ${title}`);
  const order: Order = {
    id: '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40',
    status,
    version: 2,
    currency: 'EUR',
    total: 64_00,
    items: [],
    shippingAddress: sample.order.shippingAddress,
    createdAt: '2026-03-01T12:30:00.000Z',
    failure: code === undefined ? null : { code, message: 'as it happened' },
    change: null,
    cancellation: null,
    revision: null,
  };
  return { title: sample.title, mustEnd: sample.mustEnd, order, tookMs: 1_250 };
};

describe('a sample', () => {
  it.each([
    [/ordinary/, 'CONFIRMED', undefined],
    [/in stock/, 'REJECTED', 'out_of_stock'],
    [/declined/, 'REJECTED', 'payment_declined'],
    [/carrier/, 'REJECTED', 'shipment_refused'],
    [/answer is lost/, 'CONFIRMED', undefined],
  ])('the sample %s ends %s %s', (title, status, code) => {
    expect(differenceOf(outcome(title, status, code))).toBeUndefined();
  });

  it.each([
    [/ordinary/, 'REJECTED', 'out_of_stock', 'REJECTED (out_of_stock), and must end CONFIRMED'],
    [/declined/, 'CONFIRMED', undefined, 'CONFIRMED, and must end REJECTED (payment_declined)'],
    [/carrier/, 'REJECTED', 'timed_out', 'REJECTED (timed_out), and must end REJECTED (shipment_refused)'],
  ])('the sample %s does not end %s %s', (title, status, code, difference) => {
    expect(differenceOf(outcome(title, status, code))).toBe(
      `order 0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40 ended ${difference}`,
    );
  });

  it('a sample orders a listed product', () => {
    const listed = PRODUCTS.map(({ sku }) => sku);
    expect(listed).toEqual(expect.arrayContaining(SAMPLES.flatMap(({ order }) => order.items.map(({ sku }) => sku))));
  });

  it('a sample is a line of the table', () => {
    const lines = outcomesText([outcome(/ordinary/, 'CONFIRMED'), outcome(/carrier/, 'REJECTED', 'shipment_refused')]);
    expect(lines.split('\n').slice(1)).toEqual([
      'an ordinary order                      64.00 EUR  CONFIRMED  1.25 s',
      'the carrier refuses, after the charge  64.00 EUR  REJECTED   1.25 s  shipment_refused: as it happened',
    ]);
  });
});
