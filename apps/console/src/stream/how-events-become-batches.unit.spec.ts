import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BATCH_MAX, BatchBuilder, GAP_OF_ALL, NO_GAP } from './batch.js';
import { EventText, type TextEvent } from './event-text.js';
import { eventOf, type StreamEvent } from './events.js';
import { addressOfStream, covers, MESSAGES_OF_MAX, together, type Wish, withEarlier } from './wish.js';

/**
 * Goal: what a stream tells is the same in whatever pieces its text comes, and a batch says of each order and saga how it stands at last, in
 * whatever order that is told. Method: the parts that are pure.
 */
describe('the text of a stream', () => {
  const TEXT =
    'retry: 2000\n\n' +
    'event: kafka\ndata: {"reachable":true}\n\n' +
    ': live\nid: a.1\n\n' +
    'id: a.2\r\nevent: order\r\ndata: {"id":"ö"}\r\n\r\n' +
    'data: 1\ndata: 2\n\n' +
    'event: saga\nid: a.3\ndata: {"id"';
  const readIn = (pieces: readonly string[]) => {
    const events: TextEvent[] = [];
    const comments: string[] = [];
    const text = new EventText(
      (event) => events.push(event),
      (comment) => comments.push(comment),
    );
    for (const piece of pieces) text.push(piece);
    return { events, comments, lastId: text.lastId };
  };

  it('events have their names and data; one that is cut off is none, and leaves the id as it is', () => {
    expect(readIn([TEXT])).toEqual({
      events: [
        { name: 'kafka', data: '{"reachable":true}' },
        { name: 'order', data: '{"id":"ö"}' },
        { name: 'message', data: '1\n2' },
      ],
      comments: ['live'],
      lastId: 'a.2',
    });
  });

  it('in whatever pieces the text comes, the events are the same', () => {
    const cuts = fc.uniqueArray(fc.nat({ max: TEXT.length }), { maxLength: 30 });
    const whole = readIn([TEXT]);
    fc.assert(
      fc.property(cuts, (at) => {
        const places = [0, ...[...at].sort((a, b) => a - b), TEXT.length];
        const pieces = places.slice(1).map((end, index) => TEXT.slice(places[index], end));
        // A cut between \r and \n is a cut within the end of a line.
        expect(readIn(pieces)).toEqual(whole);
      }),
    );
  });

  it('what is no event that this page knows is left out', () => {
    expect(eventOf('weather', '{}')).toBeUndefined();
    expect(eventOf('order', 'not JSON')).toBeUndefined();
    expect(eventOf('order', 'null')).toBeUndefined();
    expect(eventOf('shed', '{"event":"saga","count":3}')).toEqual({ kind: 'shed', event: 'saga' });
  });
});

