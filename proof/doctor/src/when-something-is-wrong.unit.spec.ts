import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { PARTITIONS } from '@backstep/contracts';
import { partitionOf } from '@backstep/kafka';
import { pendingOrder, forget, violationsOf } from './testing/broken-evidence.js';
import { INVARIANTS } from './invariants/index.js';
import {
  account,
  addMessage,
  AGO,
  changed,
  changeMessage,
  changeOrder,
  changeSaga,
  changeStep,
  confirmed,
  free,
  logOf,
  messageOf,
  NOW,
  parked,
  PLACED,
  product,
  rejected,
  saga,
  sagaOf,
  ship,
  type Broken,
} from './testing/sound-evidence.js';

/**
 * Goal: the doctor finds each kind of wrong, names it and its ids, and finds nothing where nothing is wrong.
 * Method: the evidence of a sound system with one confirmed and one rejected order; each test breaks one thing in it.
 */
const NO_PROVIDER: NonNullable<Broken['provider']> = new Map();

/** What is wrong, the invariants that say so, and what at least one of them names. */
type Case = readonly [
  situation: string,
  invariants: string,
  names: string | RegExp,
  breakIt: (evidence: Broken) => void,
];

const cancelled = (from: string) => ({ status: 'CANCELLED', cancellation: { id: newId(), from, refused: false } });
const cancelling = (from: string) => ({
  status: 'CANCELLING',
  change: { kind: 'cancel', id: newId(), since: NOW - 120_000, from },
});

