import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { Product } from '../product/product.entity.js';
import { AnnounceProductHandler } from './announce-products.js';

/** Goal: a product is told as it is now, and a product that nobody lists any more is not. Method: the decision over rows in memory. */
let rows: InMemoryRows;
beforeEach(async () => {
  rows = await InMemoryRows.of([Product]);
});

describe('a product', () => {
  it('a product is announced as it is now, with its version, and is not changed', () => {
    rows.put(Product, { sku: 'cup', name: 'Cup', currency: 'EUR', price: 500 });
    const before = rows.find(Product, 'cup');
    const told = rows.request(new AnnounceProductHandler(), 'cup');
    expect(told.said).toMatchObject([
      { type: 'ProductListed', subject: 'cup', aggregateVersion: before?.version, data: { sku: 'cup', price: 500 } },
    ]);
    expect(rows.find(Product, 'cup')).toEqual(before);
  });

  it('a product that is gone is not announced', () => {
    expect(rows.request(new AnnounceProductHandler(), 'jar')).toEqual({ answer: false, said: [] });
  });
});
