import { describe, expect, it } from '@jest/globals';
import { ordersText } from '../orders/render-orders.js';
import { parkedText } from '../parked/render-parked.js';
import { productsText } from '../products/render-products.js';
import { sagaText } from '../saga/render-saga.js';
import { sagaTimeline } from '../saga/saga-timeline.js';
import { sagasText } from '../sagas/render-sagas.js';
import type { OrderWithSaga, Saga, SagaStep } from '../shared/representations.js';
import { orderText } from './render-order.js';
import { requestedItem } from './requested-item.js';

/** Goal: a person sees at a glance what became of an order, and why. */
const at = (ms: number): string => new Date(Date.UTC(2026, 2, 1) + ms).toISOString();
const step = (name: string, state: string, change: Partial<SagaStep> = {}): SagaStep => ({
  name,
  kind: 'compensatable',
  state,
  attempts: 1,
  sentAt: null,
  answeredAt: null,
  skippedBy: null,
  undo: null,
  ...change,
});

const refused: Saga = {
  id: 's',
  type: 'place-order',
  definitionVersion: 1,
  orderId: 'o',
  state: 'COMPENSATED',
  version: 7,
  failure: { code: 'shipment_refused', message: 'The carrier does not deliver to Antarctica.' },
  createdAt: at(0),
  updatedAt: at(60),
  deadlineAt: at(600_000),
  stuckBecause: null,
  awaiting: null,
  steps: [
    step('reserve-stock', 'undone', {
      sentAt: at(0),
      answeredAt: at(7),
      undo: { attempts: 1, sentAt: at(40), answeredAt: at(45), skippedBy: null },
    }),
    step('charge-payment', 'undone', {
      sentAt: at(7),
      answeredAt: at(20),
      undo: { attempts: 3, sentAt: at(25), answeredAt: at(40), skippedBy: null },
    }),
    step('create-shipment', 'refused', { kind: 'pivot', sentAt: at(20), answeredAt: at(25) }),
    step('confirm-order', 'skipped', { kind: 'retriable', attempts: 0 }),
    step('reject-order', 'done', { kind: 'retriable', sentAt: at(45), answeredAt: at(60) }),
  ],
};

const order: OrderWithSaga = {
  id: 'o',
  status: 'REJECTED',
  version: 2,
  currency: 'EUR',
  total: 2580,
  items: [{ sku: 'mug-blue', quantity: 2, unitPrice: 1290 }],
  shippingAddress: { name: 'Ada', line1: '12 Main Street', city: 'Berlin', postalCode: '10115', country: 'AQ' },
  createdAt: at(0),
  failure: refused.failure,
  change: null,
  cancellation: null,
  revision: null,
  saga: refused,
  sagas: [refused],
};

describe('a saga', () => {
  it('a saga is shown in the order of its commands, compensations in reverse', () => {
    const told = sagaTimeline(refused)
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/ {2,}/));
    expect(told).toEqual([
      ['+0 ms', 'reserve-stock', 'done', '7 ms'],
      ['+7 ms', 'charge-payment', 'done', '13 ms'],
      ['+20 ms', 'create-shipment', 'refused', '5 ms'],
      ['+25 ms', '↶ charge-payment', 'undone', '15 ms', '3'],
      ['+40 ms', '↶ reserve-stock', 'undone', '5 ms'],
      ['+45 ms', 'reject-order', 'done', '15 ms'],
      ['confirm-order', 'skipped'],
    ]);
  });

  it('a saga shows what it waits for, and which step was never answered', () => {
    const awaiting = { step: 'charge-payment', direction: 'undo' as const, commandId: 'c', attempts: 1, dueAt: at(90) };
    const steps = [
      step('charge-payment', 'undoing', {
        sentAt: at(0),
        undo: { attempts: 1, sentAt: at(30), answeredAt: null, skippedBy: null },
      }),
    ];
    const text = sagaText({ ...refused, state: 'COMPENSATING', awaiting, steps });
    expect(text).toContain('COMPENSATING, waiting for the compensation of charge-payment');
    expect(text).toMatch(/charge-payment +no answer/);
    expect(text).toMatch(/↶ charge-payment +undoing/);
    expect(text).toContain('Next attempt');
  });

  it('a saga shows who skipped a step or a compensation', () => {
    const steps = [
      step('charge-payment', 'skipped', {
        ...{ sentAt: at(0), answeredAt: at(7) },
        undo: { attempts: 9, sentAt: at(30), answeredAt: at(325), skippedBy: 'ada' },
      }),
      step('reject-order', 'skipped', { sentAt: at(325), answeredAt: at(400), skippedBy: 'bob' }),
    ];
    const text = sagaTimeline({ ...refused, steps });
    expect(text).toMatch(/↶ charge-payment +skipped by ada +295 ms/);
    expect(text).toMatch(/reject-order +skipped by bob/);
    expect(text).not.toContain('undone');
  });

  it('a STUCK saga shows why it is stuck', () => {
    const text = sagaText({ ...refused, state: 'STUCK', stuckBecause: 'RefundPayment was sent 100 times' });
    expect(text).toContain('STUCK: RefundPayment was sent 100 times');
  });
});

