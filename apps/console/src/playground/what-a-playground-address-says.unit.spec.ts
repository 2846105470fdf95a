import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSearch, stringifySearch } from '../shell/search-text.js';
import { cartOf, cartText, playgroundSearch, QUANTITY_MAX } from './playground-search.js';

/** Goal: a link to the playground shows the same cart, card and country, and whatever somebody types shows a page. */
const sku = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const cart = fc.uniqueArray(fc.record({ sku, quantity: fc.integer({ min: 1, max: QUANTITY_MAX }) }), {
  selector: (line) => line.sku,
  maxLength: 100,
});

it('a cart is read as it was written', () => {
  fc.assert(fc.property(cart, (lines) => expect(cartOf(cartText(lines))).toEqual(lines)));
});

it('the address of the playground says its cart, card, country and last order', () => {
  const searches = fc.record(
    {
      cart: cart.filter(({ length }) => length > 0).map(cartText),
      card: fc.constantFrom('pm_card_slow', 'pm_card_flaky'),
      country: fc.constantFrom('AQ', 'GB'),
      order: fc.uuid(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(searches, (search) => expect(playgroundSearch(parseSearch(stringifySearch(search)))).toEqual(search)),
  );
});

it('of an address of the playground, what is not understood is left out, whatever it is', () => {
  const anything = fc.dictionary(fc.constantFrom('cart', 'card', 'country', 'order'), fc.string());
  fc.assert(
    fc.property(anything, (given) => {
      const read = playgroundSearch(parseSearch(stringifySearch(given)));
      expect(playgroundSearch({ ...read })).toEqual(read);
    }),
  );
  expect(playgroundSearch({ cart: 'mug:0,-x:1,tea', card: '4242', country: 'Germany', order: '1' })).toEqual({});
});

it('lines of one product are one line of the cart', () =>
  expect(cartOf('mug:1,tea:2,mug:3')).toEqual([
    { sku: 'mug', quantity: 4 },
    { sku: 'tea', quantity: 2 },
  ]));
