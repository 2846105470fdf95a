import { describe, expect, it } from '@jest/globals';
import type { BrowsedRecord } from '@backstep/kafka';
import fc from 'fast-check';
import { toLogMessage } from '../representations/log-message.js';
import { formatCursor, markOf, MessageCursorText } from './message-cursor.js';
import { fitting, glob } from './message-filter.js';
import { directionFrom, SeekText } from './seek.js';

/** Goal: a filter finds what is shown and nothing that is hidden; a record is shown as what it is; cursors and places are read as written. */
const record = (change: Partial<BrowsedRecord> = {}): BrowsedRecord => ({
  ...{ topic: 'order.events', partition: 1, offset: '7', timestamp: 0, key: 'o-1', binary: undefined, sizeBytes: 300 },
  headers: { ce_type: 'OrderPlaced', ce_source: 'order', ce_id: 'm-1', authorization: 'Bearer abcdef' },
  value:
    '{"orderId":"o-1","total": 2580,"paymentMethod":"pm_card_of_ada","shippingAddress":{"city":"Berlin","country":"DE"}}',
  valueBytes: 110,
  ...change,
});

describe('a filter', () => {
  it.each([
    ['a key', { key: 'o-1' }],
    ['a type', { type: 'OrderPlaced' }],
    ['the parts of a type', { type: 'Order*d' }],
    ['a source', { source: 'order' }],
    ['a header', { header: { name: 'ce_id', value: 'm-1' } }],
    ['a text, whatever its case', { text: '"TOTAL":2580' }],
    ['a text of the key', { text: 'O-1' }],
    ['a text of a header', { text: 'm-1' }],
    ['all of them', { key: 'o-1', type: '*', source: 'order', text: 'DE' }],
  ])('a filter by %s finds the message', (_, filter) => expect(fitting(filter)(record())).toBe(true));

  it.each([
    ['another key', { key: 'o-2' }],
    ['another type', { type: 'Order' }],
    ['another source', { source: 'payment' }],
    ['another header', { header: { name: 'ce_id', value: 'm' } }],
    ['the payment method, which is hidden', { text: 'pm_card_of_ada' }],
    ['a person’s city, which is hidden', { text: 'berlin' }],
    ['a secret header, by its value', { header: { name: 'authorization', value: 'Bearer abcdef' } }],
    ['a secret header, by a text in it', { text: 'abcdef' }],
  ])('a filter by %s does not find it', (_, filter) => expect(fitting(filter)(record())).toBe(false));

  it('a filter meets what is no message, and finds nothing in what is no text', () => {
    const stranger = record({ headers: {}, key: null, value: '\ufffd', binary: Buffer.from([0xff, 0xfe]) });
    expect(fitting({ text: '//4' })(stranger)).toBe(false);
    expect(fitting({ type: '*' })(stranger)).toBe(true);
    expect(fitting({ type: 'OrderPlaced' })(stranger)).toBe(false);
    expect(fitting({ text: 'x' })(record({ value: null, valueBytes: null, headers: {} }))).toBe(false);
  });

  it('a star stands for any characters, also for none', () => {
    const text = fc.stringMatching(/^[ab*]{0,8}$/);
    fc.assert(
      fc.property(text, fc.stringMatching(/^[ab]{0,8}$/), (pattern, given) => {
        const same = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(glob(pattern)(given)).toBe(same.test(given));
      }),
    );
  });
});

