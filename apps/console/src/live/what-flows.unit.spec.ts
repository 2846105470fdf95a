import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order, OrderMessage, SagaDefinition } from '../api/types.js';
import { BEGAN, recordOf, REFUSED, REFUSED_SAGA, REPEATED, SAGA } from '../lanes/records.fixture.spec.js';
import {
  type Flow,
  flowWith,
  medianOf,
  sagaStateOf,
  SHOWN_MAX,
  shownOf,
  type Told,
  tookMs,
  type Vocabulary,
} from './flow.js';
import { inOrderOf, meaningsOf } from './meanings.js';

/**
 * Goal: what the live page shows of an order is what was told of it, in whatever order and however often it is told. Method: an order that the
 * carrier refuses, told in every order; the saga's definition in small.
 */
const ORDER = String(REFUSED[0]?.key);
type Named = readonly [
  name: string,
  kind: 'compensatable' | 'pivot' | 'retriable',
  service: string,
  ...messages: (string | null)[],
];
const STEPS: readonly Named[] = [
  [
    'reserve-stock',
    'compensatable',
    'inventory',
    'ReserveStock',
    'StockReserved',
    'StockRejected',
    'ReleaseStock',
    'StockReleased',
  ],
  [
    'charge-payment',
    'compensatable',
    'payment',
    'ChargePayment',
    'PaymentCharged',
    'PaymentDeclined',
    'RefundPayment',
    'PaymentRefunded',
  ],
  ['create-shipment', 'pivot', 'shipment', 'CreateShipment', 'ShipmentCreated', 'ShipmentRefused', null, null],
  ['confirm-order', 'retriable', 'order', 'ConfirmOrder', 'OrderConfirmed', null, null, null],
  ['reject-order', 'retriable', 'order', 'RejectOrder', 'OrderRejected', null, null, null],
];
const steps = STEPS.map(([name, kind, service, send, done, refused, undo, undone]) => ({
  ...{ name, kind, service, send: send ?? '', done: done ?? '', refused: refused ?? null },
  ...{ undo: undo ?? null, undone: undone ?? null, timeoutMs: 1, attempts: 1 },
}));
const DEFINITION: SagaDefinition = {
  ...{ type: 'place-order', version: 1, startsOn: 'OrderPlaced', deadlineMs: 1 },
  steps: steps.slice(0, 4),
  whenUndone: steps[4] ?? null,
};
const WORDS: Vocabulary = {
  meanings: meaningsOf([DEFINITION]),
  serviceOf: new Map(steps.map(({ name, service }) => [name, service])),
  beginsWith: 'OrderPlaced',
};
const told = (...parts: readonly Told[]): Flow =>
  parts.reduce<Flow>((flow, part) => flowWith(flow, part, WORDS), new Map());
const asMessage = (message: OrderMessage): Told => ({ messages: [message] });
const order = (version: number, status: Order['status']): Order =>
  ({
    id: ORDER,
    version,
    status,
    total: 1_500,
    currency: 'EUR',
    createdAt: new Date(BEGAN - 2).toISOString(),
    failure: status === 'REJECTED' ? { code: 'shipment_refused', message: '' } : null,
  }) as Order;
const statesOf = (flow: Flow) =>
  Object.fromEntries(Object.entries(flow.get(ORDER)?.dots ?? {}).map(([of, { state }]) => [of, state]));

const PARTS: readonly Told[] = [
  ...REFUSED.map(asMessage),
  ...REPEATED.map(asMessage),
  { orders: [order(1, 'PENDING')] },
  { orders: [order(2, 'REJECTED')] },
  { changes: [{ id: ORDER, status: 'PENDING', version: 1 }] },
  { changes: [{ id: ORDER, status: 'REJECTED', version: 2 }] },
  { changes: [{ id: ORDER, status: null, version: null }] },
  { sagas: [{ id: SAGA, orderId: ORDER, state: 'COMPENSATING', version: 5 }] },
  { sagas: [{ id: SAGA, orderId: ORDER, state: 'COMPENSATED', version: 7 }] },
];