describe('a batch', () => {
  const order = (id: string, version: number): StreamEvent => ({
    kind: 'order',
    order: { id, version, status: version === 1 ? 'PENDING' : 'CONFIRMED' },
  });
  const saga = (id: string, version: number): StreamEvent => ({
    kind: 'saga',
    saga: { id, orderId: id, version, state: version < 3 ? 'RUNNING' : 'COMPLETED' },
  });
  const batchOf = (events: readonly StreamEvent[]) => {
    const builder = new BatchBuilder();
    for (const event of events) builder.add(event);
    const { orders, sagas, gap } = builder.take();
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    return { orders: [...orders].sort(byId), sagas: [...sagas].sort(byId), gap };
  };

  it('whatever the order and the repetitions of events, each order and saga is told once, as it stands at last', () => {
    const all = ['a', 'b'].flatMap((id) => [order(id, 1), order(id, 2), saga(id, 1), saga(id, 2), saga(id, 3)]);
    const arrivals = fc
      .array(fc.constantFrom(...all), { maxLength: 20 })
      .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));
    const expected = batchOf(all);
    expect(expected.orders.map(({ version }) => version)).toEqual([2, 2]);
    expect(expected.sagas.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED']);
    fc.assert(fc.property(arrivals, (events) => expect(batchOf(events)).toEqual(expected)));
  });

  it('a change that does not say its version asks for the order to be read, whatever else is told', () => {
    const unsaid: StreamEvent = { kind: 'order', order: { id: 'a', version: null, status: 'CONFIRMED' } };
    for (const events of [
      [order('a', 2), unsaid],
      [unsaid, order('a', 2)],
    ])
      expect(batchOf(events).orders).toMatchObject([{ id: 'a', version: null }]);
  });

  it('what the gateway has left out is a gap, and a reset is one of everything', () => {
    expect(batchOf([{ kind: 'shed', event: 'message' }]).gap).toEqual({ orders: true, sagas: false, messages: true });
    expect(batchOf([{ kind: 'shed', event: 'saga' }]).gap).toEqual({ ...NO_GAP, sagas: true });
    expect(batchOf([{ kind: 'reset' }]).gap).toEqual(GAP_OF_ALL);
  });

  it('batches that are gathered are as one: each order and saga once, as it stands at last, bounded, with the gaps of all', () => {
    const first = new BatchBuilder();
    const second = new BatchBuilder();
    for (const event of [order('a', 2), saga('a', 1)]) first.add(event);
    for (const event of [order('a', 1), saga('a', 3), { kind: 'shed', event: 'saga' } as const]) second.add(event);
    const gathered = new BatchBuilder();
    for (const one of [first, second]) gathered.addAll(one.take());
    const batch = gathered.take();
    expect([batch.orders.map(({ version }) => version), batch.sagas.map(({ state }) => state)]).toEqual([
      [2],
      ['COMPLETED'],
    ]);
    expect(batch.gap).toEqual({ ...NO_GAP, sagas: true });
    const much = batchOf(Array.from({ length: BATCH_MAX }, (_, id) => order(String(id), 1)));
    for (const prefix of ['x', 'y'])
      gathered.addAll({ ...batch, gap: NO_GAP, orders: much.orders.map((one) => ({ ...one, id: prefix + one.id })) });
    const { orders, gap } = gathered.take();
    expect([orders.length, orders.at(-1)?.id.startsWith('y'), gap.orders]).toEqual([BATCH_MAX, true, true]);
  });

  it('of what is told whole the latest counts, and a batch without any adds none', () => {
    const contention = (takenAt: string) => JSON.stringify({ takenAt });
    const builder = new BatchBuilder();
    expect(builder.isEmpty).toBe(true);
    for (const at of ['1', '2']) {
      const event = eventOf('contention', contention(at));
      if (event) builder.add(event);
    }
    expect(builder.isEmpty).toBe(false);
    const batch = builder.take();
    expect([batch.answers, builder.isEmpty]).toEqual([{ contention: { takenAt: '2' } }, true]);
    const gathered = new BatchBuilder();
    gathered.addAll({ ...batch, answers: {} });
    expect(gathered.isEmpty).toBe(true);
    gathered.addAll(batch);
    expect(gathered.take().answers).toEqual(batch.answers);
  });

  it('a batch is bounded, and says that something is missing', () => {
    const { orders, gap } = batchOf(Array.from({ length: BATCH_MAX + 1 }, (_, id) => order(String(id), 1)));
    expect([orders.length, gap]).toEqual([BATCH_MAX, { ...NO_GAP, orders: true }]);
  });
});

describe('what several pages want', () => {
  const wish = fc.record({
    sagas: fc.boolean(),
    messages: fc.boolean(),
    messagesOf: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
    answers: fc.uniqueArray(fc.constantFrom('contention', 'faults', 'invariants')),
  });

  it('what is asked for together covers what each wants, also beside what was asked for before', () => {
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 5 }), wish, (wishes: readonly Wish[], earlier: Wish) => {
        const all = together(wishes);
        for (const one of wishes) {
          expect(covers(all, one)).toBe(true);
          expect(covers(withEarlier(all, earlier), one)).toBe(true);
        }
      }),
    );
  });

  it('so many orders are asked for as the gateway takes', () => {
    const orders = Array.from({ length: 30 }, (_, index) => `order-${index}`);
    expect(together(orders.map((order) => ({ messagesOf: [order] }))).messagesOf).toHaveLength(MESSAGES_OF_MAX);
    expect(withEarlier({ messagesOf: ['new'] }, { messagesOf: orders.slice(0, 20) }).messagesOf).toHaveLength(20);
    expect(withEarlier({ messagesOf: ['new'] }, { messagesOf: orders.slice(0, 20) }).messagesOf?.[0]).toBe('new');
  });

  it('the address says what is wanted', () => {
    expect(addressOfStream({})).toBe('/v1/stream?watch=tick,orders');
    expect(addressOfStream({ sagas: true, messagesOf: ['a', 'b'] })).toBe(
      '/v1/stream?watch=tick,orders,sagas,messages&messagesOf=a,b',
    );
    expect(addressOfStream({ messages: true })).toBe('/v1/stream?watch=tick,orders,messages');
    expect(addressOfStream({ answers: ['faults', 'invariants'] })).toBe(
      '/v1/stream?watch=tick,orders,faults,invariants',
    );
  });
});
