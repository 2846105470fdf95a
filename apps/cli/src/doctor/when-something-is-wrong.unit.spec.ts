import { beforeAll, describe, expect, it } from '@jest/globals';
import { ConfirmOrder, derivedId, encode, message as makeMessage, newId, PARTITIONS } from '@backstep/contracts';
import { partitionOf } from '@backstep/kafka';
import type { Evidence, MessageFacts, ParkedFacts, SagaFacts, StepFacts } from './evidence.js';
import { examine } from './examine.js';
import { INVARIANTS } from './invariants/index.js';
import { reportText } from './render-report.js';
import { report } from './report.js';
import type { Violation } from './violation.js';

/**
 * Goal: the doctor finds each kind of wrong, names it and its ids, and finds nothing where nothing is wrong.
 * Method: the evidence of a sound system with one confirmed and one rejected order; each test breaks one thing in it.
 */
type Broken = { -readonly [K in keyof Evidence]: Evidence[K] };

const NOW = Date.now() + 60_000;
const AGO = NOW - 60_000;
const [confirmed, rejected, product] = [newId(), newId(), 'mug'] as [string, string, string];
const sagaOf = (orderId: string): string => derivedId('saga', orderId);

const step = (name: string, kind: string, state: string, at: number, undo?: StepFacts['undo']): StepFacts => ({
  name,
  kind,
  state,
  armed: kind === 'compensatable' && state === 'done',
  sentAt: AGO + at,
  answeredAt: AGO + at + 5,
  ...(undo && { undo }),
});

const saga = (orderId: string, status: string, steps: readonly StepFacts[]): SagaFacts => ({
  id: sagaOf(orderId),
  type: 'place-order',
  orderId,
  status,
  startedAt: AGO,
  stuckBecause: undefined,
  awaiting: undefined,
  steps,
  wakesAt: undefined,
});

