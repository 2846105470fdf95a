import { CATALOGUE, ConfirmOrder, PARTITIONS } from '@backstep/contracts';
import { derivedId, message as makeMessage, newId } from '@backstep/messages';
import { partitionOf } from '@backstep/kafka';
import type { Evidence, MessageFacts, ParkedFacts, SagaFacts, StepFacts } from '../evidence.js';

/** The evidence of a sound system with one confirmed and one rejected order, and hands to break it with. */
export type Broken = { -readonly [K in keyof Evidence]: Evidence[K] };

export const NOW = Date.now() + 60_000;
export const AGO = NOW - 60_000;
export const [confirmed, rejected, product] = [newId(), newId(), 'mug'] as [string, string, string];
export const account = newId();
/** A payment intent of no order. */
export const free = newId();
export const sagaOf = (orderId: string): string => derivedId('saga', orderId);

const step = (name: string, kind: string, state: string, at: number, undo?: StepFacts['undo']): StepFacts => ({
  name,
  kind,
  state,
  armed: kind === 'compensatable' && state === 'done',
  sentAt: AGO + at,
  answeredAt: AGO + at + 5,
  ...(undo && { undo }),
});

export const saga = (orderId: string, status: string, steps: readonly StepFacts[]): SagaFacts => ({
  id: sagaOf(orderId),
  type: 'place-order',
  orderId,
  status,
  startedAt: AGO,
  stuckBecause: undefined,
  awaiting: undefined,
  steps,
  timer: undefined,
  blockedBecause: undefined,
  givenUp: undefined,
  skipped: [],
});

/** The messages of an order as a saga makes them: each caused by the one before, answers with the command's id and a version. */
export function logOf(key: string, story: readonly (readonly [topic: string, type: string])[]): MessageFacts[] {
  const log: MessageFacts[] = [];
  const versions = new Map<string, number>();
  let commandId: string | undefined;
  for (const [topic, type] of story) {
    const event = topic.endsWith('.events');
    if (!event) commandId = newId();
    const version = event ? (versions.get(topic) ?? 0) + 1 : undefined;
    if (version !== undefined) versions.set(topic, version);
    log.push({
      id: newId(),
      topic,
      type,
      key,
      partition: partitionOf(key, PARTITIONS),
      offset: String(log.length),
      sagaId: commandId === undefined ? undefined : sagaOf(key),
      causationId: log.at(-1)?.id,
      commandId,
      aggregateVersion: version,
      sentAt: AGO,
    });
  }
  return log;
}

// prettier-ignore
export const PLACED = [['order.events', 'OrderPlaced'], ['inventory.commands', 'ReserveStock'], ['inventory.events', 'StockReserved'], ['payment.commands', 'ChargePayment'], ['payment.events', 'PaymentCharged'], ['shipment.commands', 'CreateShipment']] as const;
// prettier-ignore
const CONFIRMED = [...PLACED, ['shipment.events', 'ShipmentCreated'], ['order.commands', 'ConfirmOrder'], ['order.events', 'OrderConfirmed']] as const;
// prettier-ignore
const REJECTED = [...PLACED, ['shipment.events', 'ShipmentRefused'], ['payment.commands', 'RefundPayment'], ['payment.events', 'PaymentRefunded'], ['inventory.commands', 'ReleaseStock'], ['inventory.events', 'StockReleased'], ['order.commands', 'RejectOrder'], ['order.events', 'OrderRejected']] as const;

const inboxOf = (logs: readonly MessageFacts[], reads: (topic: string) => boolean): Set<string> =>
  new Set(logs.filter(({ topic }) => reads(topic)).map(({ id }) => id));

