import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  CancelOrder,
  ConfirmOrder,
  RefuseCancellation,
  RejectOrder,
  ShipmentHandedOver,
  type Failure,
} from '@backstep/contracts';
import type { OrderView } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { BasisRequiredError, StaleBasisError } from '@backstep/unit-of-work';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { AnnounceAgainHandler } from '../announce-again/announce-again.js';
import { CancelOrderHandler } from '../cancel-order/cancel-order.handler.js';
import { ConfirmOrderHandler } from '../confirm-order/confirm-order.handler.js';
import { HandOver } from '../hand-over/hand-over.entity.js';
import { HearOfHandOverHandler } from '../hand-over/hear-of-hand-over.handler.js';
import { RefuseCancellationHandler } from '../refuse-cancellation/refuse-cancellation.handler.js';
import { RejectOrderHandler } from '../reject-order/reject-order.handler.js';
import { requestCancellationOnce } from '../request-cancellation/request-cancellation.handler.js';
import { OrderEnded } from './order-ended.js';
import { orderPlacedId } from './order-placed-id.js';
import { Order } from './order.entity.js';
import { TerminalOrderError } from './order.rules.js';
import { pendingOrder } from './pending-order.fixture.spec.js';

/**
 * Goal: a cancellation holds its order until exactly one answer ends it, whichever saga gives it and however often it comes; the order never
 * stays CANCELLING. Method: the handlers on rows in memory.
 */
let rows: InMemoryRows;
let orderId: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Order, HandOver, IdempotencyKey]);
  orderId = newId();
  rows.put(Order, pendingOrder(orderId));
});

const CANCELLED_BY_CUSTOMER: Failure = { code: 'cancelled_by_customer', message: 'cancelled by the customer' };
const DECLINED: Failure = { code: 'payment_declined', message: 'no money' };
const HANDED_OVER = { code: 'handed_over', message: 'the carrier has it' } as const;

const order = (): Order => {
  const found = rows.find(Order, orderId);
  if (!found) throw new Error('there is no order');
  return found;
};
const confirm = () => rows.handle(new ConfirmOrderHandler(), aMessage(ConfirmOrder, { orderId }));
const reject = (failure: Failure) => rows.handle(new RejectOrderHandler(), aMessage(RejectOrder, { orderId, failure }));
const finish = (cancellationId: string) =>
  rows.handle(new CancelOrderHandler(), aMessage(CancelOrder, { orderId, cancellationId }));
const refuse = (cancellationId: string) =>
  rows.handle(
    new RefuseCancellationHandler(),
    aMessage(RefuseCancellation, { orderId, cancellationId, failure: HANDED_OVER }),
  );
const hearOfHandOver = () =>
  rows.handle(
    new HearOfHandOverHandler(),
    aMessage(ShipmentHandedOver, { orderId, shipmentId: newId(), trackingNumber: 'BS1', items: [] }),
  );
const announceAgain = () => rows.request(new AnnounceAgainHandler(), orderId).said;

interface Wish {
  readonly basis?: number | undefined;
  readonly key?: string;
  readonly of?: string;
}

function cancel({ basis = order().version, key, of = orderId }: Wish = {}) {
  const request = { orderId: of, basis, edit: {}, cancellationId: newId(), traceparent: 'tp2' };
  const { answer, said } = rows.request(requestCancellationOnce, keyed(key, { orderId: of }, request));
  return { id: request.cancellationId, view: answer.answer as OrderView, replayed: answer.replayed, said };
}