/** The messages of an order as a saga makes them: each caused by the one before, answers with the command's id and a version. */
function logOf(key: string, story: readonly (readonly [topic: string, type: string])[]): MessageFacts[] {
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
const PLACED = [['order.events', 'OrderPlaced'], ['inventory.commands', 'ReserveStock'], ['inventory.events', 'StockReserved'], ['payment.commands', 'ChargePayment'], ['payment.events', 'PaymentCharged'], ['shipment.commands', 'CreateShipment']] as const;
// prettier-ignore
const CONFIRMED = [...PLACED, ['shipment.events', 'ShipmentCreated'], ['order.commands', 'ConfirmOrder'], ['order.events', 'OrderConfirmed']] as const;
// prettier-ignore
const REJECTED = [...PLACED, ['shipment.events', 'ShipmentRefused'], ['payment.commands', 'RefundPayment'], ['payment.events', 'PaymentRefunded'], ['inventory.commands', 'ReleaseStock'], ['inventory.events', 'StockReleased'], ['order.commands', 'RejectOrder'], ['order.events', 'OrderRejected']] as const;

const inboxOf = (logs: readonly MessageFacts[], reads: (topic: string) => boolean): Set<string> =>
  new Set(logs.filter(({ topic }) => reads(topic)).map(({ id }) => id));

/** Made anew for each test, so that breaking it breaks nothing else. */
function soundEvidence(): Broken {
  const items = [{ sku: product, quantity: 2 }];
  const placed = { currency: 'EUR', total: 2580, items, createdAt: AGO };
  const confirmedLog = logOf(confirmed, CONFIRMED);
  const rejectedLog = logOf(rejected, REJECTED);
  const productLog = logOf(product, [['inventory.events', 'ProductListed']]);
  const all = [...confirmedLog, ...rejectedLog];
  const payment = { currency: 'EUR', captured: 2580 };
  return {
    takenAt: NOW,
    atRest: true,
    orders: new Map([
      [confirmed, { id: confirmed, status: 'CONFIRMED', ...placed }],
      [rejected, { id: rejected, status: 'REJECTED', ...placed }],
    ]),
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
    stock: [{ sku: product, onHand: 100, reserved: 2, adjusted: 100, held: 2 }],
    reservations: new Map([
      [confirmed, { orderId: confirmed, status: 'HELD', items }],
      [rejected, { orderId: rejected, status: 'RELEASED', items }],
    ]),
    payments: new Map([
      [confirmed, { id: confirmed, status: 'CHARGED', amount: 2580, currency: 'EUR' }],
      [rejected, { id: rejected, status: 'REFUNDED', amount: 2580, currency: 'EUR' }],
    ]),
    ledger: new Map([
      [confirmed, { paymentIntentId: confirmed, ...payment, refunded: 0, captures: 1, refunds: 0, balance: 0 }],
      [rejected, { paymentIntentId: rejected, ...payment, refunded: 2580, captures: 1, refunds: 1, balance: 0 }],
    ]),
    shipments: new Map([
      [confirmed, { orderId: confirmed, status: 'CREATED', items }],
      [rejected, { orderId: rejected, status: 'REFUSED', items }],
    ]),
    provider: new Map([
      [confirmed, [{ reference: 'pi_1', orderId: confirmed, ...payment, refunded: 0 }]],
      [rejected, [{ reference: 'pi_2', orderId: rejected, ...payment, refunded: 2580 }]],
    ]),
    messages: new Map([[confirmed, confirmedLog], [rejected, rejectedLog], [product, productLog]]), // prettier-ignore
    otherMessageIds: new Set(),
    kafkaCompleteSince: AGO - 60_000,
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
function changed<V>(map: ReadonlyMap<string, V>, key: string, change: (value: V) => V): Map<string, V> {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing to change at ${key}`);
  return new Map(map).set(key, change(value));
}

const changeMessage = (evidence: Broken, key: string, type: string, change: Partial<MessageFacts>): void => {
  evidence.messages = changed(evidence.messages, key, (log) =>
    log.map((one) => (one.type === type ? { ...one, ...change } : one)),
  );
};

const addMessage = (evidence: Broken, like: MessageFacts, change: Partial<MessageFacts>): void => {
  const added = { ...like, id: newId(), offset: '99', ...change };
  evidence.messages = changed(evidence.messages, like.key, (log) => [...log, added]);
  evidence.inboxes = new Map([...evidence.inboxes].map(([service, ids]) => [service, new Set([...ids, added.id])]));
};

const messageOf = ({ messages }: Evidence, key: string, type: string): MessageFacts => {
  const found = messages.get(key)?.find((one) => one.type === type);
  if (!found) throw new Error(`no ${type} of ${key}`);
  return found;
};

const changeOrder = (evidence: Broken, id: string, change: object): void => {
  evidence.orders = changed(evidence.orders, id, (order) => ({ ...order, ...change }));
};

const changeSaga = (evidence: Broken, orderId: string, change: Partial<SagaFacts>): void => {
  evidence.sagas = changed(evidence.sagas, orderId, (own) => own.map((one) => ({ ...one, ...change })));
};

const changeStep = (evidence: Broken, orderId: string, name: string, change: Partial<StepFacts>): void => {
  const [own] = evidence.sagas.get(orderId) ?? [];
  changeSaga(evidence, orderId, {
    steps: (own?.steps ?? []).map((one) => (one.name === name ? { ...one, ...change } : one)),
  });
};

function parked(change: Partial<ParkedFacts>): ParkedFacts {
  const { headers, value } = encode(makeMessage(ConfirmOrder, { orderId: confirmed }, { source: 'orchestrator' }));
  const place = { topic: 'order.commands', partition: 0, offset: '7', key: confirmed };
  const id = newId();
  return {
    service: 'order',
    id,
    state: 'poisoned',
    type: 'ConfirmOrder',
    cause: 'handler_failed',
    headers,
    value,
    changedAt: AGO,
    ...place,
    ...change,
  };
}

function violationsOf(breakIt: (evidence: Broken) => void): Violation[] {
  const evidence = soundEvidence();
  breakIt(evidence);
  return examine(evidence).flatMap(({ violations }) => [...violations]);
}

/** What is wrong, the invariants that say so, and what at least one of them names. */
type Case = readonly [
  situation: string,
  invariants: string,
  names: string | RegExp,
  breakIt: (evidence: Broken) => void,
];

const CASES: readonly Case[] = [
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
  ['a saga works for an order that is not there', 'I2', 'there is no such order', (e) => {
    const ghost = newId();
    e.sagas = new Map(e.sagas).set(ghost, [{ ...saga(ghost, 'RUNNING', []), wakesAt: NOW }]);
  }],
  ['a payment was captured twice, and once refunded', 'I3', 'pi_1b', (e) => {
    e.provider = changed(e.provider, confirmed, (own) => [...own, ...own.map((one) => ({ ...one, reference: 'pi_1b', refunded: one.captured }))]);
    e.ledger = changed(e.ledger, confirmed, (entry) => ({ ...entry, captured: 5160, refunded: 2580 }));
  }],
  ['a confirmed order is not paid in full', 'I3 I4', 'keeps 1', (e) => {
    e.provider = changed(e.provider, confirmed, (own) => own.map((one) => ({ ...one, captured: 1 })));
  }],
  ['a confirmed order is paid in another currency', 'I3 I4', 'in USD', (e) => {
    e.provider = changed(e.provider, confirmed, (own) => own.map((one) => ({ ...one, currency: 'USD' })));
  }],
  ['the ledger lacks a refund', 'I4', rejected, (e) => {
    e.ledger = changed(e.ledger, rejected, (entry) => ({ ...entry, refunded: 0, refunds: 0 }));
  }],
  ['the ledger does not balance', 'I4', 'add up to 7', (e) => {
    e.ledger = changed(e.ledger, confirmed, (entry) => ({ ...entry, balance: 7 }));
  }],
  ['more is reserved than reservations hold', 'I5', 'hold 2', (e) => { e.stock = e.stock.map((one) => ({ ...one, reserved: 3 })); }],
  ['stock vanished', 'I5', 'add up to 100', (e) => { e.stock = e.stock.map((one) => ({ ...one, onHand: 99 })); }],
  ['more is reserved than there is', 'I5', '2 reserved of 1', (e) => { e.stock = e.stock.map((one) => ({ ...one, onHand: 1, adjusted: 1 })); }],
  ['a rejected order holds stock', 'I6', rejected, (e) => {
    e.reservations = changed(e.reservations, rejected, (one) => ({ ...one, status: 'HELD' }));
  }],
  ['a rejected order is shipped', 'I6', 'is shipped', (e) => {
    e.shipments = changed(e.shipments, rejected, (one) => ({ ...one, status: 'CREATED' }));
  }],
  ['somebody was charged for an order that is not there', 'I4 I6', 'pi_ghost', (e) => {
    e.provider = new Map(e.provider).set('ghost', [{ reference: 'pi_ghost', orderId: undefined, currency: 'EUR', captured: 5, refunded: 0 }]);
  }],
  ['a rejected order was charged and not refunded', 'I3 I4 I6', rejected, (e) => {
    e.provider = changed(e.provider, rejected, (own) => own.map((one) => ({ ...one, refunded: 0 })));
  }],
  ['a confirmed order has no shipment', 'I6', 'without its shipment', (e) => {
    e.shipments = new Map([...e.shipments].filter(([id]) => id !== confirmed));
  }],
  ['a confirmed order reserved something else', 'I6', 'without its reservation', (e) => {
    e.reservations = changed(e.reservations, confirmed, (one) => ({ ...one, items: [{ sku: product, quantity: 1 }] }));
  }],
  ['a step ran and was not taken back', 'I7', /reserve-stock ran/, (e) => changeStep(e, rejected, 'reserve-stock', { state: 'done', armed: true })],
  ['compensations ran in the order of the steps', 'I7', /before charge-payment/, (e) =>
    changeStep(e, rejected, 'charge-payment', { undo: { sentAt: AGO + 25, answeredAt: AGO + 30 } })],
  ['a completed saga took something back', 'I7', sagaOf(confirmed), (e) =>
    changeStep(e, confirmed, 'reserve-stock', { undo: { sentAt: AGO, answeredAt: AGO } })],
  ['a compensation was asked for as two commands', 'I7', 'two command ids', (e) =>
    addMessage(e, messageOf(e, rejected, 'RefundPayment'), { commandId: newId() })],
  ['an order was shipped uncharged', 'I6 I8', /payment is CHARGE_FAILED/, (e) => {
    e.payments = changed(e.payments, confirmed, (payment) => ({ ...payment, status: 'CHARGE_FAILED' }));
  }],
  ['the shipment was asked for before the charge was answered', 'I8', 'because of StockReserved', (e) =>
    changeMessage(e, confirmed, 'CreateShipment', { causationId: messageOf(e, confirmed, 'StockReserved').id })],
  ['an order was told as confirmed and as rejected', 'I9', 'OrderConfirmed', (e) =>
    addMessage(e, messageOf(e, rejected, 'OrderRejected'), { type: 'OrderConfirmed', commandId: newId(), aggregateVersion: 3 })],
  ['a saga ended another way than its order', 'I9', sagaOf(confirmed), (e) =>
    changeSaga(e, confirmed, { status: 'COMPENSATED', steps: [] })],
  ['a message stays in the outbox', 'I10', /outbox of payment for 60 s/, (e) => {
    e.outbox = [{ service: 'payment', id: newId(), topic: 'payment.events', key: confirmed, createdAt: AGO }];
  }],
  ['a message in Kafka was never handled', 'I10', /payment has not handled it/, (e) => {
    const { id } = messageOf(e, confirmed, 'ChargePayment');
    e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? [])].filter((one) => one !== id)));
  }],
  ['a handled message is not in Kafka', 'I10', 'Kafka does not have it', (e) => {
    e.inboxes = new Map(e.inboxes).set('payment', new Set([...(e.inboxes.get('payment') ?? []), newId()]));
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
  it('has an examination for each invariant of the design', () => {
    expect(INVARIANTS.map(({ id }) => id)).toEqual(Array.from({ length: 13 }, (_, n) => `I${n + 1}`));
    expect([...new Set(CASES.map(([, ids]) => ids.split(' ')).flat())].sort()).toEqual(
      INVARIANTS.map(({ id }) => id).sort(),
    );
  });

  it('finds nothing wrong where nothing is', () => expect(violationsOf(() => undefined)).toEqual([]));

  it.each(CASES)('sees that %s: %s', (_, invariants, names, breakIt) => {
    const violations = violationsOf(breakIt);
    expect([...new Set(violations.map(({ invariant }) => invariant))].join(' ')).toBe(invariants);
    expect(JSON.stringify(violations)).toMatch(names);
    for (const { what, remedy } of violations) expect([what, remedy]).not.toContain('');
  });
});

describe('what is no violation', () => {
  const sound: readonly (readonly [string, (evidence: Broken) => void])[] = [
    ['an order that its saga is working on', (e) => {
      changeOrder(e, rejected, { status: 'PENDING' });
      e.messages = changed(e.messages, rejected, (log) => log.slice(0, -1));
      changeSaga(e, rejected, { status: 'COMPENSATING', awaiting: { step: 'reject-order', direction: 'forward' }, wakesAt: NOW });
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
    ['a message that was sent again after a crash', (e) => addMessage(e, messageOf(e, confirmed, 'OrderPlaced'), { id: messageOf(e, confirmed, 'OrderPlaced').id })],
    ['an answer that was repeated', (e) => addMessage(e, messageOf(e, confirmed, 'StockReserved'), { aggregateVersion: undefined })],
    ['a command that was asked again', (e) => addMessage(e, messageOf(e, rejected, 'ReleaseStock'), { causationId: undefined })],
    ['a poisoned message, and one that waits behind it', (e) => { e.parked = [parked({}), parked({ state: 'held' })]; }],
    ['a message that cannot be read', (e) => { e.parked = [parked({ cause: 'bad_json', value: '{' })]; }],
    ['keys that were forgotten after their time', (e) => {
      e.idempotencyKeys = [];
    }],
    ['an order that was accepted while the doctor looked', (e) => {
      const id = newId();
      e.takenAt = Date.now() - 60_000;
      e.kafkaCompleteSince = Date.now();
      e.reservations = new Map(e.reservations).set(id, { orderId: id, status: 'HELD', items: [] });
    }],
  ]; // prettier-ignore

  it.each(sound)('%s', (_, change) => expect(violationsOf(change)).toEqual([]));
});

describe('the report', () => {
  let text: string;
  let json: ReturnType<typeof report>;
  beforeAll(() => {
    const evidence = soundEvidence();
    const stuck = newId();
    evidence.orders = new Map(evidence.orders).set(stuck, {
      id: stuck,
      status: 'PENDING',
      currency: 'EUR',
      total: 1,
      items: [],
      createdAt: AGO,
    });
    evidence.idempotencyKeys = [...evidence.idempotencyKeys, { key: 's', orderId: stuck, total: 1, createdAt: AGO }];
    const waits = {
      ...saga(stuck, 'STUCK', []),
      stuckBecause: 'never answered',
      awaiting: { step: 'create-shipment', direction: 'forward' },
    };
    evidence.sagas = new Map(evidence.sagas).set(stuck, [waits]);
    evidence.stock = evidence.stock.map((one) => ({ ...one, onHand: 99 }));
    const byService = { order: { unpublished: 1, poisoned: 2, held: 0, discarded: 0 } };
    json = report({ evidence, counts: { orders: 9, records: 30, unreadable: 1, byService } }, examine(evidence), 1234);
    text = reportText(json);
  });

  it('says which invariants hold and which do not, and what to do', () => {
    expect(json.clean).toBe(false);
    expect(text).toMatch(/^I1 +ok /m);
    expect(text).toMatch(/^I5 +1 wrong /m);
    expect(text).toContain('→ Compare stock, stock_adjustment and reservation');
    expect(text).toContain('1 violation. The system is at rest. (1.23 s)');
  });

  it('lists what waits for a person apart from what is wrong', () => {
    expect(json.inFlight.count).toBe(0);
    expect(text).toMatch(/For an operator: 1\n.* is STUCK: never answered\n +\$ npx backstep saga /);
  });

  it('adds up', () => {
    expect(json.totals).toEqual({
      orders: { examined: 3, all: 9, byStatus: { CONFIRMED: 1, REJECTED: 1, PENDING: 1 } },
      sagas: { COMPLETED: 1, COMPENSATED: 1, STUCK: 1 },
      money: { EUR: { captured: 5160, refunded: 2580 } },
      stock: { skus: 1, onHand: 99, reserved: 2 },
      messages: { inKafka: 30, unreadable: 1, unpublished: 1 },
      parked: { poisoned: 2, held: 0, discarded: 0 },
    });
    expect(text).toContain('3 (the newest of 9): 1 CONFIRMED, 1 PENDING, 1 REJECTED');
    expect(text).toContain('captured 51.60 EUR, refunded 25.80 EUR');
  });
});
