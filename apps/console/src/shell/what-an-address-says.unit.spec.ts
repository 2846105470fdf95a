import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { positionIn, positionOf, positionText, selectionOf } from '../lanes/position.js';
import { ORDER_STATUSES, ordersSearch } from '../orders/orders-search.js';
import { orderSearch } from '../order/order-search.js';
import { parseSearch, stringifySearch } from './search-text.js';

/** Goal: the address is the state of a page, for whoever gets the link; and whatever somebody types shows a page. Method: there and back. */
const position = fc.record({
  topic: fc.stringMatching(/^[a-z]{1,20}\.(commands|events)$/),
  partition: fc.nat({ max: 999 }),
  offset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
});
const fold = fc.oneof(
  fc.nat({ max: 2 ** 31 }).map((from) => `p:${from}`),
  fc.tuple(fc.constantFrom('s', 'e', 'g'), position).map(([kind, one]) => `${kind}${selectionOf(one).slice(1)}`),
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

describe('the address of a page', () => {
  it('the address of an order’s page says its tab, selection, moment, switches and what is open', () => {
    const searches = fc.record({
      tab: maybe(fc.constantFrom('list', 'rows', 'money', 'raw')),
      sel: maybe(position.map(selectionOf)),
      at: maybe(fc.nat({ max: 2 ** 31 })),
      repeated: maybe(fc.constant(true)),
      unfolded: maybe(fc.constant(true)),
      open: maybe(fc.uniqueArray(fold, { minLength: 1, maxLength: 20 }).map((all) => all.join(' '))),
      follow: maybe(fc.constant(true)),
    });
    fc.assert(
      fc.property(searches, (search) =>
        expect(orderSearch(parseSearch(stringifySearch(search)))).toEqual(withoutUndefined(search)),
      ),
    );
  });

  it('the address of the orders says their state and the row', () => {
    const searches = fc.record({ status: maybe(fc.constantFrom(...ORDER_STATUSES)), sel: maybe(fc.uuid()) });
    fc.assert(
      fc.property(searches, (search) =>
        expect(ordersSearch(parseSearch(stringifySearch(search)))).toEqual(withoutUndefined(search)),
      ),
    );
  });

  it('what is not understood is left out, whatever it is', () => {
    const anything = fc.dictionary(
      fc.constantFrom('tab', 'sel', 'at', 'repeated', 'unfolded', 'open', 'status'),
      fc.string(),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const search = parseSearch(stringifySearch(given));
        for (const read of [orderSearch, ordersSearch]) expect(read({ ...read(search) })).toEqual(read(search));
      }),
    );
    expect(orderSearch({ tab: 'lanes', sel: 'm:a b/1/2', at: '1e9', repeated: 'yes' })).toEqual({});
    expect(ordersSearch({ status: 'rejected', sel: 'x' })).toEqual({ status: 'REJECTED' });
  });

  it('a position is read as it was written', () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(positionOf(selectionOf(one))).toEqual(one);
        expect(positionIn(positionText(one))).toEqual(one);
      }),
    );
    expect(stringifySearch({ sel: 'm:order.events/1/31' })).toBe('?sel=m:order.events/1/31');
  });
});