/** Made anew for each test, so that breaking it breaks nothing else. */
export function soundEvidence(): Broken {
  const items = [{ sku: product, quantity: 2 }];
  const placed = { currency: 'EUR', total: 2580, items, createdAt: AGO };
  const confirmedLog = logOf(confirmed, CONFIRMED);
  const rejectedLog = logOf(rejected, REJECTED);
  const productLog = logOf(product, [['inventory.events', 'ProductListed']]);
  const all = [...confirmedLog, ...rejectedLog];
  const payment = { currency: 'EUR', captured: 2580 };
  const paid = { ...payment, amount: 2580 };
  return {
    takenAt: NOW,
    atRest: true,
    orders: new Map([
      [confirmed, { id: confirmed, status: 'CONFIRMED', ...placed }],
      [rejected, { id: rejected, status: 'REJECTED', ...placed }],
    ]),
    revisions: new Map(),
    idempotencyKeys: [confirmed, rejected].map((orderId) => ({
      key: `key of ${orderId}`,
      orderId,
      total: 2580,
      createdAt: AGO,
    })),
    sagas: new Map([
      [confirmed, [saga(confirmed, 'COMPLETED', [
        { ...step('reserve-stock', 'compensatable', 'done', 0) },
        { ...step('charge-payment', 'compensatable', 'done', 5) },
        step('create-shipment', 'pivot', 'done', 10),
        step('confirm-order', 'retriable', 'done', 15),
      ])]],
      [rejected, [saga(rejected, 'COMPENSATED', [
        step('reserve-stock', 'compensatable', 'undone', 0, { sentAt: AGO + 20, answeredAt: AGO + 25 }),
        step('charge-payment', 'compensatable', 'undone', 5, { sentAt: AGO + 15, answeredAt: AGO + 20 }),
        step('create-shipment', 'pivot', 'refused', 10),
        step('confirm-order', 'retriable', 'skipped', 0),
        step('reject-order', 'retriable', 'done', 25),
      ])]],
    ]), // prettier-ignore
    stock: [{ sku: product, onHand: 100, reserved: 2, adjusted: 100, held: 2, shipped: 0 }],
    reservations: new Map([
      [confirmed, { orderId: confirmed, status: 'HELD', items }],
      [rejected, { orderId: rejected, status: 'RELEASED', items }],
    ]),
    payments: new Map([
      [confirmed, { id: confirmed, forOrder: true, status: 'CHARGED', ...paid, refunded: 0, isOrdinary: true }],
      [rejected, { id: rejected, forOrder: true, status: 'REFUNDED', ...paid, refunded: 2580, isOrdinary: true }],
      [free, { id: free, forOrder: false, status: 'CHARGED', ...paid, refunded: 80, isOrdinary: false }],
    ]),
    ledger: new Map([
      [confirmed, { paymentIntentId: confirmed, ...payment, refunded: 0, captures: 1, refunds: 0, balance: 0 }],
      [rejected, { paymentIntentId: rejected, ...payment, refunded: 2580, captures: 1, refunds: 1, balance: 0 }],
      [free, { paymentIntentId: free, ...payment, refunded: 80, captures: 1, refunds: 2, balance: 0 }],
    ]),
    accounts: [
      {
        id: account,
        balance: 700,
        overdraftLimit: 100,
        version: 3,
        added: 700,
        entries: 3,
        versions: 3,
        lastVersion: 3,
      },
    ],
    unbalanced: [],
    misbooked: [],
    shipments: new Map([
      [confirmed, { orderId: confirmed, status: 'CREATED', items }],
      [rejected, { orderId: rejected, status: 'REFUSED', items }],
    ]),
    provider: new Map([
      [confirmed, [{ reference: 'pi_1', orderId: confirmed, ...payment, refunded: 0 }]],
      [rejected, [{ reference: 'pi_2', orderId: rejected, ...payment, refunded: 2580 }]],
      [free, [{ reference: 'pi_3', orderId: undefined, ...payment, refunded: 80 }]],
    ]),
    messages: new Map([[confirmed, confirmedLog], [rejected, rejectedLog], [product, productLog]]), // prettier-ignore
    otherMessageIds: new Set(),
    kafkaCompleteSince: AGO - 60_000,
    logResets: [],
    inboxes: new Map([
      [
        'order',
        inboxOf([...all, ...productLog], (topic) => topic === 'order.commands' || topic === 'inventory.events'),
      ],
      ['inventory', inboxOf(all, (topic) => topic === 'inventory.commands')],
      ['payment', inboxOf(all, (topic) => topic === 'payment.commands')],
      ['shipment', inboxOf(all, (topic) => topic === 'shipment.commands')],
      ['orchestrator', inboxOf(all, (topic) => topic.endsWith('.events'))],
    ]),
    outbox: [],
    parked: [],
  };
}

