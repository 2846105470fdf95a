import { describe, expect, it } from '@jest/globals';
import {
  ConfirmOrder,
  decode,
  encode,
  findDefinition,
  InvalidMessageError,
  MAX_HEADERS_CHARACTERS,
  message,
  newId,
  OrderConfirmed,
  PARTITIONS,
  TOPICS,
} from './index.js';

/** Goal: what one service encodes, another decodes to the same; what breaks the contract is refused at both ends with its cause. */
const orderId = newId();
const confirmed = message(OrderConfirmed, { orderId }, { source: 'order', sagaId: newId(), aggregateVersion: 2 });
const command = message(ConfirmOrder, { orderId }, { source: 'orchestrator' });

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidMessageError) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('a message on the wire', () => {
  it('comes back as it went, keyed by its order', () => {
    const wire = encode(confirmed);
    expect(wire).toMatchObject({ topic: 'order.events', key: orderId, value: JSON.stringify({ orderId }) });
    expect(wire.headers).toMatchObject({ ce_specversion: '1.0', ce_type: 'OrderConfirmed', ce_aggregateversion: '2' });
    expect(decode(wire)).toEqual(confirmed);
    expect(decode(encode(command))).toEqual(command);
  });

  it('is refused by its sender when the data does not match the schema', () => {
    expect(refusal(() => encode({ ...confirmed, data: { orderId: 'not an id' } }))).toBe('schema_mismatch');
  });

  it.each([
    ['bad_json', { value: '{"orderId":' }],
    ['null_value', { value: null }],
    ['oversize', { value: JSON.stringify({ orderId, junk: 'x'.repeat(300_000) }) }],
    ['oversize', { headers: { ...encode(confirmed).headers, x: 'x'.repeat(MAX_HEADERS_CHARACTERS) } }],
    ['schema_mismatch', { value: '{}' }],
    ['schema_mismatch', { headers: { ...encode(confirmed).headers, ce_aggregateversion: 'two' } }],
    ['schema_mismatch', { headers: { ...encode(confirmed).headers, ce_aggregateversion: '9999999999' } }],
    ['unknown_type', { headers: { ...encode(confirmed).headers, ce_dataschema: 'https://example.com/order.json' } }],
    ['unknown_type', { headers: { ...encode(confirmed).headers, ce_type: 'OrderEaten' } }],
    [
      'unknown_type',
      { headers: { ...encode(confirmed).headers, ce_dataschema: 'urn:backstep:schema:OrderConfirmed:99' } },
    ],
    ['wrong_topic', { topic: 'payment.events' }],
    ['wrong_topic', { topic: 'order.commands' }],
    ['wrong_source', { headers: { ...encode(confirmed).headers, ce_source: 'payment' } }],
    ['wrong_source', { headers: { ...encode(confirmed).headers, ce_source: '' } }],
    ['wrong_source', { ...encode(command), headers: { ...encode(command).headers, ce_source: 'order' } }],
    ['not_cloudevents', { headers: {} }],
    ['not_cloudevents', { headers: { ...encode(confirmed).headers, ce_id: '42' } }],
  ])('is refused by its reader: %s', (cause, change) => {
    expect(refusal(() => decode({ ...encode(confirmed), ...change }))).toBe(cause);
  });
});

describe('the topics', () => {
  it('all have the same number of partitions, so a key keeps its number everywhere', () => {
    expect(TOPICS).toHaveLength(8);
    expect(new Set(TOPICS.map((topic) => topic.partitions))).toEqual(new Set([PARTITIONS]));
  });

  it('carry each message under a name found in the catalogue', () => {
    expect(findDefinition('OrderConfirmed', 1)).toBe(OrderConfirmed);
    expect(findDefinition('OrderConfirmed', 2)).toBeUndefined();
  });
});
