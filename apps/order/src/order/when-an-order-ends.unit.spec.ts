import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConfirmOrder, RejectOrder, type Failure } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { AnnounceAgainHandler } from '../announce-again/announce-again.js';
import { orderPlacedId } from './order-placed-id.js';
import { ConfirmOrderHandler } from '../confirm-order/confirm-order.handler.js';
import { RejectOrderHandler } from '../reject-order/reject-order.handler.js';
import { OrderEnded } from './order-ended.js';
import { Order } from './order.entity.js';
import { TerminalOrderError, UnknownOrderError } from './order.rules.js';
import { pendingOrder } from './pending-order.fixture.spec.js';

/** Goal: an order ends once, one way, and says so as often as it is asked (I9); one that has not ended can be announced again. */
let rows: InMemoryRows;
let orderId: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Order]);
  orderId = newId();
  rows.put(Order, pendingOrder(orderId));
});

const DECLINED: Failure = { code: 'payment_declined', message: 'no money' };
const confirm = () => rows.handle(new ConfirmOrderHandler(), aMessage(ConfirmOrder, { orderId }));
const reject = (failure = DECLINED) =>
  rows.handle(new RejectOrderHandler(), aMessage(RejectOrder, { orderId, failure }));
const order = () => rows.find(Order, orderId);

describe('a pending order', () => {
  it('a pending order is confirmed', () => {
    expect(confirm()).toMatchObject([{ type: 'OrderConfirmed', aggregateVersion: 2, data: { orderId } }]);
    expect(order()).toMatchObject({ status: 'CONFIRMED', version: 2, failureCode: null });
    expect(rows.followed(OrderEnded)).toEqual([order()]);
  });

  it('a pending order is rejected, and keeps the reason', () => {
    expect(reject()).toMatchObject([
      { type: 'OrderRejected', aggregateVersion: 2, data: { orderId, failure: DECLINED } },
    ]);
    expect(order()).toMatchObject({
      status: 'REJECTED',
      version: 2,
      failureCode: 'payment_declined',
      failureMessage: 'no money',
    });
    expect(rows.followed(OrderEnded)).toEqual([order()]);
  });

  it('a pending order is announced again as the same message, with the same id, and is not changed', () => {
    const before = order();
    const { answer, said } = rows.request(new AnnounceAgainHandler(), orderId);
    expect(answer).toBe(true);
    expect(said).toMatchObject([
      {
        id: orderPlacedId(orderId),
        type: 'OrderPlaced',
        subject: orderId,
        traceparent: 'tp',
        data: { orderId, total: 500, paymentMethod: 'pm_card_visa' },
      },
    ]);
    expect(order()).toEqual(before);
  });
});

describe('an order that has ended', () => {
  it('a confirmed order answers a repeated command again and is not changed', () => {
    confirm();
    const before = order();
    expect(confirm()).toMatchObject([{ type: 'OrderConfirmed', data: { orderId } }]);
    expect(order()).toEqual(before);
    expect(rows.followed(OrderEnded)).toHaveLength(1);
  });

  it('a rejected order answers a repeated command with its first reason', () => {
    reject();
    const before = order();
    expect(reject({ code: 'timed_out', message: 'late' })).toMatchObject([
      { type: 'OrderRejected', data: { failure: DECLINED } },
    ]);
    expect(order()).toEqual(before);
  });

  it.each([
    ['confirmed, is never rejected', confirm, reject],
    ['rejected, is never confirmed', reject, confirm],
  ])('a command to an order that has ended otherwise is parked: %s', (_, first, second) => {
    first();
    const before = order();
    expect(() => second()).toThrow(TerminalOrderError);
    expect(order()).toEqual(before);
  });

  it('an order that has ended is not announced again', () => {
    confirm();
    expect(rows.request(new AnnounceAgainHandler(), orderId)).toEqual({ answer: false, said: [] });
    expect(rows.request(new AnnounceAgainHandler(), newId())).toEqual({ answer: false, said: [] });
  });
});

it.each([
  ['confirm', () => rows.handle(new ConfirmOrderHandler(), aMessage(ConfirmOrder, { orderId: newId() }))],
  [
    'reject',
    () => rows.handle(new RejectOrderHandler(), aMessage(RejectOrder, { orderId: newId(), failure: DECLINED })),
  ],
])('a command to %s an unknown order is parked', (what, command) => {
  expect(command).toThrow(UnknownOrderError);
  expect(command).toThrow(`to ${what}`);
});
