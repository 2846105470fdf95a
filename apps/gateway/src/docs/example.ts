import type { Json, OpenApiDocument, SchemaObject } from '../api/openapi-types.js';

const ID = '0199a3b0-7c1e-7000-8000-000000000001';
const ORDER = `/v1/orders/${ID}`;
const PARKED = `/v1/parked/${ID}`;

/** Values as a reader sees them after `npm start`, by the name of the field, or of its schema and the field. Others follow from the schema. */
const BY_NAME: Readonly<Record<string, Json>> = {
  sku: 'mug-blue',
  currency: 'EUR',
  country: 'GB',
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  topic: 'order.events',
  offset: '42',
  type: 'place-order',
  version: 1,
  total: 2_580,
  amount: 2_580,
  price: 1_290,
  unitPrice: 1_290,
  quantity: 2,
  onHand: 1_000,
  reserved: 2,
  available: 998,
  refundedAmount: 0,
  partition: 0,
  nextCursor: null,
  failure: null,
  problem: null,
  blockedBecause: null,
  stuckBecause: null,
  skippedBy: null,
  undo: null,
  'Product.name': 'Mug, blue',
  'ApiIndex.name': 'Backstep',
  'ApiIndex.version': '0.1.0',
  'System.version': '0.1.0',
  'System.revision': null,
  'System.mode': 'development',
  'SystemService.name': 'payment',
  'SystemTestCard.id': 'pm_card_visa',
  'SystemTestCard.does': 'is charged',
  'SagaDefinition.startsOn': 'OrderPlaced',
  'SagaStepDefinition.name': 'reserve-stock',
  'Setting.name': 'notice',
  'SettingSet.name': 'notice',
  'SagaStep.name': 'reserve-stock',
  'SagaStepSummary.name': 'reserve-stock',
  'SagaStepSummary.state': 'done',
  'SagaStep.state': 'done',
  'Readiness.service': 'gateway',
  'Readiness.reason': 'draining on SIGTERM',
  'OrderMessage.key': ID,
  'OrderMessage.headers': { ce_id: ID, ce_type: 'OrderPlaced', ce_source: 'order' },
  'OrderMessage.value': { orderId: ID, total: 2_580, currency: 'EUR' },
  'LogMessage.key': ID,
  'LogMessage.headers': { ce_id: ID, ce_type: 'OrderPlaced', ce_source: 'order' },
  'LogMessage.value': { orderId: ID, total: 2_580, currency: 'EUR' },
  'LogMessage.valueFormat': 'json',
  'LogMessage.valueBytes': 85,
  'LogMessage.valueTruncated': false,
  'MessagePage.nextCursor': null,
  'MessagePage.prevCursor': 'messages.f.1f0c2a9b.16',
  'ScannedRange.from': '0',
  'ScannedRange.to': '42',
  'Scanned.remaining': 0,
  'Scanned.complete': true,
  'Topic.name': 'order.events',
  'Topic.retentionMs': 604_800_000,
  'Topic.earliest': '0',
  'Topic.latest': '42',
  'ConsumerGroup.id': 'backstep.payment',
  'ConsumerGroup.service': 'payment',
  'ConsumerGroup.state': 'Stable',
  'ConsumerGroup.lag': 0,
  'ConsumerGroup.clientId': 'payment',
  'ConsumerGroup.host': '/127.0.0.1',
  'ConsumerGroup.topic': 'payment.commands',
  'ConsumerGroup.committed': '42',
  'ConsumerGroup.latest': '42',
  'Shipment.status': 'CREATED',
  'Shipment.reason': null,
  'Shipment.trackingNumber': 'BS1D5F9E8B7A22',
  'Shipment.country': 'GB',
  'Shipment.revisionId': null,
  'Shipment.history': [{ status: 'CREATED', at: '2026-11-27T12:00:00.000Z' }],
  'PaymentIntent.status': 'CHARGED',
  'PaymentIntent.providerReference': 'pi_3Q1xYz',
  'ParkedMessage.key': ID,
  'ParkedMessage.type': 'OrderPlaced',
  'ParkedMessage.headers': { ce_type: 'OrderPlaced' },
  'ParkedMessage.value': '{"orderId":',
  'ParkedMessage.cut': false,
  'ParkedMessage.sizeBytes': 11,
  'ParkedMessage.cause': 'bad_json',
  'ParkedMessage.error': 'Unexpected end of JSON input',
  'ParkedMessage.held': 0,
  'ParkedMessage.behind': null,
  'ParkedSummary.key': ID,
  'ParkedSummary.type': 'OrderPlaced',
  'ParkedSummary.cut': false,
  'ParkedSummary.sizeBytes': 11,
  'ParkedSummary.cause': 'bad_json',
  'ParkedSummary.error': 'Unexpected end of JSON input',
  'ParkedSummary.held': 0,
  'ParkedSummary.behind': null,
  'ParkedPage.unreachable': [],
  'ParkedOperation.failure': null,
  'SettledMessage.key': ID,
  'SettledMessage.type': 'OrderPlaced',
  'SettledMessage.cause': 'handler_failed',
  'ReleasedMessage.type': 'OrderConfirmed',
  'DecidedRow.table': 'reservation',
  'DecidedRow.key': ID,
  'DecidedState.state': 'HELD',
  'DecidedMessage.type': 'StockReserved',
  'DecidedMessage.topic': 'inventory.events',
  'DecidedMessage.key': ID,
  'DecidedMessage.commandId': ID,
  'DecidedMessage.data': { orderId: ID },
  'ReplayDecision.effects': [],
  'ReplayFailure.cause': 'handler_failed',
  'ReplayFailure.error': 'Error: the product is not known',
  'ServiceContention.ratio': 0.04,
  'ServiceContention.instances': 2,
  'EntityContention.entity': 'Stock',
  'EntityContention.ratio': 0.04,
  'EntityContention.burstRatio': 0.05,
  'EntityContention.lockWaitMs': 120,
  'HotKey.entity': 'Stock',
  'HotKey.key': 'mug-blue',
  'HotKey.strategy': 'locked',
  'HotKey.share': null,
  'HotKey.attempts': 320,
  'HotKey.lost': 31,
  'EntityContention.lockWaitP50Ms': 2,
  'EntityContention.lockWaitP99Ms': 20,
  'ContentionSlot.attempts': 80,
  'ContentionSlot.lost': 25,
  'KeySlot.attempts': 80,
  'KeySlot.lost': 25,
  'KeySlot.locked': 12,
  'DecisionReason.rule': 'conflicts',
  'DecisionReason.measured': 0.31,
  'DecisionReason.threshold': 0.15,
  'DecisionReason.attempts': 80,
  'DecisionReason.previous': 'optimistic',
  'KeyDecision.from': 'optimistic',
  'KeyDecision.to': 'locked',
  'KeyContention.service': 'inventory',
  'KeyContention.entity': 'Stock',
  'KeyContention.key': 'mug-blue',
  'KeyContention.declared': { strategy: 'adaptive', enter: 0.15, leave: 0.05 },
  'Contention.unreachable': [],
  'Contention.windowMs': 60_000,
  'ReceivedEvidence.messageId': ID,
  'DroppedEvidence.messageId': ID,
  'UnsentEvidence.id': ID,
  'UnsentEvidence.type': 'OrderPlaced',
  'ParkedEvidence.id': ID,
  'ParkedEvidence.type': 'OrderPlaced',
  'ParkedEvidence.cause': 'bad_json',
  'RowEvidence.table': 'orders',
  'RowEvidence.key': ID,
  'RowEvidence.state': 'CONFIRMED',
  'TimerEvidence.name': 'step',
  'TimerEvidence.sagaId': ID,
  'TimerEvidence.failures': 0,
  'GroupEvidence.id': 'backstep.order',
  'GroupEvidence.committed': '43',
  'ServiceEvidence.truncated': [],
  'MissingEvidence.source': 'shipment',
  'MissingEvidence.what': 'its inbox, outbox, parked messages, rows, timers and group',
  'Evidence.truncated': [],
  'SagaCommand.type': 'ReserveStock',
  'SagaCommand.topic': 'inventory.commands',
  'SagaCommand.key': ID,
  'SagaCommand.commandId': ID,
  'SagaCommand.data': { orderId: ID },
  'DoneByOperator.by': 'ada',
  'DoneByOperator.reason': 'the carrier is back, INC-42',
  'DoneByOperator.step': 'create-shipment',
};

