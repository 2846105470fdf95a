import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@backstep/contracts';
import fc from 'fast-check';
import { causalOrder } from './causal-order.js';
import { areOfThisLog, Bookmark, formatEventId, markOf, parseEventId, type Positions, START } from './positions.js';

/** Goal: the id of an event is enough to resume after it. Method: what is written is read again; what others wrote is refused. */
const ORDER = markOf('0199a3b0-7c1e-7000-8000-000000000001');
const MAX_OFFSET = 2n ** 63n - 1n;
const anyPositions: fc.Arbitrary<Positions> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...TOPICS.map(({ name }) => name)), fc.bigInt({ min: 0n, max: MAX_OFFSET })), {
    minLength: 1,
    selector: ([topic]) => topic,
  })
  .map((entries) => new Map(entries));

describe('the positions of a stream', () => {
  it('positions are readable text', () => {
    const bookmark = new Bookmark('0123456789abcdef', START);
    expect(bookmark.pass({ topic: 'order.events', offset: '42' })).toBe('0123456789abcdef:order.events@42');
    expect(bookmark.pass({ topic: 'order.commands', offset: '7' })).toBe(
      '0123456789abcdef:order.events@42,order.commands@7',
    );
  });

  it('positions are read as they were written, with the mark of their order', () => {
    fc.assert(
      fc.property(anyPositions, (positions) => {
        const id = { order: ORDER, positions };
        expect(parseEventId(formatEventId(id))).toEqual(id);
      }),
    );
    expect(markOf('0199A3B0-7C1E-7000-8000-000000000001')).toBe(ORDER);
  });

  it('positions tell sent messages from those after them and of other topics', () => {
    const at42 = new Map([['order.events', 42n]]);
    const passes = (topic: string, offset: string) => new Bookmark(ORDER, at42).pass({ topic, offset }) !== undefined;
    expect(passes('order.events', '9')).toBe(false);
    expect(passes('order.events', '42')).toBe(false);
    expect(passes('order.events', '43')).toBe(true);
    expect(passes('order.commands', '1')).toBe(true);
  });

  const all = TOPICS.map(({ name }) => `${name}@1`);
  it.each([
    '42',
    'order.events@1',
    `${ORDER}`,
    `${ORDER}:`,
    `${ORDER}:order.events`,
    `${ORDER}:order.events@`,
    `${ORDER}:order.events@-1`,
    `${ORDER}:order.events@007`,
    `${ORDER}:order.events@1.5`,
    `${ORDER}:order.events@1,`,
    `${ORDER}:order.eggs@1`,
    `${ORDER}:orderxevents@1`,
    `${ORDER.toUpperCase()}:order.events@1`,
    `${ORDER}:order.events@1,order.events@2`,
    `${ORDER}:order.events@9223372036854775808`,
    `${ORDER}:order.events@99999999999999999999999`,
    `${ORDER}:${[...all, all[0]].join(',')}`,
    `${ORDER}:order.events@1, ${ORDER}:order.events@1`,
    `${ORDER}:order.events@1${','.repeat(10_000)}`,
  ])('positions are not read from %j', (text) => expect(typeof parseEventId(text)).toBe('string'));
});

describe('positions are compared with the log', () => {
  const message = { topic: 'order.events', partition: 0, offset: '5', timestamp: 1, key: 'k', headers: {}, value: '' };
  const ranges = new Map([['order.events', { partition: 0, from: 3n, to: 8n, end: 10n }]]);
  const log = { messages: [message], ranges, complete: true };

  it.each([
    ['the order has its message there', 5n, true],
    ['another message lies there', 6n, false],
    ['it is before what was read', 2n, true],
    ['it is after what was read, and before the end', 9n, true],
    ['it is the end', 10n, false],
    ['it is beyond the end', 2n ** 63n - 1n, false],
  ])('a position is compared with the log: %s', (_, offset, fits) =>
    expect(areOfThisLog(new Map([['order.events', offset]]), log)).toBe(fits),
  );
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

  it('a stream that broke off after any event goes on with exactly the rest', () => {
    fc.assert(
      fc.property(history, fc.nat(), (messages, cut) => {
        const told = causalOrder(messages);
        const received = told.slice(0, (cut % told.length) + 1);
        const first = new Bookmark(ORDER, START);
        const lastEventId = received.map((message) => first.pass(message)).at(-1) ?? '';
        const id = parseEventId(lastEventId);
        const resumed = new Bookmark(ORDER, typeof id === 'string' ? START : id.positions);
        // The past is read again whole, and the live part begins before its end.
        const rest = [...told, ...told].filter((message) => resumed.pass(message) !== undefined);
        expect([...received, ...rest].map(place)).toEqual(told.map(place));
      }),
    );
  });
});
