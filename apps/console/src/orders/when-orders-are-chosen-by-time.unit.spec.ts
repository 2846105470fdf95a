import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../api/types.js';
import { parseSearch, stringifySearch } from '../shell/search-text.js';
import { noneText, orderCommand, spanText } from './filter-text.js';
import { KnownOrders } from './known-orders.js';
import { mergedOrders } from './merged-orders.js';
import { filterOf, frozen, ordersSearch } from './orders-search.js';
import { absolute, boundsOf, isWithin, momentOf, placedAt, PRESETS, typedWhen, whenOf } from './span.js';

/**
 * Goal: the address of a list says which orders it is of; a link that is handed on says the same tomorrow; and what is new elsewhere is not said to be new
 * here. Method: there and back, and what people type.
 */
const NOON = Date.UTC(2026, 10, 28, 12);
const iso = (at: number): string => new Date(at).toISOString();
const when = fc.oneof(
  fc
    .date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc.tuple(fc.nat({ max: 9_999 }), fc.constantFrom('s', 'm', 'h', 'd')).map(([count, unit]) => `now-${count}${unit}`),
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

describe('an address with times', () => {
  it('whatever the times are, the address says them', () => {
    fc.assert(
      fc.property(fc.record({ from: maybe(when), to: maybe(when) }), (given) => {
        const search = filterOf(given);
        expect(ordersSearch(parseSearch(stringifySearch({ ...search })))).toEqual(search);
      }),
    );
  });

  it('what is no time is left out, and a time with an offset is the same in UTC', () => {
    for (const wrong of [
      'yesterday',
      '2026-11-28',
      '2026-11-28T12:00:00',
      '2026-02-30T00:00:00Z',
      'now-1y',
      'now+1h',
      '',
      7,
    ])
      expect([wrong, whenOf(wrong)]).toEqual([wrong, undefined]);
    expect(whenOf('2026-11-28T14:00:00+02:00')).toBe('2026-11-28T12:00:00.000Z');
    expect(PRESETS.map(([, from]) => whenOf(from))).toEqual(PRESETS.map(([, from]) => from));
  });

  it('a link that is copied has nothing relative in it, and is of the orders that were seen', () => {
    const copied = frozen({ status: 'REJECTED', from: 'now-15m', to: 'now', sel: 'x' }, NOON);
    expect(copied).toEqual({ status: 'REJECTED', from: iso(NOON - 900_000), to: iso(NOON), sel: 'x' });
    fc.assert(
      fc.property(
        fc.record({ from: maybe(when), to: maybe(when) }),
        fc.integer({ min: NOON, max: NOON * 2 }),
        (given, later) => {
          const link = absolute(filterOf(given), NOON);
          expect(absolute(link, later)).toEqual(link);
        },
      ),
    );
  });
});

describe('what is typed', () => {
  it.each([
    ['2026-11-28 08:18', '2026-11-28T08:18:00.000Z'],
    [' 2026-11-28T08:18:51.6 ', '2026-11-28T08:18:51.600Z'],
    ['2026-11-28', '2026-11-28T00:00:00.000Z'],
    ['2026-11-28 10:18+02:00', '2026-11-28T08:18:00.000Z'],
    ['2h', 'now-2h'],
    ['now-2h', 'now-2h'],
    ['2026-02-29', undefined],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-28 24:00', undefined],
    ['2026-13-01', undefined],
    ['08:18', undefined],
    ['2 hours', undefined],
  ])('of %s the time is %s', (typed, expected) => expect(typedWhen(typed, 'utc')).toBe(expected));

  it('without a zone, a time is of the clock that the page shows', () => {
    expect(typedWhen('2026-11-28 08:18', 'local')).toBe(new Date(2026, 10, 28, 8, 18).toISOString());
  });
});

describe('what a list says of its filter', () => {
  it('the sentence of a list without orders names the filter', () => {
    expect(noneText({}, 'utc')).toBe('No order yet');
    expect(noneText({ status: 'REVISING' }, 'utc')).toBe('No order is REVISING');
    expect(noneText({ from: 'now-15m' }, 'utc')).toBe('No order was placed in the last 15m');
    expect(noneText({ status: 'REJECTED', to: iso(NOON) }, 'utc')).toBe(
      'No order is REJECTED and was placed before 2026-11-28 12:00:00.000 UTC',
    );
    expect(spanText({ from: 'now-2h', to: 'now-1h' }, 'utc')).toBe('placed from 2h ago and before 1h ago');
  });

  it('the same in the terminal is of the same orders', () => {
    expect(orderCommand({})).toBe('npx backstep orders');
    expect(orderCommand({ status: 'REJECTED', from: 'now-2h', to: iso(NOON) })).toBe(
      `npx backstep orders --status REJECTED --from 2h --to ${iso(NOON)}`,
    );
  });
});

describe('new orders beside a list of a span', () => {
  const idAt = (at: number, number: number): string => {
    const hex = at.toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(number).padStart(12, '0')}`;
  };
  const pages = [[{ id: idAt(NOON, 1), version: 1, status: 'PENDING', createdAt: iso(NOON) } as Order]];

  it('an order’s id says when it was placed; of another id nothing is known, and it counts', () => {
    expect(placedAt(idAt(NOON, 7))).toBe(NOON);
    expect(placedAt('order-7')).toBeUndefined();
    expect(isWithin({ from: NOON }, undefined)).toBe(true);
  });

  it('orders that were placed after the end of the list, or have changed and are older than its beginning, do not wait for it', () => {
    const known = new KnownOrders();
    known.tell([
      { id: idAt(NOON + 1_000, 2), version: 1, status: 'PENDING' },
      { id: idAt(NOON + 9_000, 3), version: 1, status: 'PENDING' },
      { id: idAt(NOON - 9_000, 4), version: 3, status: 'CANCELLING' },
    ]);
    const waiting = (span: Parameters<typeof boundsOf>[0], status?: Order['status']): number =>
      mergedOrders(pages, { known: known.all, status, bounds: boundsOf(span) }).waiting;
    expect(waiting({})).toBe(2);
    expect(waiting({ to: iso(NOON + 9_000) })).toBe(1);
    expect(waiting({ from: iso(NOON - 1_000) }, 'CANCELLING')).toBe(0);
    expect(waiting({ from: iso(NOON - 9_000) }, 'CANCELLING')).toBe(1);
    expect(momentOf('now-1s', NOON)).toBe(NOON - 1_000);
  });
});
