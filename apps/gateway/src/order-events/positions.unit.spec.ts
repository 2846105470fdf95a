import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@backstep/contracts';
import fc from 'fast-check';
import { causalOrder } from './causal-order.js';
import {
  Bookmark,
  formatPositions,
  parsePositions,
  type Positions,
  POSITIONS_MAX_CHARACTERS,
  START,
} from './positions.js';

/** Goal: the id of an event is enough to resume after it. Method: what is written is read again; what others wrote is refused. */
const MAX_OFFSET = 2n ** 63n - 1n;
const anyPositions: fc.Arbitrary<Positions> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...TOPICS.map(({ name }) => name)), fc.bigInt({ min: 0n, max: MAX_OFFSET })), {
    minLength: 1,
    selector: ([topic]) => topic,
  })
  .map((entries) => new Map(entries));

describe('the positions of a stream', () => {
  it('are readable text', () => {
    const bookmark = new Bookmark(START);
    expect(bookmark.pass({ topic: 'order.events', offset: '42' })).toBe('order.events@42');
    expect(bookmark.pass({ topic: 'order.commands', offset: '7' })).toBe('order.events@42,order.commands@7');
  });

  it('come back as they went, and fit their bound', () => {
    fc.assert(
      fc.property(anyPositions, (positions) => {
        const text = formatPositions(positions);
        expect(text.length).toBeLessThanOrEqual(POSITIONS_MAX_CHARACTERS);
        expect(parsePositions(text)).toEqual(positions);
      }),
    );
  });

  it('know what was sent: everything up to them, nothing after, nothing of other topics', () => {
    const at42 = new Map([['order.events', 42n]]);
    const passes = (topic: string, offset: string) => new Bookmark(at42).pass({ topic, offset }) !== undefined;
    expect(passes('order.events', '9')).toBe(false);
    expect(passes('order.events', '42')).toBe(false);
    expect(passes('order.events', '43')).toBe(true);
    expect(passes('order.commands', '1')).toBe(true);
  });

  it.each([
    '',
    '42',
    'order.events',
    'order.events@',
    'order.events@-1',
    'order.events@1,',
    'order.eggs@1',
    'order.events@1,order.events@2',
  ])('are not read from %j', (text) => expect(parsePositions(text)).toBeUndefined());

  it('are not read from anything long', () => {
    expect(parsePositions(`order.events@1${','.repeat(10_000)}`)).toBeUndefined();
  });
});

describe('a stream that broke off after any event', () => {
  const topics = TOPICS.slice(0, 3).map(({ name }) => name);
  const history = fc
    .array(fc.record({ topic: fc.constantFrom(...topics), timestamp: fc.nat(20) }), { minLength: 1, maxLength: 30 })
    .map((steps) =>
      steps.map(({ topic, timestamp }, index) => {
        const offset = steps.slice(0, index).filter((step) => step.topic === topic).length;
        return { topic, partition: 0, offset: String(offset), timestamp, headers: {} };
      }),
    );
  const place = ({ topic, offset }: { topic: string; offset: string }) => `${topic}/${offset}`;

  it('goes on with exactly the rest, however much of it is past by then and how often it is read', () => {
    fc.assert(
      fc.property(history, fc.nat(), (messages, cut) => {
        const told = causalOrder(messages);
        const received = told.slice(0, (cut % told.length) + 1);
        const first = new Bookmark(START);
        const lastEventId = received.map((message) => first.pass(message)).at(-1) ?? '';
        const resumed = new Bookmark(parsePositions(lastEventId) ?? START);
        // The past is read again whole, and the live part begins before its end.
        const rest = [...told, ...told].filter((message) => resumed.pass(message) !== undefined);
        expect([...received, ...rest].map(place)).toEqual(told.map(place));
      }),
    );
  });
});