describe('an order', () => {
  it('an order shows its lines, its money, its failure and its saga', () => {
    const text = orderText(order);
    expect(text).toMatch(/Status +REJECTED \(version 2\)/);
    expect(text).toContain('shipment_refused: The carrier does not deliver to Antarctica.');
    expect(text).toMatch(/mug-blue +2 +12\.90 EUR +25\.80 EUR/);
    expect(text).toContain('↶ charge-payment');
  });

  it('an order is shown when its saga cannot be read', () => {
    expect(orderText({ ...order, saga: null, sagas: null })).toContain('the orchestrator does not answer');
    expect(orderText({ ...order, saga: null, sagas: [] })).toContain('none yet');
  });

  it('an order shows all its sagas, place-order first, each with its own steps', () => {
    const placed = { ...refused, state: 'COMPLETED', failure: null, steps: [step('reserve-stock', 'done')] };
    const points = { ...refused, id: 's2', type: 'redeem-points', steps: [step('reserve-points', 'undone')] };
    const text = orderText({ ...order, status: 'CONFIRMED', failure: null, saga: placed, sagas: [placed, points] });
    expect(text).toMatch(
      /Status +CONFIRMED .*\n[\s\S]*Saga +place-order s COMPLETED\nSaga +redeem-points s2 COMPENSATED\n/,
    );
    expect(text).toMatch(
      /The steps of place-order\n.*\n.*reserve-stock[\s\S]*The steps of redeem-points\n.*\n.*reserve-points/,
    );
  });

  it.each([
    ['mug-blue', { sku: 'mug-blue', quantity: 1 }],
    ['mug-blue:12', { sku: 'mug-blue', quantity: 12 }],
  ])('an item may be written as %s', (text, item) => expect(requestedItem(text, undefined)).toEqual([item]));

  it('an order has as many lines as items are given to the command', () => {
    expect(requestedItem('b:2', requestedItem('a', undefined))).toHaveLength(2);
  });

  it.each(['', ':2', 'a:0', 'a:b', 'a:1:2', 'a:-1', 'a:1.5'])('an item may not be written as %j', (text) =>
    expect(() => requestedItem(text, undefined)).toThrow('SKU'),
  );
});

describe('lists', () => {
  it('lists show one line for each item', () => {
    expect(ordersText([order])).toMatch(/o +REJECTED +25\.80 EUR +1 +2026-03-01 00:00:00\.000 +shipment_refused/);
    expect(sagasText([refused])).toMatch(/s +place-order +o +COMPENSATED .* 60 ms +shipment_refused/);
    const product = {
      sku: 'mug',
      name: 'Mug',
      currency: 'JPY',
      price: 1500,
      onHand: 5,
      reserved: 2,
      available: 3,
      version: 1,
    };
    expect(productsText([product])).toMatch(/mug +Mug +1,500 JPY +5 +2 +3/);
    const parked = {
      id: 'm',
      service: 'payment',
      state: 'poisoned',
      topic: 'payment.commands',
      partition: 1,
      offset: '7',
      version: 1,
      held: 2,
      behind: null,
      cut: false,
      sizeBytes: 1,
    };
    const why = { key: 'k', type: null, cause: 'bad_json', error: 'first\nsecond', attempts: 1, parkedAt: at(0) };
    expect(parkedText([{ ...parked, ...why }])).toMatch(
      /m +payment +poisoned +\? +k +payment\.commands\/1@7 +2 +1 +bad_json +first$/,
    );
  });

  it('the list of parked messages marks cut ones, and shortens keys', () => {
    const parked = {
      id: 'm',
      service: 'payment',
      state: 'poisoned',
      topic: 't',
      partition: 1,
      offset: '7',
      version: 1,
      held: 0,
      behind: null,
      type: null,
    };
    const why = { key: 'k'.repeat(600), cause: 'oversize', error: '', attempts: 1, parkedAt: at(0) };
    expect(parkedText([{ ...parked, ...why, cut: true, sizeBytes: 300_000 }])).toMatch(
      / k{40}… .* oversize, cut \(300000 bytes\): discard only/,
    );
  });

  it('an empty list says so', () => {
    expect([ordersText([]), sagasText([]), productsText([]), parkedText([])]).toEqual([
      'There are none.',
      'There are none.',
      'There are none.',
      'Nothing is parked.',
    ]);
  });
});
