import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OrderMessage } from '../api/types.js';
import { lanesOf } from '../lanes/model.js';
import { BEGAN, recordOf, REFUSED, REFUSED_SAGA, REPEATED, SAGA, sagaWith } from '../lanes/records.fixture.spec.js';
import { aligned, type ComparedStep, deltaText } from './compare.js';
import { compareSearch, swapped, withOrder } from './compare-search.js';
import { type Step, stepsOf } from './steps.js';

/** Goal: what two orders did alike stands in one row, what only one did in a row of its own, each in its order. Method: an order that is refused, and one that goes well. */
const TYPES = new Map([[SAGA, 'place-order']]);
const refused = stepsOf(lanesOf(REFUSED, [REFUSED_SAGA]), TYPES);

/** The same saga, whose carrier takes the parcel, and whose payment takes 50 ms longer. */
const LATER_MS = 50;
const later = (record: OrderMessage): OrderMessage => ({
  ...record,
  headers: {
    ...record.headers,
    ce_time: new Date(Date.parse(record.headers['ce_time'] ?? '') + LATER_MS).toISOString(),
  },
});
const sent = (ms: number) => new Date(BEGAN + ms).toISOString();
const step = (name: string, kind: 'compensatable' | 'pivot', sentMs: number) => ({
  ...{ name, kind, state: 'done' as const, attempts: 1, skippedBy: null, undo: null },
  ...{ sentAt: sent(sentMs), answeredAt: sent(sentMs + 1) },
});
const GONE_WELL = sagaWith([
  step('reserve-stock', 'compensatable', 11),
  step('charge-payment', 'compensatable', 27),
  step('create-shipment', 'pivot', 189 + LATER_MS),
]);
const shipped = later(recordOf(7));
const wellRecords = [
  ...REFUSED.slice(0, 4),
  ...REFUSED.slice(4, 6).map(later),
  { ...shipped, headers: { ...shipped.headers, ce_type: 'ShipmentCreated' } },
];
const well = stepsOf(lanesOf(wellRecords, [GONE_WELL]), TYPES);

const short = ({ title, isUndo, a, b }: ComparedStep): string =>
  `${isUndo ? '↩ ' : ''}${title} ${a ? 'a' : ''}${b ? 'b' : ''}`;

describe('the steps of an order', () => {
  it('a command and its answer are one step, an event that answers nothing is one by itself', () => {
    expect(refused.map(({ title, isUndo, run }) => [isUndo ? `↩ ${title}` : title, run.outcome, run.tookMs])).toEqual([
      ['OrderPlaced', 'told', 0],
      ['reserve-stock', 'done', 8],
      ['charge-payment', 'done', 152],
      ['create-shipment', 'refused', 50],
      ['↩ charge-payment', 'undone', 108],
      ['↩ reserve-stock', 'undone', 14],
      ['reject-order', 'done', 14],
    ]);
  });

  it('a step that nobody has answered yet has taken no time that is known', () => {
    const steps = stepsOf(lanesOf(REFUSED.slice(0, 4), [REFUSED_SAGA]), TYPES);
    expect(steps.at(-1)?.run).toMatchObject({ outcome: 'sent', tookMs: undefined, attempts: 1 });
  });

  it('without its saga an order’s steps are its commands by their types, each with its answer', () => {
    expect(stepsOf(lanesOf(REFUSED, null), new Map()).map(({ title }) => title)).toEqual([
      ...[
        'OrderPlaced',
        'ReserveStock',
        'ChargePayment',
        'CreateShipment',
        'RefundPayment',
        'ReleaseStock',
        'RejectOrder',
      ],
    ]);
  });

  it('an order without messages has no steps', () => expect(stepsOf(lanesOf([], null), TYPES)).toEqual([]));
});

describe('two orders', () => {
  it('what both did is one row, and what only one did stands where it did it', () => {
    expect(aligned(refused, well).map(short)).toEqual([
      'OrderPlaced ab',
      'reserve-stock ab',
      'charge-payment ab',
      'create-shipment ab',
      '↩ charge-payment a',
      '↩ reserve-stock a',
      'reject-order a',
    ]);
  });

  it('differences are named, and delays are deltas', () => {
    const [, reserve, charge, ship, undo] = aligned(refused, well);
    expect(reserve).toMatchObject({ differences: [], startsLaterMs: 0, takesLongerMs: 0 });
    expect(charge).toMatchObject({ differences: [], startsLaterMs: 0, takesLongerMs: LATER_MS });
    expect(ship).toMatchObject({ differences: ['outcome'], startsLaterMs: LATER_MS, takesLongerMs: 0 });
    expect(undo).toMatchObject({ differences: ['only a'], startsLaterMs: undefined, takesLongerMs: undefined });
  });

  it('repetitions and further attempts differ', () => {
    const repeated = stepsOf(lanesOf([...REFUSED, ...REPEATED.slice(1, 2)], [REFUSED_SAGA]), TYPES);
    expect(aligned(refused, repeated)[1]?.differences).toEqual(['repeated']);
    const second = recordOf(4, { offset: '60' });
    const headers = { ...second.headers, ce_id: 'another', ce_time: sent(97) };
    const asked = stepsOf(lanesOf([...REFUSED, { ...second, headers }], [REFUSED_SAGA]), TYPES);
    expect(aligned(refused, asked)[2]?.differences).toEqual(['attempts']);
  });

  it('an order differs in nothing from itself', () => {
    for (const { differences, startsLaterMs, takesLongerMs } of aligned(refused, refused))
      expect([differences, startsLaterMs, takesLongerMs]).toEqual([[], 0, 0]);
  });

  it('each order’s steps stand in its own order and all are there, whatever they are, and swapped they are the same', () => {
    const [run] = refused.map((one) => one.run);
    const some = fc
      .uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
      .map((names): readonly Step[] =>
        names.map((title) => ({ key: title, title, isUndo: false, run: run as Step['run'] })),
      );
    fc.assert(
      fc.property(some, some, (one, other) => {
        const rows = aligned(one, other);
        expect(rows.filter(({ a }) => a).map(({ key }) => key)).toEqual(one.map(({ key }) => key));
        expect(rows.filter(({ b }) => b).map(({ key }) => key)).toEqual(other.map(({ key }) => key));
        const both = (all: readonly ComparedStep[]) => all.filter(({ a, b }) => a && b).length;
        expect(both(aligned(other, one))).toBe(both(rows));
      }),
    );
  });

  it.each([
    [12, '+12 ms'],
    [-1_200, '−1,200 ms'],
    [0, '±0'],
    [undefined, ''],
  ])('a delay of %p is %j', (ms, text) => expect(deltaText(ms)).toBe(text));
});

describe('the address', () => {
  const [A, B] = ['01a21c15-0000-7000-8000-00000000000a', '01a21c15-0000-7000-8000-00000000000b'];

  it('what is no id is still to be chosen', () => {
    expect(compareSearch({ a: A.toUpperCase(), b: 'teapot' })).toEqual({ a: A });
    expect(compareSearch({})).toEqual({});
  });

  it('orders are chosen one after the other, and swapped', () => {
    expect(withOrder({}, A)).toEqual({ a: A });
    expect(withOrder({ a: A }, B)).toEqual({ a: A, b: B });
    expect(withOrder({ b: B }, A)).toEqual({ a: A, b: B });
    expect(withOrder({ a: A, b: B }, A)).toEqual({ a: A, b: A });
    expect(swapped({ a: A, b: B })).toEqual({ a: B, b: A });
    expect(swapped({ a: A })).toEqual({ b: A });
  });
});
