import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order, OrderMessage, SagaDefinition } from '../api/types.js';
import { BEGAN, recordOf, REFUSED, REFUSED_SAGA, REPEATED, SAGA } from '../lanes/records.fixture.spec.js';
import { Allowance } from './allowance.js';
import {
  admitted,
  type Flow,
  flowWith,
  medianOf,
  newestOf,
  sagaStateOf,
  SHOWN_MAX,
  shownOf,
  type Told,
  tookMs,
  underWayOf,
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

const idOf = (number: number): string => `order-${String(number).padStart(4, '0')}`;
const many = (count: number, from = 0): Order[] =>
  Array.from({ length: count }, (_, index) => ({
    ...order(1, 'PENDING'),
    id: idOf(from + index),
    createdAt: new Date(BEGAN + from + index).toISOString(),
  }));
const newestIds = (newest: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => idOf(newest - index));
const withRows = (flow: Flow): Flow => admitted(flow, SHOWN_MAX).flow;

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
    expect(shownOf(withRows(told(...REFUSED.slice(1).map(asMessage))))).toEqual([]);
    const [shown] = shownOf(withRows(told(...PARTS)));
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

  it('however many come, no more are kept than a page has use for', () => {
    const flow = told(
      ...many(1_000).map((one) => ({ orders: [one] })),
      ...many(1_000).map(({ id }) => ({
        sagas: [{ id: `saga-${id}`, orderId: `older-${id}`, state: 'RUNNING' as const, version: 1 }],
      })),
    );
    expect(newestOf(flow).map(({ id }) => id)).toEqual(newestIds(999, 100));
    expect(flow.size).toBeLessThanOrEqual(400);
  });
});

describe('the rows of a flow', () => {
  it('of a burst the newest have rows, and the others never get one', () => {
    const all = admitted(told({ orders: many(80) }), SHOWN_MAX);
    expect([all.shown, all.passed]).toEqual([SHOWN_MAX, 30]);
    expect(shownOf(all.flow).map(({ id }) => id)).toEqual(newestIds(79, SHOWN_MAX));
    const again = admitted(flowWith(all.flow, { orders: many(80) }, WORDS), SHOWN_MAX);
    expect(again).toEqual({ flow: all.flow, shown: 0, passed: 0 });
  });

  it('where fewer rows may come than orders do, the others go by, and all that have begun are counted as one or the other', () => {
    const tellings = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 6 })), { maxLength: 30 });
    fc.assert(
      fc.property(tellings, (all) => {
        let flow: Flow = new Map();
        let [told, shown, passed] = [0, 0, 0];
        for (const [orders, most] of all) {
          const next = admitted(flowWith(flow, { orders: many(orders, told) }, WORDS), most);
          told += orders;
          expect(next.shown).toBeLessThanOrEqual(most);
          [flow, shown, passed] = [next.flow, shown + next.shown, passed + next.passed];
        }
        expect(shown + passed).toBe(told);
        expect(shownOf(flow)).toHaveLength(Math.min(shown, SHOWN_MAX));
      }),
    );
  });

  it('a row is told of to its end, however many orders go by meanwhile', () => {
    let { flow } = admitted(told({ orders: many(1) }), 1);
    for (let from = 1; from < 1_000; from += 10)
      ({ flow } = admitted(flowWith(flow, { orders: many(10, from) }, WORDS), 0));
    flow = flowWith(flow, { changes: [{ id: idOf(0), status: 'CONFIRMED', version: 2 }] }, WORDS);
    expect(shownOf(flow)).toMatchObject([{ id: idOf(0), status: 'CONFIRMED' }]);
    expect(flow.size).toBeLessThanOrEqual(400);
  });

  it('what services are asked for is counted over all orders, with rows and without', () => {
    const halfway = REFUSED.slice(0, 8).map(asMessage);
    expect(underWayOf(admitted(told(...halfway), 0).flow)).toEqual({ payment: 1 });
  });

  it('rows come as fast as a burst has them, and then as they can be read', () => {
    let now = 0;
    const allowance = new Allowance(() => now);
    expect(allowance.left()).toBe(SHOWN_MAX);
    allowance.use(SHOWN_MAX);
    expect(allowance.left()).toBe(0);
    let rows = 0;
    for (; now < 10_000; now += 70) {
      const left = allowance.left();
      allowance.use(left);
      rows += left;
    }
    expect(rows).toBe(39);
    now += 3_600_000;
    expect(allowance.left()).toBe(SHOWN_MAX);
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