const LINKS: Readonly<Record<string, Json>> = {
  order: ORDER,
  events: `${ORDER}/events`,
  saga: `/v1/sagas?orderId=${ID}`,
  replay: `${PARKED}/replay?service=order`,
  discard: `${PARKED}/discard?service=order`,
  docs: '/docs',
  openapi: '/openapi.json',
  orders: '/v1/orders',
  products: '/v1/products',
  sagas: '/v1/sagas',
  parked: '/v1/parked',
  'Setting.self': '/v1/settings/notice',
  'SettingSet.self': '/v1/settings/notice',
  'Product.self': '/v1/products/mug-blue',
  'Shipment.self': `/v1/shipments/${ID}`,
  'PaymentIntent.self': `/v1/payment-intents/${ID}`,
  'Saga.self': `/v1/sagas/${ID}`,
  'SagaSummary.self': `/v1/sagas/${ID}`,
  'ParkedMessage.self': `${PARKED}?service=order`,
  'ParkedSummary.self': `${PARKED}?service=order`,
  self: ORDER,
};
const BY_FORMAT: Readonly<Record<string, Json>> = { uuid: ID, 'date-time': '2026-11-27T12:00:00.000Z' };
const DEPTH_MAX = 16;

interface FieldPosition {
  /** The schema that has the field, by its name in the document. */
  readonly owner: string;
  readonly name: string;
  readonly depth: number;
}
const TOP: FieldPosition = { owner: '', name: '', depth: 0 };