/** The map with one entry changed; the entry must be there. */
export function changed<V>(map: ReadonlyMap<string, V>, key: string, change: (value: V) => V): Map<string, V> {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing to change at ${key}`);
  return new Map(map).set(key, change(value));
}

export const changeMessage = (evidence: Broken, key: string, type: string, change: Partial<MessageFacts>): void => {
  evidence.messages = changed(evidence.messages, key, (log) =>
    log.map((one) => (one.type === type ? { ...one, ...change } : one)),
  );
};

export const addMessage = (evidence: Broken, like: MessageFacts, change: Partial<MessageFacts>): void => {
  const added = { ...like, id: newId(), offset: '99', ...change };
  evidence.messages = changed(evidence.messages, like.key, (log) => [...log, added]);
  evidence.inboxes = new Map([...evidence.inboxes].map(([service, ids]) => [service, new Set([...ids, added.id])]));
};

export const messageOf = ({ messages }: Evidence, key: string, type: string): MessageFacts => {
  const found = messages.get(key)?.find((one) => one.type === type);
  if (!found) throw new Error(`no ${type} of ${key}`);
  return found;
};

export const changeOrder = (evidence: Broken, id: string, change: object): void => {
  evidence.orders = changed(evidence.orders, id, (order) => ({ ...order, ...change }));
};

export const changeSaga = (evidence: Broken, orderId: string, change: Partial<SagaFacts>): void => {
  evidence.sagas = changed(evidence.sagas, orderId, (own) => own.map((one) => ({ ...one, ...change })));
};

export const changeStep = (evidence: Broken, orderId: string, name: string, change: Partial<StepFacts>): void => {
  const [own] = evidence.sagas.get(orderId) ?? [];
  changeSaga(evidence, orderId, {
    steps: (own?.steps ?? []).map((one) => (one.name === name ? { ...one, ...change } : one)),
  });
};

/** The carrier gets the parcel of the confirmed order, and its goods leave the stock. */
export const ship = (evidence: Broken): void => {
  evidence.shipments = changed(evidence.shipments, confirmed, (one) => ({ ...one, status: 'HANDED_OVER' }));
  evidence.reservations = changed(evidence.reservations, confirmed, (one) => ({ ...one, status: 'SHIPPED' }));
  evidence.stock = evidence.stock.map((one) => ({ ...one, onHand: 98, reserved: 0, held: 0, shipped: 2 }));
  const asked = { sagaId: undefined, causationId: undefined, commandId: undefined };
  const told = { type: 'ShipmentHandedOver', aggregateVersion: 2, ...asked };
  addMessage(evidence, messageOf(evidence, confirmed, 'ShipmentCreated'), told);
};

export function parked(change: Partial<ParkedFacts>): ParkedFacts {
  const { headers, value } = CATALOGUE.encode(
    makeMessage(ConfirmOrder, { orderId: confirmed }, { source: 'orchestrator' }),
  );
  const place = { topic: 'order.commands', partition: 0, offset: '7', key: confirmed };
  const id = newId();
  return {
    service: 'order',
    id,
    state: 'poisoned',
    type: 'ConfirmOrder',
    cause: 'handler_failed',
    cut: false,
    headers,
    value,
    changedAt: AGO,
    ...place,
    ...change,
  };
}
