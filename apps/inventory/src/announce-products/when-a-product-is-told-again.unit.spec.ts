import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { Product } from '../product/product.entity.js';
import { ANNOUNCE_MAX, AnnounceProductHandler, AnnounceProducts } from './announce-products.js';

/**
 * Goal: whoever keeps a copy of the products has all of them, as they are now, after one round, though it has never heard of them; and a
 * round is no flood. Method: the announcer over rows in memory, turn by turn.
 */
const MINUTE = 60_000;
let rows: InMemoryRows;
let said: string[];
let announcer: AnnounceProducts;

beforeEach(async () => {
  rows = await InMemoryRows.of([Product]);
  said = [];
  const query = (_: string, [after, max]: [string, number]) => {
    const skus = rows.all(Product).map(({ sku }) => sku);
    const chunk = skus.filter((sku) => sku > after).toSorted();
    return Promise.resolve({ rows: chunk.slice(0, max).map((sku) => ({ sku })) });
  };
  const request = (_: unknown, sku: string) => Promise.resolve(void said.push(sku));
  announcer = new AnnounceProducts(
    { pool: { query } } as never,
    { request } as never,
    { every: () => undefined } as never,
  );
});

const list = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => {
    const sku = `sku-${String(n).padStart(4, '0')}`;
    rows.put(Product, { sku, name: 'Cup', currency: 'EUR', price: 500 });
    return sku;
  });

describe('a product', () => {
  it('is told as it is now, with its version, and stays as it is', () => {
    const [sku = ''] = list(1);
    const before = rows.find(Product, sku);
    const told = rows.request(new AnnounceProductHandler(), sku);
    expect(told.said).toMatchObject([
      { type: 'ProductListed', subject: sku, aggregateVersion: before?.version, data: { sku, price: 500 } },
    ]);
    expect(rows.find(Product, sku)).toEqual(before);
  });

  it('that is gone is not told', () => {
    expect(rows.request(new AnnounceProductHandler(), 'jar')).toEqual({ answer: false, said: [] });
  });
});

describe('a catalogue', () => {
  it('that is small is told with the first turn, and again after ten minutes', async () => {
    const skus = list(6);
    for (let minute = 0; minute < 10; minute++) await announcer.turn(minute * MINUTE);
    expect(said).toEqual(skus);
    await announcer.turn(10 * MINUTE);
    expect(said).toEqual([...skus, ...skus]);
  });

  it('that is large is told chunk by chunk, each product once a round', async () => {
    const skus = list(ANNOUNCE_MAX * 2 + 1);
    await announcer.turn(0);
    expect(said).toEqual(skus.slice(0, ANNOUNCE_MAX));
    for (const minute of [1, 2, 3]) await announcer.turn(minute * MINUTE);
    expect(said).toEqual(skus);
  });
});