/** The problem that a request is refused with. */
function problemOf(act: () => unknown): ProblemError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a cancellation that is asked for', () => {
  it('a pending order is withdrawn: it is CANCELLING, and tells who holds it and since when', () => {
    const { id, view, said } = cancel();
    expect(view).toMatchObject({ status: 'CANCELLING', version: 2, change: { kind: 'cancel', id } });
    expect(said).toMatchObject([
      {
        id,
        type: 'OrderWithdrawalRequested',
        aggregateVersion: 2,
        traceparent: 'tp2',
        data: { orderId, cancellationId: id },
      },
    ]);
    expect(order()).toMatchObject({ status: 'CANCELLING', change: { kind: 'cancel', id, from: 'PENDING' } });
  });

  it('a confirmed order begins cancel-order, with the lines to release', () => {
    confirm();
    const { id, said } = cancel();
    expect(said).toMatchObject([
      { id, type: 'OrderCancellationRequested', data: { items: [{ sku: 'cup', quantity: 1 }] } },
    ]);
    expect(order().change).toMatchObject({ id, from: 'CONFIRMED' });
  });

  it('a cancellation needs the version that was seen: 428 without, 412 with another', () => {
    const wish = { orderId, basis: undefined, edit: {}, cancellationId: newId(), traceparent: undefined };
    expect(() => rows.request(requestCancellationOnce, keyed(undefined, wish, wish))).toThrow(BasisRequiredError);
    expect(() => cancel({ basis: 7 })).toThrow(StaleBasisError);
    expect(order()).toMatchObject({ status: 'PENDING', version: 1 });
  });

  it('a cancellation that comes again with its key has one effect, also with the version that it made', () => {
    const first = cancel({ key: 'k' });
    const again = cancel({ key: 'k' });
    expect(again).toMatchObject({ replayed: true, view: first.view, said: [] });
    expect(order().version).toBe(2);
    expect(problemOf(() => cancel({ key: 'k', of: newId() })).problem).toBe(PROBLEMS.idempotencyKeyReused);
  });

  it('a second cancellation is refused while the first is at work, and says which holds the order and since when', () => {
    const { view } = cancel();
    const { problem, extensions } = problemOf(() => cancel());
    expect(problem).toBe(SHOP_PROBLEMS.changeInProgress);
    expect(extensions).toEqual({ state: 'CANCELLING', change: view.change });
  });

  it.each([
    ['REJECTED', () => reject(DECLINED)],
    ['CANCELLED', () => void (cancel(), reject(CANCELLED_BY_CUSTOMER))],
    ['CONFIRMED', () => void (confirm(), refuse(cancel().id))],
    ['CONFIRMED', () => void (confirm(), hearOfHandOver())],
    ['PENDING', () => hearOfHandOver()],
  ])('a cancellation of an order that is %s is too late, once it is known to be', (state, before) => {
    before();
    const { problem, extensions } = problemOf(() => cancel());
    expect([problem, extensions]).toEqual([SHOP_PROBLEMS.tooLate, { state }]);
  });

  it('a hand-over that is heard of makes no new version of the order, and is kept once however often it is told', () => {
    confirm();
    const before = order();
    for (let times = 0; times < 3; times++) expect(hearOfHandOver()).toEqual([]);
    expect(order()).toEqual(before);
    expect(rows.all(HandOver)).toMatchObject([{ orderId, version: 1 }]);
  });

  it('a cancellation of an order that is not there is 404', () => {
    expect(problemOf(() => cancel({ of: newId() })).problem).toBe(PROBLEMS.notFound);
  });
});

