import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LogMessage } from '../api/types.js';
import { parseSearch, stringifySearch } from '../shell/search-text.js';
import { followed, FOLLOWED_MAX, NOTHING_FOLLOWED } from './follow.js';
import { directionOf, messagesSearch, type MessageFilters } from './messages-search.js';
import { parseQuery, queryText } from './query-text.js';
import { nodesOf } from './value-nodes.js';

/** Goal: the query bar, the chips and the address say the same; a page that follows loses nothing unsaid. Method: there and back. */
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
const anyText = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
const someFilters = fc
  .record({
    topic: maybe(fc.constantFrom('order.events', 'payment.commands')),
    partition: maybe(fc.nat({ max: 9 })),
    key: maybe(anyText),
    type: maybe(fc.stringMatching(/^[A-Za-z*]{1,20}$/)),
    source: maybe(fc.constantFrom('order', 'payment')),
    header: maybe(fc.tuple(fc.stringMatching(/^[a-z_]{1,12}$/), anyText).map(([name, value]) => `${name}:${value}`)),
    text: maybe(anyText),
  })
  .map((filters) => withoutUndefined(filters) as MessageFilters);

describe('what is looked for', () => {
  it('the query bar says the filters, and is read as it was written', () => {
    fc.assert(
      fc.property(someFilters, (filters) => expect(parseQuery(queryText(filters))).toEqual({ filters, wrong: [] })),
    );
  });

  it('the address says the filters, the place, the direction and the selection', () => {
    const searches = fc.record({
      filters: someFilters,
      from: maybe(fc.constantFrom('earliest', 'offset:42', 'time:2026-11-27T08:18:51.624Z', 'group:backstep.payment')),
      direction: maybe(fc.constantFrom('forward' as const, 'backward' as const)),
      follow: maybe(fc.constant(true as const)),
      sel: maybe(fc.constant('m:order.events/1/31')),
    });
    fc.assert(
      fc.property(searches, ({ filters, ...rest }) => {
        const search = { ...filters, ...withoutUndefined(rest) };
        expect(messagesSearch(parseSearch(stringifySearch(search)))).toEqual(search);
      }),
    );
  });

  it('the query bar as people type it', () => {
    expect(parseQuery('topic:payment.events  type:*Refund* header:ce_sagaid=01a2 out of stock')).toEqual({
      filters: { topic: 'payment.events', type: '*Refund*', header: 'ce_sagaid:01a2', text: 'out of stock' },
      wrong: [],
    });
    expect(parseQuery('text:"say \\"tea\\"" key:a:b').filters).toEqual({ text: 'say "tea"', key: 'a:b' });
    expect(parseQuery('').filters).toEqual({});
  });

  it('what is not understood is named, and the rest is looked for', () => {
    expect(parseQuery('colour:red topic:a.events topic:b.events partition:x header:none text:a b')).toEqual({
      filters: { topic: 'a.events', text: 'a' },
      wrong: ['colour:red', 'topic:b.events', 'b', 'partition:x', 'header:none'],
    });
  });

  it('whatever somebody types shows a page', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { filters } = parseQuery(text);
        expect(messagesSearch({ ...filters })).toEqual(filters);
      }),
    );
  });

  it('from the newest a page goes back, from anywhere else forward, unless the address says otherwise', () => {
    expect(directionOf({})).toBe('backward');
    expect(directionOf({ from: 'earliest' })).toBe('forward');
    expect(directionOf({ from: 'earliest', direction: 'backward' })).toBe('backward');
  });
});

describe('a page that follows', () => {
  const message = (number: number) => ({ offset: String(number) }) as LogMessage;
  const offsets = (messages: readonly LogMessage[]) => messages.map(({ offset }) => offset);

  it('what comes is on top; while the page is held it waits, and is shown when it is released', () => {
    let state = followed(NOTHING_FOLLOWED, { type: 'came', messages: [message(1), message(2)] });
    expect(offsets(state.shown)).toEqual(['2', '1']);
    state = followed(state, { type: 'hold' });
    state = followed(state, { type: 'came', messages: [message(3)] });
    state = followed(state, { type: 'came', messages: [message(4)] });
    expect([offsets(state.shown), offsets(state.waiting)]).toEqual([
      ['2', '1'],
      ['4', '3'],
    ]);
    state = followed(state, { type: 'release' });
    expect([offsets(state.shown), state.waiting, state.isHeld]).toEqual([['4', '3', '2', '1'], [], false]);
  });

  it('the oldest of too many are dropped, and counted', () => {
    const many = Array.from({ length: FOLLOWED_MAX + 5 }, (_, number) => message(number));
    const state = followed(NOTHING_FOLLOWED, { type: 'came', messages: many });
    expect([state.shown.length, state.dropped, state.shown[0]?.offset]).toEqual([
      FOLLOWED_MAX,
      5,
      String(FOLLOWED_MAX + 4),
    ]);
  });
});

describe('a value', () => {
  it('the nodes of a value are counted, up to a bound', () => {
    expect(nodesOf({ a: [1, 2, { b: null }], c: 'x' })).toBe(7);
    expect(
      nodesOf(
        Array.from({ length: 10_000 }, (_, at) => at),
        200,
      ),
    ).toBe(200);
  });
});
