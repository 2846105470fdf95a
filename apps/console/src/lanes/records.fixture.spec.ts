import type { OrderMessage, Saga, SagaStep } from '../api/types.js';

/** An order that the carrier refuses, as Kafka and the orchestrator tell of it: written short, in the order in which it happened. */
const ORDER = '01a21c15-0000-7000-8000-0000000036f2';
export const SAGA = '01a21c15-0000-7000-8000-00000000005a';
export const BEGAN = Date.parse('2026-11-27T08:18:51.200Z');
const idOf = (number: number): string => `01a21c15-0000-7000-8000-${String(number).padStart(12, '0')}`;
const commandOf = (number: number): string => `01a21c15-0000-7000-9000-${String(number).padStart(12, '0')}`;

/** ms since the order began, type, service (of a command the one that is asked), which command, number of the cause. */
type Line = readonly [
  ms: number,
  type: string,
  service: string,
  command: number | undefined,
  cause: number | undefined,
];
const LINES: readonly Line[] = [
  [0, 'OrderPlaced', 'order.events', undefined, undefined],
  [12, 'ReserveStock', 'inventory.commands', 1, 1],
  [20, 'StockReserved', 'inventory.events', 1, 2],
  [28, 'ChargePayment', 'payment.commands', 2, 3],
  [180, 'PaymentCharged', 'payment.events', 2, 4],
  [190, 'CreateShipment', 'shipment.commands', 3, 5],
  [240, 'ShipmentRefused', 'shipment.events', 3, 6],
  [250, 'RefundPayment', 'payment.commands', 4, 7],
  [358, 'PaymentRefunded', 'payment.events', 4, 8],
  [366, 'ReleaseStock', 'inventory.commands', 5, 9],
  [380, 'StockReleased', 'inventory.events', 5, 10],
  [388, 'RejectOrder', 'order.commands', 6, 11],
  [402, 'OrderRejected', 'order.events', 6, 12],
];

export function recordOf(number: number, change: Partial<OrderMessage> = {}): OrderMessage {
  const [ms = 0, type = '', topic = '', command, cause] = LINES[number - 1] ?? [];
  const isCommand = topic.endsWith('.commands');
  return {
    topic,
    partition: 1,
    offset: String(30 + number),
    timestamp: new Date(BEGAN + ms + 3).toISOString(),
    key: ORDER,
    headers: {
      ce_id: idOf(number),
      ce_type: type,
      ce_source: isCommand ? 'orchestrator' : (topic.split('.')[0] ?? ''),
      ce_time: new Date(BEGAN + ms).toISOString(),
      ce_sagaid: SAGA,
      ...(command !== undefined && { ce_commandid: commandOf(command) }),
      ...(cause !== undefined && { ce_causationid: idOf(cause) }),
      ...(!isCommand && { ce_aggregateversion: '2' }),
    },
    value: { orderId: ORDER },
    ...change,
  };
}

export const REFUSED: readonly OrderMessage[] = LINES.map((_, index) => recordOf(index + 1));

/** The relay sent all of them again, two seconds later. */
export const REPEATED: readonly OrderMessage[] = REFUSED.map((record) => ({
  ...record,
  offset: String(Number(record.offset) + 20),
  timestamp: new Date(Date.parse(record.timestamp) + 2_000).toISOString(),
}));

const at = (ms: number | null): string | null => (ms === null ? null : new Date(BEGAN + ms).toISOString());
type Sent = readonly [sent: number | null, answered: number | null];

const step = (name: string, kind: SagaStep['kind'], state: SagaStep['state'], [sent, answered]: Sent, undo?: Sent) => ({
  name,
  kind,
  state,
  attempts: sent === null ? 0 : 1,
  sentAt: at(sent),
  answeredAt: at(answered),
  skippedBy: null,
  undo: undo ? { attempts: 1, sentAt: at(undo[0]), answeredAt: at(undo[1]), skippedBy: null } : null,
});

export const sagaWith = (steps: readonly SagaStep[]): Saga => ({
  id: SAGA,
  type: 'place-order',
  definitionVersion: 1,
  orderId: ORDER,
  state: 'COMPENSATED',
  version: 7,
  failure: { code: 'shipment_refused', message: 'nobody delivers there' },
  blockedBecause: null,
  createdAt: new Date(BEGAN + 10).toISOString(),
  updatedAt: new Date(BEGAN + 410).toISOString(),
  deadlineAt: null,
  stuckBecause: null,
  legalActions: [],
  refusedActions: [],
  awaiting: null,
  steps: [...steps],
  operations: [],
  links: { self: '', order: '', events: '' },
});

export const REFUSED_SAGA: Saga = sagaWith([
  step('reserve-stock', 'compensatable', 'undone', [11, 22], [365, 384]),
  step('charge-payment', 'compensatable', 'undone', [27, 184], [249, 362]),
  step('create-shipment', 'pivot', 'refused', [189, 245]),
  step('confirm-order', 'retriable', 'skipped', [null, null]),
  step('reject-order', 'retriable', 'done', [387, 408]),
]);

/** The same order, had the carrier taken it: the pivot is done. */
export const DONE_PIVOT: Saga = sagaWith([step('create-shipment', 'pivot', 'done', [189, 245])]);
