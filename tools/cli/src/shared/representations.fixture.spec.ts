import type { RunningEnvironment } from '@backstep/infrastructure';
import type { ConsumerGroup } from '@backstep/kafka';
import type { Outcome } from '../demo/samples.js';
import type { Report } from '../doctor/report.js';
import type { LogLine } from '../logs/log-line.js';
import type { Reading } from '../metrics/watched.js';
import type { Evidence } from '../saga/evidence.js';
import type { OperableSaga, OperationAnswer } from '../saga/operable-saga.js';
import type { OrderMessage, OrderWithSaga, ParkedMessage, Product, Shipment } from './representations.js';

/** One of each that the CLI shows, with every text that there can be. */
const at = (ms: number): string => new Date(Date.UTC(2026, 2, 1) + ms).toISOString();
const ID = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40';
const failure = { code: 'shipment_refused', message: 'The carrier does not deliver to Antarctica.' };

export const aSaga: OperableSaga = {
  ...{ id: ID, type: 'place-order', definitionVersion: 1, orderId: ID, state: 'STUCK', version: 9, failure },
  ...{ createdAt: at(0), updatedAt: at(60), deadlineAt: at(600_000), stuckBecause: 'never answered' },
  ...{ blockedBecause: 'not registered', legalActions: ['retry'] },
  awaiting: { step: 'charge-payment', direction: 'undo', commandId: 'c', attempts: 3, dueAt: at(90) },
  steps: [
    {
      ...{
        name: 'charge-payment',
        kind: 'compensatable',
        state: 'undoing',
        attempts: 2,
        sentAt: at(0),
        answeredAt: at(7),
        skippedBy: 'bob',
      },
      undo: { attempts: 3, sentAt: at(40), answeredAt: at(50), skippedBy: 'ada' },
    },
  ],
  operations: [
    {
      ...{ action: 'retry', by: 'ada', reason: 'INC-42', at: at(50), from: 'STUCK' },
      ...{ step: 'charge-payment', direction: 'undo' },
    },
  ],
};

export const anOrder: OrderWithSaga = {
  ...{
    id: ID,
    status: 'REJECTED',
    version: 2,
    currency: 'EUR',
    total: 2580,
    createdAt: at(0),
    failure,
    change: null,
    cancellation: null,
    revision: null,
    saga: aSaga,
    sagas: [aSaga],
  },
  items: [{ sku: 'mug-blue', quantity: 2, unitPrice: 1290 }],
  shippingAddress: { name: 'Ada', line1: '12 Main Street', city: 'Berlin', postalCode: '10115', country: 'AQ' },
};

export const aProduct: Product = {
  ...{ sku: 'mug', name: 'Mug', currency: 'EUR', price: 1500, onHand: 5, reserved: 2, available: 3, version: 1 },
};

export const aShipment: Shipment = {
  ...{
    id: ID,
    orderId: ID,
    status: 'REFUSED',
    trackingNumber: 'BS1',
    reason: failure.message,
    country: 'AQ',
    version: 1,
  },
  items: [{ sku: 'mug-blue', quantity: 2 }],
  history: [{ status: 'REFUSED', at: at(9) }],
};

export const aParkedMessage: ParkedMessage = {
  ...{ id: ID, service: 'payment', state: 'poisoned', topic: 'payment.commands', partition: 1, offset: '7', key: 'k' },
  ...{
    type: 'ChargePayment',
    cause: 'bad_json',
    error: 'no JSON',
    version: 1,
    held: 2,
    behind: null,
    cut: false,
    sizeBytes: 7,
    attempts: 1,
    parkedAt: at(0),
  },
};

export const aMessage: OrderMessage = {
  ...{ topic: 'payment.commands', partition: 1, offset: '7', timestamp: at(3), key: ID },
  headers: { ce_id: 'm1', ce_type: 'ChargePayment', ce_source: 'orchestrator', ce_causationid: 'm0' },
  value: { orderId: ID, amount: 5, address: { line1: '12 Main Street' }, items: [{ sku: 'mug', quantity: 1 }] },
};