describe('a pending order that is CANCELLING', () => {
  it('an order that place-order has turned back is CANCELLED, and says so once', () => {
    const { id } = cancel();
    expect(reject(CANCELLED_BY_CUSTOMER)).toMatchObject([
      { type: 'OrderRejected', data: { orderId, failure: CANCELLED_BY_CUSTOMER } },
      { type: 'OrderCancelled', data: { orderId, cancellationId: id }, traceparent: 'tp' },
    ]);
    expect(order()).toMatchObject({
      status: 'CANCELLED',
      failureCode: null,
      change: null,
      cancellation: { id, refusal: null },
    });
    expect(rows.followed(OrderEnded)).toEqual([order()]);
    const before = order();
    expect(reject(CANCELLED_BY_CUSTOMER)).toMatchObject([
      { type: 'OrderRejected', data: { failure: { code: 'cancelled_by_customer' } } },
    ]);
    expect(() => confirm()).toThrow(TerminalOrderError);
    expect(order()).toEqual(before);
  });

  it('an order whose saga was past its pivot is CONFIRMED, its cancellation is refused, and it can be cancelled again', () => {
    const { id } = cancel();
    expect(confirm()).toMatchObject([
      { type: 'OrderConfirmed', data: { orderId } },
      {
        type: 'OrderCancellationRefused',
        data: { orderId, cancellationId: id, failure: { code: 'confirmed_meanwhile' } },
      },
    ]);
    expect(order()).toMatchObject({
      status: 'CONFIRMED',
      change: null,
      cancellation: { id, refusal: { code: 'confirmed_meanwhile' } },
    });
    expect(confirm()).toMatchObject([{ type: 'OrderConfirmed' }]);
    expect(cancel().said).toMatchObject([{ type: 'OrderCancellationRequested' }]);
  });

  it('an order that came to nothing for another reason is REJECTED for it', () => {
    const { id } = cancel();
    expect(reject(DECLINED)).toMatchObject([
      { type: 'OrderRejected', data: { failure: DECLINED } },
      { type: 'OrderCancellationRefused', data: { cancellationId: id, failure: { code: 'rejected_meanwhile' } } },
    ]);
    expect(order()).toMatchObject({ status: 'REJECTED', failureCode: 'payment_declined', change: null });
  });

  it('an order whose messages may be lost is announced again, with its withdrawal, as the same messages', () => {
    const { id } = cancel();
    expect(announceAgain()).toMatchObject([
      { id: orderPlacedId(orderId), type: 'OrderPlaced' },
      { id, type: 'OrderWithdrawalRequested' },
    ]);
  });
});

describe('a confirmed order that is CANCELLING', () => {
  beforeEach(() => void confirm());

  it('an order that cancel-order has undone is CANCELLED, however often the command comes', () => {
    const { id } = cancel();
    expect(finish(id)).toMatchObject([{ type: 'OrderCancelled', data: { orderId, cancellationId: id } }]);
    const before = order();
    expect(before).toMatchObject({ status: 'CANCELLED', change: null, cancellation: { id, refusal: null } });
    expect(finish(id)).toMatchObject([{ type: 'OrderCancelled' }]);
    expect(order()).toEqual(before);
  });

  it('an order that the carrier keeps is CONFIRMED again, and says why', () => {
    const { id } = cancel();
    expect(refuse(id)).toMatchObject([{ type: 'OrderCancellationRefused', data: { failure: HANDED_OVER } }]);
    const before = order();
    expect(before).toMatchObject({ status: 'CONFIRMED', change: null, cancellation: { id, refusal: HANDED_OVER } });
    expect(refuse(id)).toMatchObject([{ type: 'OrderCancellationRefused', data: { failure: HANDED_OVER } }]);
    expect(order()).toEqual(before);
  });

  it('an order answers a ConfirmOrder that comes again, and is not changed, whatever its cancellation has become', () => {
    const { id } = cancel();
    const cancelling = order();
    expect(confirm()).toMatchObject([{ type: 'OrderConfirmed' }]);
    expect(order()).toEqual(cancelling);
    expect(() => reject(CANCELLED_BY_CUSTOMER)).toThrow(TerminalOrderError);
    finish(id);
    const cancelled = order();
    expect(confirm()).toMatchObject([{ type: 'OrderConfirmed' }]);
    expect(order()).toEqual(cancelled);
    expect(() => reject(CANCELLED_BY_CUSTOMER)).toThrow(TerminalOrderError);
  });

  it('an order that another cancellation holds is not ended by a command of an earlier one', () => {
    const first = cancel();
    rows.handle(
      new RefuseCancellationHandler(),
      aMessage(RefuseCancellation, {
        orderId,
        cancellationId: first.id,
        failure: { code: 'timed_out', message: 'given up' },
      }),
    );
    const second = cancel();
    expect(() => finish(first.id)).toThrow(TerminalOrderError);
    expect(refuse(first.id)).toMatchObject([{ type: 'OrderCancellationRefused', data: { cancellationId: first.id } }]);
    expect(order()).toMatchObject({ status: 'CANCELLING', change: { id: second.id } });
  });

  it('an order whose message may be lost asks for its cancellation again, as the same message', () => {
    const { id } = cancel();
    expect(announceAgain()).toMatchObject([{ id, type: 'OrderCancellationRequested' }]);
    finish(id);
    expect(announceAgain()).toEqual([]);
  });
});