/** An example that matches the schema. */
export function exampleOf(schema: SchemaObject, document: OpenApiDocument, place: FieldPosition = TOP): Json {
  const { owner, name, depth } = place;
  const inner = (one: SchemaObject, change: Partial<FieldPosition> = {}): Json =>
    exampleOf(one, document, { ...place, depth: depth + 1, ...change });
  if (depth > DEPTH_MAX) return null;
  const known = knownOf(schema, place);
  if (known !== undefined) return known;
  if (schema.$ref !== undefined) {
    const target = schema.$ref.split('/').at(-1) ?? '';
    const found = document.components.schemas[target];
    return found ? inner(found, { owner: target }) : null;
  }
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.properties) {
    // An inner object has no name of its own, and its links depend on the outer one.
    const of = name === 'links' ? `${owner} links` : owner;
    return Object.fromEntries(
      Object.entries(schema.properties).map(([field, one]) => [field, inner(one, { owner: of, name: field })]),
    );
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0]) return inner(schema.anyOf[0]);
  if (schema.items) return [inner(schema.items)];
  if (schema.format !== undefined && schema.format in BY_FORMAT) return BY_FORMAT[schema.format] ?? null;
  return simple(schema);
}

function knownOf(schema: SchemaObject, { owner, name }: FieldPosition): Json | undefined {
  const [of = '', links] = owner.split(' ');
  if (links !== undefined) return LINKS[`${of}.${name}`] ?? LINKS[name];
  const special = BY_NAME[`${of}.${name}`];
  if (special !== undefined) return special;
  return schema.items || schema.properties ? undefined : BY_NAME[name];
}

function simple({ type, minimum }: SchemaObject): Json {
  if (type === 'integer' || type === 'number') return Math.max(minimum ?? 0, 1);
  if (type === 'boolean') return false;
  return type === 'object' ? {} : '…';
}
