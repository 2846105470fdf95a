import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { pendingOrder, forget, violationsOf } from './testing/broken-evidence.js';
import { examine, lasting } from './examine.js';
import { sagaIdOfChange } from './invariants/sagas-of-a-change.js';
import {
  addMessage,
  AGO,
  changed,
  changeOrder,
  changeSaga,
  confirmed,
  messageOf,
  NOW,
  parked,
  rejected,
  saga,
  ship,
  soundEvidence,
  type Broken,
} from './testing/sound-evidence.js';

/**
 * Goal: the doctor says nothing of what looks wrong and is not, nor of what has passed by a second look. Method: the evidence of a sound
 * system with one confirmed and one rejected order, changed as it may be in a system that is well.
 */
const NO_PROVIDER: NonNullable<Broken['provider']> = new Map();
const DAY_MS = 24 * 60 * 60 * 1_000;

describe('what is no violation', () => {
  const sound: readonly (readonly [string, (evidence: Broken) => void])[] = [
    ['an order that its saga is working on', (e) => {
      changeOrder(e, rejected, { status: 'PENDING' });
      e.messages = changed(e.messages, rejected, (log) => log.slice(0, -1));
      changeSaga(e, rejected, { status: 'COMPENSATING', awaiting: { step: 'reject-order', direction: 'forward' }, timer: { dueAt: NOW, failures: 0 } });
      e.inboxes = new Map();
    }],
    ['an order whose saga waits for an operator', (e) => {
      changeOrder(e, rejected, { status: 'PENDING' });
      e.messages = changed(e.messages, rejected, (log) => log.slice(0, -1));
      changeSaga(e, rejected, { status: 'STUCK', stuckBecause: 'x', awaiting: { step: 'reject-order', direction: 'forward' } });
      e.inboxes = new Map();
    }],
    ['Kafka having lost its disk', (e) => { e.messages = new Map(); e.kafkaCompleteSince = undefined; }],
    ['Kafka having forgotten what is old', (e) => { e.messages = new Map(); e.kafkaCompleteSince = NOW; }],
    ['a handled message that went with the end of a log, which its reader found cut', (e) => {
      e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? []), newId()]));
      e.logResets = [{ service: 'payment', topic: 'payment.commands', partition: 1, times: 1, lastAt: Date.now() + 1_000 }];
    }],
    ['a message that was sent again after a crash', (e) => addMessage(e, messageOf(e, confirmed, 'OrderPlaced'), { id: messageOf(e, confirmed, 'OrderPlaced').id })],
    ['an answer that was repeated', (e) => addMessage(e, messageOf(e, confirmed, 'StockReserved'), { aggregateVersion: undefined })],
    ['a command that was sent again', (e) => addMessage(e, messageOf(e, rejected, 'ReleaseStock'), { causationId: undefined })],
    ['a poisoned message, and one that waits behind it', (e) => { e.parked = [parked({}), parked({ state: 'held' })]; }],
    ['a message that cannot be read', (e) => { e.parked = [parked({ cause: 'bad_json', value: '{' })]; }],
    ['a message that was larger than what is kept of it', (e) => { e.parked = [parked({ cause: 'oversize', cut: true })]; }],
    ['keys that were deleted after their time', (e) => {
      e.idempotencyKeys = [];
      for (const id of [confirmed, rejected]) changeOrder(e, id, { createdAt: NOW - 2 * DAY_MS });
    }],
    ['a key that was deleted before an older one', (e) => {
      e.idempotencyKeys = e.idempotencyKeys.slice(1).map((key) => ({ ...key, createdAt: NOW - 2 * DAY_MS }));
      for (const id of [confirmed, rejected]) changeOrder(e, id, { createdAt: NOW - 2 * DAY_MS + 1_000 });
    }],
    ['an order whose first message is parked', (e) => {
      const id = pendingOrder(e, NOW - 120_000);
      e.parked = [parked({ service: 'orchestrator', key: id })];
    }],
    ['an order whose saga is of a version that is not deployed', (e) => {
      const id = pendingOrder(e, NOW - 120_000);
      const timer = { dueAt: AGO - 120_000, failures: 9 };
      e.sagas = new Map(e.sagas).set(id, [{ ...saga(id, 'RUNNING', []), timer, blockedBecause: 'version 7 is not registered' }]);
    }],
    ['a reader that is behind, while orders flow', (e) => {
      e.atRest = false;
      const log = (e.messages.get(confirmed) ?? []).map((one) => ({ ...one, sentAt: NOW - 30_000 }));
      e.messages = new Map([[confirmed, log]]);
      e.kafkaCompleteSince = NOW;
      forget(e, 'order', messageOf(e, confirmed, 'ConfirmOrder').id);
    }],
    ['a reader that is behind what was sent to it again', (e) => {
      e.atRest = false;
      const first = messageOf(e, confirmed, 'ReserveStock');
      e.messages = changed(e.messages, confirmed, (log) => [
        ...log.map((one) => ({ ...one, sentAt: NOW - 30_000 })),
        { ...first, id: newId(), offset: '900', sentAt: NOW - 30_000 },
        { ...first, offset: '901', sentAt: NOW - 30_000 },
      ]);
    }],
    ['goods that the carrier has', ship],
    ['a parcel that is delivered, and told twice as the same message', (e) => {
      ship(e);
      e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, status: 'DELIVERED' }));
      const { id } = messageOf(e, confirmed, 'ShipmentHandedOver');
      addMessage(e, messageOf(e, confirmed, 'ShipmentHandedOver'), { id });
    }],
    ['an order that was withdrawn while it was placed', (e) =>
      changeOrder(e, rejected, { status: 'CANCELLED', cancellation: { id: newId(), from: 'PENDING', refused: false } })],
    ['an order that was confirmed, and cancelled after that', (e) => {
      const id = newId();
      changeOrder(e, confirmed, { status: 'CANCELLED', cancellation: { id, from: 'CONFIRMED', refused: false } });
      const undone = { ...saga(confirmed, 'COMPLETED', []), id: sagaIdOfChange('cancel', confirmed, id), type: 'cancel-order' };
      e.sagas = changed(e.sagas, confirmed, (own) => [...own, undone]);
      e.reservations = changed(e.reservations, confirmed, (one) => ({ ...one, status: 'RELEASED' }));
      e.stock = e.stock.map((one) => ({ ...one, reserved: 0, held: 0 }));
      e.payments = changed(e.payments, confirmed, (one) => ({ ...one, status: 'REFUNDED' }));
      e.ledger = changed(e.ledger, confirmed, (one) => ({ ...one, refunds: 1, refunded: 2580 }));
      e.provider = changed(e.provider ?? NO_PROVIDER, confirmed, (own) => own.map((one) => ({ ...one, refunded: 2580 })));
      e.shipments = changed(e.shipments, confirmed, (one) => ({ ...one, status: 'CANCELLED' }));
    }],
    ['an order that its second saga is undoing', (e) => {
      const change = { kind: 'cancel', id: newId(), since: NOW - 120_000, from: 'CONFIRMED' };
      changeOrder(e, confirmed, { status: 'CANCELLING', change });
      const undoing = { ...saga(confirmed, 'RUNNING', []), id: sagaIdOfChange('cancel', confirmed, change.id), type: 'cancel-order', timer: { dueAt: NOW, failures: 0 } };
      e.sagas = changed(e.sagas, confirmed, (own) => [...own, undoing]);
    }],
    ['an order that the carrier would not give back', (e) => {
      const id = newId();
      changeOrder(e, confirmed, { cancellation: { id, from: 'CONFIRMED', refused: true } });
      const refused = { ...saga(confirmed, 'COMPENSATED', []), id: sagaIdOfChange('cancel', confirmed, id), type: 'cancel-order' };
      e.sagas = changed(e.sagas, confirmed, (own) => [...own, refused]);
    }],
    ['a provider that keeps no ledger', (e) => { e.provider = undefined; }],
    ['an order that was accepted while the doctor looked', (e) => {
      const id = newId();
      e.takenAt = Date.now() - 60_000;
      e.kafkaCompleteSince = Date.now();
      e.reservations = new Map(e.reservations).set(id, { orderId: id, status: 'HELD', items: [] });
    }],
  ]; // prettier-ignore

  it.each(sound)('the doctor reports no violation for %s', (_, change) => expect(violationsOf(change)).toEqual([]));
});