export const anEvidence: Evidence = {
  saga: aSaga,
  messages: [aMessage],
  databases: [
    {
      service: 'payment',
      inbox: [{ id: 'm1', receivedAt: Date.parse(at(5)) }],
      outbox: [{ id: 'm2', topic: 'payment.events', type: 'PaymentCharged', createdAt: Date.parse(at(6)) }],
      parked: [
        {
          ...{ id: 'm3', type: 'RefundPayment', state: 'poisoned', cause: 'handler_failed' },
          ...{ topic: 'payment.commands', partition: 1, offset: '8', parkedAt: Date.parse(at(9)) },
        },
      ],
      rows: [{ table: 'payment_intent', key: ID, version: 3, state: 'CHARGED' }],
      timers: [{ name: 'step', dueAt: Date.parse(at(90)), firesAt: Date.parse(at(95)), failures: 2 }],
      dropped: [{ id: 'm1', topic: 'payment.commands', partition: 1, offset: '9', at: Date.parse(at(8)) }],
      positions: [{ topic: 'payment.commands', partition: 1, committed: '10' }],
    },
  ],
  missing: ['the database of shipment (it does not answer)'],
};

export const anOperation: OperationAnswer = {
  ...{ action: 'retry', dryRun: true, transition: { from: 'STUCK', to: 'COMPENSATING' }, saga: aSaga },
  commands: [
    { id: 'm4', type: 'RefundPayment', topic: 'payment.commands', key: ID, commandId: 'c', data: { orderId: ID } },
  ],
};

export const anOutcome: Outcome = {
  title: 'an ordinary order',
  mustEnd: { status: 'CONFIRMED' },
  order: anOrder,
  tookMs: 120,
};

export const aReport: Report = {
  ...{ takenAt: at(0), tookMs: 5, clean: false, atRest: false },
  invariants: [
    {
      ...{ id: 'I3', title: 'one capture per payment', found: 1 },
      violations: [
        {
          ...{ invariant: 'I3', what: 'it was captured twice', remedy: 'Refund one.', orderId: ID, sagaId: 's' },
          messages: [{ id: 'm1', type: 'ChargePayment', topic: 'payment.commands', partition: 1, offset: '7' }],
          references: ['pi_1'],
        },
      ],
    },
  ],
  inFlight: { count: 1, orders: [{ orderId: ID, status: 'PENDING', ageMs: 5, waitsFor: 'charge-payment' }] },
  attention: { count: 1, items: [{ what: 'a saga is STUCK', remedy: 'npx backstep saga', orderId: ID }] },
  totals: {
    orders: { examined: 1, all: 1, byStatus: { PENDING: 1 } },
    sagas: { RUNNING: 1 },
    money: { EUR: { captured: 1, refunded: 0 } },
    stock: { skus: 1, onHand: 1, reserved: 0 },
    messages: { inKafka: 1, unreadable: 0, unreadablePlaces: [], unpublished: 0, goneWithTheirLogs: 0 },
    logResets: [],
    parked: { poisoned: 0, held: 0, discarded: 0 },
  },
};

export const aGroup: ConsumerGroup = {
  ...{ id: 'backstep.payment', state: 'Stable' },
  members: [{ id: `payment-${ID}`, clientId: 'payment', host: '/127.0.0.1' }],
  partitions: [
    {
      ...{ topic: 'payment.commands', partition: 1, committed: '7', end: '9', lag: 2 },
      memberId: `payment-${ID}`,
    },
    { ...{ topic: 'payment.commands', partition: 2, committed: null, end: '1', lag: 1 }, memberId: null },
  ],
};

export const aReading: Reading = {
  ...{ service: 'orchestrator', metric: 'backstep_saga_instances', labels: { saga: 'place-order', state: 'STUCK' } },
  ...{ value: 1, text: '1', lookWhen: 'STUCK, UNREGISTERED', look: true },
};

export const aLogLine: LogLine = {
  ...{
    time: at(5),
    level: 'warn',
    service: 'payment',
    msg: 'the outcome at the provider is unknown; the request is repeated',
  },
  fields: { orderId: ID, error: { message: 'no answer' } },
};

export const anEnvironment: RunningEnvironment = {
  ...{ gateway: 'http://127.0.0.1:3000', provider: 'http://127.0.0.1:3006' },
  services: { order: 'http://127.0.0.1:3001' },
  databases: { order: 'postgres://backstep_order:***@127.0.0.1:54320/backstep_order' },
  kafka: { brokers: ['127.0.0.1:9092'] },
  topics: ['order.commands', 'order.events', 'payment.commands', 'payment.events'],
  ...{ consumerGroups: ['backstep.order'], processes: { order: [4711] } },
};
