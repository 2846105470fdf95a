import { describe, expect, it } from '@jest/globals';
import { ProductListed, ProductRepriced } from '@backstep/contracts';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows, offlineTables } from '@backstep/unit-of-work/testing';
import fc from 'fast-check';
import { CopyPricesHandler } from '../copy-prices/copy-prices.handler.js';
import { priceOrder, TOTAL_MAX } from './pricing.rules.js';
import { ProductPrice } from './product-price.entity.js';

/** Goal: money adds up, to the cent, and prices are the newest that were told, in whatever order and however often they were. */
const SKUS = ['cup', 'pot', 'mug', 'jar'];
const prices = fc
  .array(fc.record({ currency: fc.constantFrom('EUR', 'USD'), price: fc.nat({ max: TOTAL_MAX }) }), {
    minLength: SKUS.length - 1,
    maxLength: SKUS.length - 1,
  })
  .map((known) => new Map(known.map((price, index) => [SKUS[index] ?? '', price])));
const oneCurrency = prices.map(
  (known) => new Map([...known].map(([sku, { price }]) => [sku, { currency: 'EUR', price }])),
);
const lines = fc.array(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 10_000 }) }), {
  minLength: 1,
  maxLength: 100,
});

const known = (asked: readonly { sku: string }[], all: ReadonlyMap<string, { currency: string; price: number }>) =>
  new Map([...all].filter(([sku]) => asked.some((line) => line.sku === sku)));

describe('the price of an order', () => {
  it('the price of an order is the exact sum of its lines, or the order is refused', () => {
    fc.assert(
      fc.property(lines, oneCurrency, (asked, all) => {
        const pricing = priceOrder(asked, known(asked, all));
        const exact = asked.reduce(
          (sum, { sku, quantity }) => sum + BigInt(quantity) * BigInt(all.get(sku)?.price ?? 0),
          0n,
        );
        if (asked.some(({ sku }) => !all.has(sku))) expect(pricing.kind).toBe('unknown_sku');
        else if (exact > BigInt(TOTAL_MAX)) expect(pricing.kind).toBe('total_too_large');
        else {
          expect(pricing).toMatchObject({ kind: 'priced', currency: 'EUR', total: Number(exact) });
          const items = pricing.kind === 'priced' ? pricing.items : [];
          expect(items.map(({ sku, quantity }) => ({ sku, quantity }))).toEqual(asked);
          expect(items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)).toBe(Number(exact));
        }
      }),
    );
  });

  it('the price of an order does not depend on the order of its lines', () => {
    fc.assert(
      fc.property(lines, oneCurrency, (asked, all) => {
        const total = (of: typeof asked) => {
          const pricing = priceOrder(of, known(of, all));
          return pricing.kind === 'priced' ? pricing.total : pricing.kind;
        };
        expect(total(asked.toReversed())).toBe(total(asked));
      }),
    );
  });

  it('the price of an order is in the one currency of all its lines', () => {
    fc.assert(
      fc.property(lines, prices, (asked, all) => {
        const of = known(asked, all);
        const pricing = priceOrder(asked, of);
        const currencies = new Set([...of.values()].map(({ currency }) => currency));
        if (pricing.kind === 'priced') expect(currencies).toEqual(new Set([pricing.currency]));
        if (pricing.kind === 'mixed_currencies') expect(new Set(pricing.currencies)).toEqual(currencies);
        if (currencies.size > 1) expect(pricing.kind).not.toBe('priced');
      }),
    );
  });
});

describe('our copy of the prices', () => {
  const told = (version: number, sku = 'cup') =>
    aMessage(
      version === 1 ? ProductListed : ProductRepriced,
      { sku, name: `n${version}`, currency: 'EUR', price: version * 100 },
      { aggregateVersion: version },
    );

  it('the copy of a price is the newest announced version, in whatever order and however often they come', async () => {
    const tables = await offlineTables([ProductPrice]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), (versions) => {
        const rows = new InMemoryRows(tables);
        for (const version of versions) rows.handle(new CopyPricesHandler(), told(version));
        const newest = Math.max(...versions);
        expect(rows.all(ProductPrice)).toMatchObject([
          { sku: 'cup', productVersion: newest, price: newest * 100, name: `n${newest}` },
        ]);
      }),
    );
  });

  it('the price of one product does not affect another', async () => {
    const rows = await InMemoryRows.of([ProductPrice]);
    for (const message of [told(5, 'cup'), told(1, 'pot')]) rows.handle(new CopyPricesHandler(), message);
    expect(rows.find(ProductPrice, 'pot')).toMatchObject({ price: 100, productVersion: 1 });
  });
});