describe('what is shown of a record', () => {
  const shown = (change: Partial<BrowsedRecord>, max = 1_000) => toLogMessage(record(change), max);

  it('a message has its value as JSON, without what is secret in it or of a person', () => {
    expect(shown({})).toMatchObject({
      value: { orderId: 'o-1', total: 2580, paymentMethod: '[redacted]', shippingAddress: { country: 'DE' } },
      ...{ valueFormat: 'json', valueBytes: 110, valueTruncated: false },
    });
    const text = JSON.stringify(shown({}));
    for (const secret of ['pm_card_of_ada', 'Berlin', 'abcdef']) expect(text).not.toContain(secret);
  });

  it('what is no JSON is text, what is no text is Base64, and what has no value has none', () => {
    expect(shown({ value: 'tea' })).toMatchObject({ value: 'tea', valueFormat: 'text', valueTruncated: false });
    expect(shown({ value: '"tea"' })).toMatchObject({ value: 'tea', valueFormat: 'json' });
    const binary = Buffer.from([0xff, 0x00, 0x80]);
    expect(shown({ value: '\ufffd', binary })).toMatchObject({ value: '/wCA', valueFormat: 'binary' });
    expect(shown({ value: null, valueBytes: null })).toMatchObject({
      ...{ value: null, valueFormat: 'none', valueBytes: null, valueTruncated: false },
    });
  });

  it('what reads like a secret is hidden in texts and in bytes', () => {
    expect(JSON.stringify(shown({ value: 'password=hunter2' }))).not.toContain('hunter2');
    expect(JSON.stringify(shown({ value: '"password=hunter2"' }))).not.toContain('hunter2');
    const binary = Buffer.concat([Buffer.from([0xff]), Buffer.from('password=hunter2')]);
    expect(shown({ value: '\ufffd', binary })).toMatchObject({ value: '[redacted]', valueTruncated: true });
  });

  it('a long value is cut, never within a character, and says so', () => {
    const cut = shown({ value: JSON.stringify({ text: 'ü'.repeat(2_000) }) });
    expect([cut.valueFormat, cut.valueTruncated]).toEqual(['json', true]);
    expect(Buffer.byteLength(String(cut.value))).toBeLessThanOrEqual(1_000);
    expect(cut.value).not.toContain('\ufffd');
    expect(shown({ value: 'x'.repeat(9_000) }, Infinity)).toMatchObject({ valueTruncated: true });
    expect(shown({ value: JSON.stringify({ text: 'x'.repeat(9_000) }) }, Infinity)).toMatchObject({
      ...{ value: { text: 'x'.repeat(9_000) }, valueTruncated: false },
    });
  });

  it('a record that cannot be read says why', () => {
    const unreadable = { cause: 'oversize', error: 'a record of 2000000 bytes', sizeBytes: 2_000_000 } as const;
    expect(shown({ value: '{"a', unreadable, key: null, headers: {}, valueBytes: null })).toMatchObject({
      ...{ value: '{"a', valueFormat: 'unreadable', valueBytes: null, valueTruncated: true, unreadable },
    });
  });
});

describe('cursors and places', () => {
  it('a cursor is read as it was written', () => {
    const offset = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    const cursor = fc.record({
      direction: fc.constantFrom('forward', 'backward'),
      mark: fc.constant(markOf([{ topic: 'order.events', partition: 1 }])),
      positions: fc.array(offset, { minLength: 1, maxLength: 32 }),
    });
    fc.assert(fc.property(cursor, (one) => expect(MessageCursorText.parse(formatCursor(one))).toEqual(one)));
  });

  it.each([
    '',
    'messages.f.00000000',
    'messages.x.00000000.1',
    'orders.f.00000000.1',
    `messages.f.00000000.${'z'.repeat(13)}`,
  ])('the text %j is no cursor', (text) => expect(MessageCursorText.safeParse(text).success).toBe(false));

  it.each([
    ['earliest', { at: 'earliest' }, 'forward'],
    ['latest', { at: 'latest' }, 'backward'],
    ['offset:42', { at: 'offset', offset: 42n }, 'forward'],
    ['time:2026-11-27T08:18:51.624Z', { at: 'time', sinceMs: Date.parse('2026-11-27T08:18:51.624Z') }, 'forward'],
    ['time:2026-11-27T08:18Z', { at: 'time', sinceMs: Date.parse('2026-11-27T08:18:00Z') }, 'forward'],
    ['time:2026-11-27T09:18:00+01:00', { at: 'time', sinceMs: Date.parse('2026-11-27T08:18:00Z') }, 'forward'],
    ['group:backstep.payment', { at: 'group', group: 'backstep.payment' }, 'forward'],
  ])('the place %s is read, and a page goes from there', (text, seek, direction) => {
    expect(SeekText.parse(text)).toEqual(seek);
    expect(directionFrom(SeekText.parse(text))).toBe(direction);
  });

  it.each([
    '',
    'offset:-1',
    `offset:${2n ** 63n}`,
    'time:now',
    'time:2026-13-27T08:18:51Z',
    'time:1960-01-01T00:00:00Z',
    'group:x',
  ])('the text %j is no place', (text) => expect(SeekText.safeParse(text).success).toBe(false));
});