describe('the flow of an order', () => {
  it('each service has the last that it did, or was asked', () => {
    const half = REFUSED.slice(0, 8).map(asMessage);
    expect(statesOf(told(...half))).toEqual({
      order: 'told',
      inventory: 'done',
      payment: 'undoing',
      shipment: 'refused',
    });
    expect(statesOf(told(...PARTS))).toEqual({
      order: 'done',
      inventory: 'undone',
      payment: 'undone',
      shipment: 'refused',
    });
  });

  it('whatever comes first, and however often, the same is shown', () => {
    const all = told(...PARTS);
    fc.assert(
      fc.property(fc.shuffledSubarray([...PARTS, ...PARTS], { minLength: PARTS.length * 2 }), (parts) =>
        expect(told(...parts).get(ORDER)).toEqual(all.get(ORDER)),
      ),
    );
    expect(told({ messages: [...REFUSED].reverse(), ...PARTS.at(-1) }).get(ORDER)?.dots).toEqual(all.get(ORDER)?.dots);
  });

  it('a telling that says nothing new changes nothing: the same object is kept, and no row is drawn again', () => {
    const flow = told(...PARTS);
    expect(flowWith(flow, { messages: REFUSED, orders: [order(2, 'REJECTED')] }, WORDS).get(ORDER)).toBe(
      flow.get(ORDER),
    );
  });

  it('an order that was read has its dots from the steps of its saga', () => {
    const read = { ...order(2, 'REJECTED'), sagas: [REFUSED_SAGA] } as unknown as Order;
    expect(statesOf(told({ orders: [read] }))).toEqual({
      ...{ order: 'done', inventory: 'undone', payment: 'undone', shipment: 'refused' },
    });
  });

  it('an order is shown once its beginning is known, with its money, its reason and the time that it took', () => {
    expect(shownOf(told(...REFUSED.slice(1).map(asMessage)))).toEqual([]);
    const [shown] = shownOf(told(...PARTS));
    expect(shown).toMatchObject({
      status: 'REJECTED',
      why: 'shipment_refused',
      total: { minor: 1_500, currency: 'EUR' },
    });
    expect(shown && [sagaStateOf(shown), tookMs(shown)]).toEqual(['COMPENSATED', 404]);
  });

  it('messages of nobody’s order, and of an unknown type, are passed over', () => {
    const strange = recordOf(1, { key: null, headers: {} });
    const other = recordOf(2, { headers: { ce_type: 'ProductListed' } });
    expect(told(asMessage(strange), asMessage(other)).size).toBe(0);
  });

  it('the newest orders are shown, and however many come, no more are kept than a page has use for', () => {
    const many = Array.from({ length: 1_000 }, (_, number) => ({
      ...order(1, 'PENDING'),
      id: `order-${String(number).padStart(4, '0')}`,
      createdAt: new Date(BEGAN + number).toISOString(),
    }));
    const flow = told(
      ...many.map((one) => ({ orders: [one] })),
      ...many.map(({ id }) => ({
        sagas: [{ id: `saga-${id}`, orderId: `older-${id}`, state: 'RUNNING' as const, version: 1 }],
      })),
    );
    expect(shownOf(flow).map(({ id }) => id)).toEqual(
      Array.from({ length: SHOWN_MAX }, (_, index) => `order-${String(999 - index).padStart(4, '0')}`),
    );
    expect(flow.size).toBeLessThanOrEqual(400);
  });
});

describe('what messages mean', () => {
  it('a command that two sagas send means what it does in the saga of the order itself', () => {
    const cancelling: SagaDefinition = {
      ...DEFINITION,
      type: 'cancel-order',
      startsOn: 'OrderCancellationRequested',
      steps: [
        {
          ...steps[1]!,
          name: 'refund-payment',
          kind: 'retriable',
          send: 'RefundPayment',
          done: 'PaymentRefunded',
          undo: null,
          undone: null,
        },
      ],
      whenUndone: null,
    };
    const meanings = meaningsOf(inOrderOf('OrderPlaced', [cancelling, DEFINITION]));
    expect(meanings.get('RefundPayment')).toEqual({ service: 'payment', state: 'undoing' });
  });

  it('the median is one of the values', () => {
    expect(medianOf([])).toBeUndefined();
    expect(medianOf([5, 1, 3])).toBe(3);
    expect(medianOf([4, 1])).toBe(1);
  });
});