const CASES: readonly Case[] = [
  ['a balance was changed, and no entry says why', 'I14', /has a balance of 701, and its entries add up to 700/, (e) => {
    e.accounts = e.accounts.map((one) => ({ ...one, balance: 701 }));
  }],
  ['an account is below its limit', 'I14', `account ${account} has a balance of -101, below its limit of -100`, (e) => {
    e.accounts = e.accounts.map((one) => ({ ...one, balance: -101, added: -101 }));
  }],
  ['two writers of an account did not see each other', 'I14', /3 entries, which made 2 versions/, (e) => {
    e.accounts = e.accounts.map((one) => ({ ...one, versions: 2 }));
  }],
  ['an account went back to an earlier version', 'I14', /is at version 2, and an entry made version 3/, (e) => {
    e.accounts = e.accounts.map((one) => ({ ...one, version: 2 }));
  }],
  ['one side of a transfer is missing', 'I14', /transfer:x add up to 25/, (e) => {
    e.unbalanced = [{ transactionId: 'transfer:x', sum: 25 }];
  }],
  ['a request was answered with an order that is not there', 'I1', 'key lost', (e) => {
    e.idempotencyKeys = [...e.idempotencyKeys, { key: 'lost', orderId: newId(), total: 1, createdAt: AGO }];
  }],
  ['two requests were answered with one order', 'I1', confirmed, (e) => {
    e.idempotencyKeys = [...e.idempotencyKeys, { key: 'second', orderId: confirmed, total: 2580, createdAt: AGO }];
  }],
  ['an order has no request', 'I1', confirmed, (e) => {
    e.idempotencyKeys = e.idempotencyKeys.filter(({ orderId }) => orderId !== confirmed);
  }],
  ['an order was answered with another total', 'I1', /total of 1 /, (e) => {
    e.idempotencyKeys = e.idempotencyKeys.map((key) => ({ ...key, total: key.orderId === confirmed ? 1 : key.total }));
  }],
  ['a live saga has no timer', 'I2', sagaOf(rejected), (e) => {
    const pending = logOf(rejected, PLACED);
    changeOrder(e, rejected, { status: 'PENDING' });
    changeSaga(e, rejected, { status: 'COMPENSATING', awaiting: { step: 'charge-payment', direction: 'undo' } });
    e.messages = new Map(e.messages).set(rejected, pending);
    e.inboxes = new Map();
  }],
  ['no saga has taken an order up', 'I2', /120 s, and no saga/, (e) => {
    const id = newId();
    e.orders = new Map(e.orders).set(id, { id, status: 'PENDING', currency: 'EUR', total: 1, items: [], createdAt: NOW - 120_000 });
    e.idempotencyKeys = [...e.idempotencyKeys, { key: 'k', orderId: id, total: 1, createdAt: NOW - 120_000 }];
  }],
  ['a saga has ended and its order has not', 'I2', sagaOf(confirmed), (e) => {
    changeOrder(e, confirmed, { status: 'PENDING' });
    e.messages = changed(e.messages, confirmed, (log) => log.slice(0, -1));
    e.inboxes = new Map();
  }],
  ['no saga has taken a cancellation up', 'I2', /CANCELLING for 120 s, and no saga/, (e) =>
    changeOrder(e, confirmed, cancelling('CONFIRMED'))],
  ['a withdrawn order stays CANCELLING after its saga', 'I2', /is CANCELLING, and its saga ended as COMPENSATED/, (e) => {
    changeOrder(e, rejected, cancelling('PENDING'));
    e.messages = changed(e.messages, rejected, (log) => log.slice(0, -1));
    e.inboxes = new Map();
  }],
  ['an order is CANCELLED, and nothing of it was undone', 'I3 I6', /should keep 0 EUR/, (e) =>
    changeOrder(e, confirmed, cancelled('CONFIRMED'))],
  ['a cancellation was carried out, and its order is CONFIRMED', 'I9', /is CONFIRMED, and its saga/, (e) => {
    const done = { ...saga(confirmed, 'COMPLETED', []), id: newId(), type: 'cancel-order' };
    e.sagas = changed(e.sagas, confirmed, (own) => [...own, done]);
  }],
  ['an order was withdrawn, and told as confirmed', 'I9', 'OrderConfirmed', (e) => {
    changeOrder(e, rejected, cancelled('PENDING'));
    addMessage(e, messageOf(e, rejected, 'OrderRejected'), { type: 'OrderConfirmed', commandId: newId(), aggregateVersion: 3 });
  }],
  ['an order is CANCELLED from its placing, and its saga has completed', 'I9', sagaOf(rejected), (e) => {
    changeOrder(e, rejected, cancelled('PENDING'));
    changeSaga(e, rejected, { status: 'COMPLETED', steps: [] });
  }],
  ['a timer does not fire', 'I2', /has been due for 180 s and does not fire \(tried 3 times\)/, (e) => {
    const id = pendingOrder(e, AGO);
    e.sagas = new Map(e.sagas).set(id, [{ ...saga(id, 'RUNNING', []), timer: { dueAt: NOW - 180_000, failures: 3 } }]);
  }],
  ['its saga was given up and the order was left', 'I2', 'given up by ada: no way out', (e) => {
    const id = pendingOrder(e, AGO);
    e.sagas = new Map(e.sagas).set(id, [{ ...saga(id, 'ABANDONED', []), givenUp: { by: 'ada', reason: 'no way out' } }]);
  }],
  ['money was left when a saga was given up', 'I3', 'keeps 2580 (its saga was given up by ada: no way out)', (e) => {
    changeSaga(e, rejected, { status: 'ABANDONED', steps: [], givenUp: { by: 'ada', reason: 'no way out' } });
    e.provider = changed(e.provider ?? NO_PROVIDER, rejected, (own) => own.map((one) => ({ ...one, refunded: 0 })));
    e.ledger = changed(e.ledger, rejected, (entry) => ({ ...entry, refunded: 0, refunds: 0 }));
  }],
  ['money was left when a refund was skipped', 'I3', 'keeps 2580 (the compensation of charge-payment was skipped by ada: refunded by hand)', (e) => {
    changeSaga(e, rejected, { skipped: [{ by: 'ada', reason: 'refunded by hand', step: 'charge-payment', direction: 'undo' }] });
    e.provider = changed(e.provider ?? NO_PROVIDER, rejected, (own) => own.map((one) => ({ ...one, refunded: 0 })));
    e.ledger = changed(e.ledger, rejected, (entry) => ({ ...entry, refunded: 0, refunds: 0 }));
  }],
  ['a shipment was skipped, and nobody made it', 'I6', 'without its shipment of what was ordered (create-shipment was skipped by ada: sent by hand)', (e) => {
    changeSaga(e, confirmed, { skipped: [{ by: 'ada', reason: 'sent by hand', step: 'create-shipment', direction: 'forward' }] });
    e.shipments = new Map([...e.shipments].filter(([id]) => id !== confirmed));
  }],
  ['stock was left when a saga was given up', 'I6', 'holds stock (its saga was given up by ada: no way out)', (e) => {
    changeSaga(e, rejected, { status: 'ABANDONED', steps: [], givenUp: { by: 'ada', reason: 'no way out' } });
    e.reservations = changed(e.reservations, rejected, (one) => ({ ...one, status: 'HELD' }));
  }],
  ['an order of today has no request, and none is older', 'I1', /nobody asked/, (e) => { e.idempotencyKeys = e.idempotencyKeys.slice(1); }],
  ['an order went back from its end, while others flow', 'I9', 'is PENDING', (e) => {
    e.atRest = false;
    changeOrder(e, confirmed, { status: 'PENDING' });
  }],
  ['the ledger is not what the order says, and the provider cannot be read', 'I4', 'should keep 2580', (e) => {
    e.provider = undefined;
    e.ledger = new Map([...e.ledger].filter(([id]) => id !== confirmed));
  }],
  ['a message was passed by, while others flow', 'I10', /inventory has not handled it/, (e) => {
    e.atRest = false;
    const passed = messageOf(e, rejected, 'ReserveStock');
    forget(e, 'inventory', passed.id);
  }],
  ['a message lies there for a minute, while others flow', 'I10', /order has not handled it/, (e) => {
    e.atRest = false;
    forget(e, 'order', messageOf(e, confirmed, 'ConfirmOrder').id);
  }],
  ['a saga works for an order that is not there', 'I2', 'there is no such order', (e) => {
    const ghost = newId();
    e.sagas = new Map(e.sagas).set(ghost, [{ ...saga(ghost, 'RUNNING', []), timer: { dueAt: NOW, failures: 0 } }]);
  }],
  ['a payment was captured twice, and once refunded', 'I3', 'pi_1b', (e) => {
    e.provider = changed(e.provider ?? NO_PROVIDER, confirmed, (own) => [...own, ...own.map((one) => ({ ...one, reference: 'pi_1b', refunded: one.captured }))]);
    e.ledger = changed(e.ledger, confirmed, (entry) => ({ ...entry, captured: 5160, refunded: 2580 }));
  }],
  ['a further charge was captured twice, and once refunded', 'I3', `charge c of payment ${confirmed} was captured 2 times`, (e) => {
    const further = { reference: 'pi_1b', orderId: confirmed, chargeId: 'c', currency: 'EUR', captured: 9 };
    e.provider = changed(e.provider ?? NO_PROVIDER, confirmed, (own) => [...own, { ...further, refunded: 9 }, { ...further, reference: 'pi_1c', refunded: 9 }]);
  }],
  ['an intent was charged with another amount than it shows', 'I3', `intent ${free} is of 2581`, (e) => {
    e.payments = changed(e.payments, free, (payment) => ({ ...payment, amount: 2581 }));
  }],
  ['an intent was captured without an entry', 'I4', free, (e) => {
    e.ledger = new Map([...e.ledger].filter(([id]) => id !== free));
  }],
  ['a refund of an intent was booked once more', 'I12', free, (e) => {
    e.ledger = changed(e.ledger, free, (entry) => ({ ...entry, refunded: 120, refunds: 3 }));
  }],
  ['a confirmed order has paid a revision that it was not given', 'I3', 'keeps 2590', (e) => {
    const further = { reference: 'pi_1b', orderId: confirmed, chargeId: 'c', currency: 'EUR', captured: 10, refunded: 0 };
    e.provider = changed(e.provider ?? NO_PROVIDER, confirmed, (own) => [...own, further]);
  }],
  ['a confirmed order is not paid in full', 'I3', 'keeps 1', (e) => {
    e.provider = changed(e.provider ?? NO_PROVIDER, confirmed, (own) => own.map((one) => ({ ...one, captured: 1 })));
  }],
  ['a confirmed order is paid in another currency', 'I3', 'in USD', (e) => {
    e.provider = changed(e.provider ?? NO_PROVIDER, confirmed, (own) => own.map((one) => ({ ...one, currency: 'USD' })));
  }],
  ['the ledger lacks a refund', 'I4', rejected, (e) => {
    e.ledger = changed(e.ledger, rejected, (entry) => ({ ...entry, refunded: 0, refunds: 0 }));
  }],
  ['the ledger does not balance', 'I4', 'add up to 7', (e) => {
    e.ledger = changed(e.ledger, confirmed, (entry) => ({ ...entry, balance: 7 }));
  }],
  ['more is reserved than reservations hold', 'I5', 'hold 2', (e) => { e.stock = e.stock.map((one) => ({ ...one, reserved: 3 })); }],
  ['stock vanished', 'I5', 'add up to 100', (e) => { e.stock = e.stock.map((one) => ({ ...one, onHand: 99 })); }],
  ['goods left the stock twice', 'I5', '96 on hand, and its adjustments add up to 100, less 2 shipped', (e) => {
    ship(e);
    e.stock = e.stock.map((one) => ({ ...one, onHand: 96 }));
  }],
  ['goods left the stock, and the carrier does not have them', 'I8', 'its shipment is CREATED', (e) => {
    ship(e);
    e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, status: 'CREATED' }));
  }],
  ['the carrier got other goods than were ordered', 'I6', 'without its shipment', (e) => {
    ship(e);
    e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, items: [{ sku: product, quantity: 1 }] }));
  }],
  ['a rejected order left the house', 'I6', 'is shipped', (e) => {
    e.shipments = changed(e.shipments, rejected, (one) => ({ ...one, status: 'DELIVERED' }));
  }],
  ['an uncharged order was delivered', 'I8', /payment is CHARGE_FAILED/, (e) => {
    ship(e);
    e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, status: 'DELIVERED' }));
    e.payments = changed(e.payments, confirmed, (payment) => ({ ...payment, status: 'CHARGE_FAILED' }));
  }],
  ['a parcel was handed over twice', 'I9', 'ShipmentHandedOver 2 times', (e) => {
    ship(e);
    addMessage(e, messageOf(e, confirmed, 'ShipmentHandedOver'), {});
  }],
  ['a parcel was handed over, and its shipment cancelled after that', 'I9', 'is HANDED_OVER, and was told as ShipmentCancelled', (e) => {
    ship(e);
    addMessage(e, messageOf(e, confirmed, 'ShipmentCreated'), { type: 'ShipmentCancelled', commandId: newId(), aggregateVersion: 3 });
  }],
  ['a parcel was handed over after its shipment was cancelled', 'I6 I8 I9', 'is CANCELLED, and was told as ShipmentHandedOver', (e) => {
    ship(e);
    e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, status: 'CANCELLED' }));
  }],
  ['more is reserved than there is', 'I5', '2 reserved of 1', (e) => { e.stock = e.stock.map((one) => ({ ...one, onHand: 1, adjusted: 1 })); }],
  ['a rejected order holds stock', 'I6', rejected, (e) => {
    e.reservations = changed(e.reservations, rejected, (one) => ({ ...one, status: 'HELD' }));
  }],
  ['a rejected order is shipped', 'I6', 'is shipped', (e) => {
    e.shipments = changed(e.shipments, rejected, (one) => ({ ...one, status: 'CREATED' }));
  }],
  ['somebody was charged for an order that is not there', 'I6', 'pi_ghost', (e) => {
    e.provider = new Map(e.provider).set('ghost', [{ reference: 'pi_ghost', orderId: undefined, currency: 'EUR', captured: 5, refunded: 0 }]);
  }],
  ['a rejected order was charged and not refunded', 'I3', rejected, (e) => {
    e.provider = changed(e.provider ?? NO_PROVIDER, rejected, (own) => own.map((one) => ({ ...one, refunded: 0 })));
  }],
  ['a confirmed order has no shipment', 'I6', 'without its shipment', (e) => {
    e.shipments = new Map([...e.shipments].filter(([id]) => id !== confirmed));
  }],
  ['a confirmed order reserved something else', 'I6', 'without its reservation', (e) => {
    e.reservations = changed(e.reservations, confirmed, (one) => ({ ...one, items: [{ sku: product, quantity: 1 }] }));
  }],
  ['a step was done and not undone', 'I7', /reserve-stock is done/, (e) => changeStep(e, rejected, 'reserve-stock', { state: 'done', armed: true })],
  ['compensations ran in the order of the steps', 'I7', /before charge-payment/, (e) =>
    changeStep(e, rejected, 'charge-payment', { undo: { sentAt: AGO + 25, answeredAt: AGO + 30 } })],
  ['a completed saga took something back', 'I7', sagaOf(confirmed), (e) =>
    changeStep(e, confirmed, 'reserve-stock', { undo: { sentAt: AGO, answeredAt: AGO } })],
  ['a compensation was asked for as two commands', 'I7', 'two command ids', (e) =>
    addMessage(e, messageOf(e, rejected, 'RefundPayment'), { commandId: newId() })],
  ['an order was shipped uncharged', 'I8', /payment is CHARGE_FAILED/, (e) => {
    e.payments = changed(e.payments, confirmed, (payment) => ({ ...payment, status: 'CHARGE_FAILED' }));
  }],
  ['the shipment was asked for before the charge was answered', 'I8', 'because of StockReserved', (e) =>
    changeMessage(e, confirmed, 'CreateShipment', { causationId: messageOf(e, confirmed, 'StockReserved').id })],
  ['an order was told as confirmed and as rejected', 'I9', 'OrderConfirmed', (e) =>
    addMessage(e, messageOf(e, rejected, 'OrderRejected'), { type: 'OrderConfirmed', commandId: newId(), aggregateVersion: 3 })],
  ['a saga ended another way than its order', 'I9', sagaOf(confirmed), (e) =>
    changeSaga(e, confirmed, { status: 'COMPENSATED', steps: [] })],
  ['a message stays in the outbox', 'I10', /outbox of payment for 60 s/, (e) => {
    e.outbox = [{ service: 'payment', id: newId(), topic: 'payment.events', key: confirmed, createdAt: AGO, refusedFor: null, heldBehind: null }];
  }],
  ['Kafka refuses a message, and another waits behind it', 'I10', /MESSAGE_TOO_LARGE; 1 later of its key wait/, (e) => {
    const heldBehind = newId();
    const stays = { service: 'payment', topic: 'payment.events', key: confirmed, createdAt: AGO, heldBehind } as const;
    e.outbox = [{ ...stays, id: heldBehind, refusedFor: 'MESSAGE_TOO_LARGE' }, { ...stays, id: newId(), refusedFor: null }];
  }],
  ['a message in Kafka was never handled', 'I10', /payment has not handled it/, (e) => {
    const { id } = messageOf(e, confirmed, 'ChargePayment');
    e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? [])].filter((one) => one !== id)));
  }],
  ['a handled message is not in Kafka', 'I10', 'Kafka does not have it', (e) => {
    e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? []), newId()]));
  }],
  ['a handled message is not in Kafka, and was made after a log was found cut', 'I10', 'Kafka does not have it', (e) => {
    e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? []), newId()]));
    e.logResets = [{ service: 'payment', topic: 'payment.commands', partition: 1, times: 1, lastAt: AGO - 60_000 }];
  }],
  ['a handled message is not in Kafka, and another service found a log cut', 'I10', 'Kafka does not have it', (e) => {
    e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? []), newId()]));
    e.logResets = [{ service: 'order', topic: 'payment.events', partition: 1, times: 1, lastAt: Date.now() + 1_000 }];
  }],
  ['two messages share an id', 'I10', 'two messages have the id', (e) =>
    addMessage(e, messageOf(e, confirmed, 'ReserveStock'), { id: messageOf(e, confirmed, 'ConfirmOrder').id })],
  ['messages of a key lie in two partitions', 'I11', '1 lie elsewhere', (e) =>
    changeMessage(e, confirmed, 'ConfirmOrder', { partition: (partitionOf(confirmed, PARTITIONS) + 1) % PARTITIONS })],
  ['a version is told after a later one', 'I11', 'after version 9', (e) => changeMessage(e, confirmed, 'OrderPlaced', { aggregateVersion: 9 })],
  ['a command had its effect twice', 'I12', 'StockReserved and StockReserved', (e) =>
    addMessage(e, messageOf(e, confirmed, 'StockReserved'), { aggregateVersion: 2 })],
  ['the ledger has a capture twice', 'I12', '2 captures', (e) => {
    e.ledger = changed(e.ledger, confirmed, (entry) => ({ ...entry, captures: 2 }));
  }],
  ['a sound message is parked as unreadable', 'I13', 'can be read', (e) => { e.parked = [parked({ cause: 'bad_json' })]; }],
  ['a message waits behind nothing', 'I13', 'nothing of its key is poisoned', (e) => { e.parked = [parked({ state: 'held' })]; }],
]; // prettier-ignore

describe('the doctor', () => {
  it('the doctor examines each invariant of the design', () => {
    expect(INVARIANTS.map(({ id }) => id)).toEqual(Array.from({ length: 14 }, (_, n) => `I${n + 1}`));
    expect([...new Set(CASES.map(([, ids]) => ids.split(' ')).flat())].sort()).toEqual(
      INVARIANTS.map(({ id }) => id).sort(),
    );
  });

  it('the doctor finds nothing in a sound system', () => expect(violationsOf(() => undefined)).toEqual([]));

  it.each(CASES)('the doctor sees that %s: %s', (_, invariants, names, breakIt) => {
    const violations = violationsOf(breakIt);
    expect([...new Set(violations.map(({ invariant }) => invariant))].join(' ')).toBe(invariants);
    expect(JSON.stringify(violations)).toMatch(names);
    for (const { what, remedy } of violations) expect([what, remedy]).not.toContain('');
  });
});