describe('a second look, while orders flow', () => {
  const look = (breakIt: (evidence: Broken) => void) => {
    const evidence = soundEvidence();
    breakIt(evidence);
    return examine(evidence);
  };
  const stockIs = (onHand: number) => (e: Broken) => {
    e.stock = e.stock.map((one) => ({ ...one, onHand }));
  };
  const found = (verdicts: ReturnType<typeof lasting>) => verdicts.flatMap(({ violations }) => violations);

  it('a second look keeps a violation that is still there, as it is now', () => {
    expect(found(lasting(look(stockIs(99)), look(stockIs(98))))).toMatchObject([
      { invariant: 'I5', what: expect.stringContaining('98 on hand') },
    ]);
  });

  it('a second look recognises a violation whose messages were read in another order', () => {
    const evidence = soundEvidence();
    evidence.payments = changed(evidence.payments, confirmed, (one) => ({ ...one, status: 'CHARGE_FAILED' }));
    const first = examine(evidence);
    evidence.messages = changed(evidence.messages, confirmed, (log) => [...log].reverse());
    const again = found(lasting(first, examine(evidence))).map(({ invariant }) => invariant);
    expect(again).toContain('I8');
  });

  it('a second look drops what has passed, and holds back what is new', () => {
    expect(
      found(
        lasting(
          look(stockIs(99)),
          look(() => undefined),
        ),
      ),
    ).toEqual([]);
    expect(
      found(
        lasting(
          look(() => undefined),
          look(stockIs(99)),
        ),
      ),
    ).toEqual([]);
  });
});
