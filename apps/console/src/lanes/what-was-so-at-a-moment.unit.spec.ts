import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawingOf } from './drawing.js';
import { knownOf } from './known.js';
import { lanesOf, type Lanes } from './model.js';
import { lanesAt, timesOf } from './moment.js';
import { BEGAN, DONE_PIVOT, recordOf, REFUSED, REFUSED_SAGA, REPEATED, SAGA } from './records.fixture.spec.js';

/** Goal: at an earlier moment there is nothing that is later, and nothing that was known by then is missing. Method: an order that the carrier refuses, moment by moment. */
const ACCEPTED = new Date(BEGAN - 4).toISOString();
const whole = lanesOf([...REFUSED, ...REPEATED], [REFUSED_SAGA], undefined, ACCEPTED);
const at = (ms: number): Lanes => lanesAt(whole, BEGAN + ms);
const typesOf = ({ messages }: Lanes) => messages.map(({ type }) => type);
const moments = fc.integer({ min: -100, max: 3_000 });

describe('the lanes at a moment', () => {
  it('now they are as they are, and at the last time too', () => {
    expect(lanesAt(whole, undefined)).toBe(whole);
    expect(lanesAt(whole, timesOf(whole).at(-1))).toEqual({ ...whole, rows: new Map() });
  });

  it('whatever the moment, nothing in them is later', () => {
    fc.assert(
      fc.property(moments, (ms) => {
        for (const time of timesOf(at(ms))) expect(time).toBeLessThanOrEqual(BEGAN + ms);
      }),
    );
  });

  it('of two moments the later one has all that the earlier one has', () => {
    fc.assert(
      fc.property(moments, moments, (one, other) => {
        const [early, late] = [timesOf(at(Math.min(one, other))), new Set(timesOf(at(Math.max(one, other))))];
        expect(early.filter((time) => !late.has(time))).toEqual([]);
      }),
    );
  });

  it('a command that is answered later was not answered yet, and its arrow had not arrived', () => {
    const before = at(100).messages.find(({ type }) => type === 'ChargePayment');
    expect(before).toMatchObject({ meaning: 'sent', to: [], effects: [] });
    const after = at(180).messages.find(({ type }) => type === 'ChargePayment');
    expect(after).toMatchObject({ meaning: 'answered', to: [{ lane: 'payment' }] });
    expect(after?.effects).toHaveLength(1);
  });

  it('a command that was sent twice later was sent once', () => {
    const second = recordOf(4, { offset: '60' });
    const headers = { ...second.headers, ce_id: 'another', ce_time: new Date(BEGAN + 97).toISOString() };
    const twice = lanesOf([...REFUSED, { ...second, headers }], [REFUSED_SAGA]);
    const attemptsAt = (ms: number) =>
      lanesAt(twice, BEGAN + ms)
        .messages.filter(({ type }) => type === 'ChargePayment')
        .map(({ attempt }) => attempt);
    expect(attemptsAt(50)).toEqual([{ number: 1, of: 1 }]);
    expect(attemptsAt(97)).toEqual([
      { number: 1, of: 2 },
      { number: 2, of: 2 },
    ]);
  });

  it('repetitions and pivots that are later are not there', () => {
    expect([at(1_000).repeatedRecords, at(2_100).repeatedRecords]).toEqual([0, 4]);
    const done = lanesOf(REFUSED, [DONE_PIVOT]);
    expect([lanesAt(done, BEGAN + 244).pivots, lanesAt(done, BEGAN + 245).pivots]).toEqual([
      [],
      [{ sagaId: SAGA, step: 'create-shipment', at: BEGAN + 245 }],
    ]);
  });

  it('rows have the version that was told last by then; a row that no event tells of is not known as of then', () => {
    const row = (service: string, table: string, version: number) => ({
      ...{ service, inbox: [], dropped: [], outbox: [], parked: [], timers: [], group: null },
      rows: [{ table, key: 'one', version, state: 'NOW' }],
    });
    const services = [row('order', 'orders', 2), row('payment', 'payment_intent', 4), row('orchestrator', 'saga', 9)];
    const versioned = REFUSED.map((record, index) => ({
      ...record,
      headers: {
        ...record.headers,
        ...(record.headers['ce_aggregateversion'] !== undefined && { ce_aggregateversion: String(index + 1) }),
      },
    }));
    const known = knownOf({ services: services as never, missing: [] });
    const lanes = lanesOf(versioned, [REFUSED_SAGA], known);
    const rowsAt = (ms: number) => Object.fromEntries(lanesAt(lanes, BEGAN + ms).rows);
    expect(rowsAt(-1)).toEqual({});
    expect(rowsAt(200)).toEqual({
      order: [{ table: 'orders', key: 'one', version: 1, state: 'after OrderPlaced' }],
      payment: [{ table: 'payment_intent', key: 'one', version: 5, state: 'after PaymentCharged' }],
    });
    expect(lanesAt(lanes, undefined).rows.get('orchestrator')).toMatchObject([{ version: 9, state: 'NOW' }]);
  });
});

describe('the gateway', () => {
  it('the gateway’s lane is the first, with the order’s acceptance before its first message', () => {
    expect(whole.lanes[0]).toBe('gateway');
    expect(whole.marks).toMatchObject([{ lane: 'gateway', kind: 'accepted', label: '202', at: BEGAN - 4 }]);
    expect(at(-5).marks).toEqual([]);
    expect(lanesOf(REFUSED, null).lanes).not.toContain('gateway');
  });
});

describe('the drawing of a moment', () => {
  it('nothing that is drawn moves as later moments are shown, and the picture has its size from the first one on', () => {
    const options = { foldPauses: true, showRepeated: false };
    const all = drawingOf(whole, options);
    const placed = new Map(all.messages.map(({ message: { key }, arrows }) => [key, arrows[0]?.x1]));
    fc.assert(
      fc.property(moments, (ms) => {
        const then = drawingOf(at(ms), { ...options, whole });
        expect([then.width, then.height, then.bandY]).toEqual([all.width, all.height, all.bandY]);
        for (const { message, arrows } of then.messages)
          for (const { x1 } of arrows) expect(x1).toBe(placed.get(message.key));
      }),
    );
  });

  it('types come one after another', () => {
    expect(typesOf(at(20))).toEqual(['OrderPlaced', 'ReserveStock', 'StockReserved']);
  });
});
