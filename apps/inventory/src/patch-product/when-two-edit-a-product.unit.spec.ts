import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { ListProductHandler } from '../list-product/list-product.handler.js';
import { Product } from '../product/product.entity.js';
import { Adjustment } from '../stock/adjustment.entity.js';
import { Stock } from '../stock/stock.entity.js';
import { PatchProductHandler, type PatchProductRequest } from './patch-product.handler.js';

/** Goal: two who edit one product at once keep each other's changes, and no price stands beside another's currency. */
const CUP = { name: 'Cup', currency: 'EUR', price: 500 };
let rows: InMemoryRows;
beforeEach(async () => {
  rows = await InMemoryRows.of([Product, Stock, Adjustment]);
  rows.request(new ListProductHandler(), { sku: 'cup', edit: CUP, onHand: 7, adjustmentId: newId() });
});

const patch = (edit: PatchProductRequest['edit'], basis?: number, sku = 'cup') =>
  rows.request(new PatchProductHandler(), { sku, edit, basis });

describe('two edits of one version of a product', () => {
  it('a name and a price are both kept, and each is announced whole', () => {
    patch({ name: 'Cup, green' }, 1);
    const { answer, said } = patch({ price: 600 }, 1);
    const now = { name: 'Cup, green', currency: 'EUR', price: 600 };
    expect(answer).toMatchObject({ outcome: 'changed', product: { ...now, onHand: 7, version: 3 } });
    expect(said).toMatchObject([{ type: 'ProductRepriced', aggregateVersion: 3, data: { sku: 'cup', ...now } }]);
  });

  it('a price and a currency clash', () => {
    patch({ price: 600 }, 1);
    expect(() => patch({ currency: 'USD' }, 1)).toThrow('currency changed since');
    expect(rows.find(Product, 'cup')).toMatchObject({ ...CUP, price: 600, version: 2 });
  });

  it('a whole product in which one field is new reverts nothing', () => {
    patch({ name: 'Cup, green' }, 1);
    patch({ ...CUP, price: 600 }, 1);
    expect(rows.find(Product, 'cup')).toMatchObject({ name: 'Cup, green', price: 600 });
  });
});

describe('an edit of a product', () => {
  it('an edit without a version is made in the product as it is', () => {
    patch({ name: 'Cup, green' }, 1);
    expect(patch({ price: 600 }).answer).toMatchObject({ product: { name: 'Cup, green', price: 600, version: 3 } });
  });

  it('an edit that changes nothing writes and announces nothing', () => {
    for (const edit of [{}, CUP]) {
      const { answer, said } = patch(edit, 1);
      expect([answer, said]).toMatchObject([{ outcome: 'unchanged', product: { ...CUP, version: 1 } }, []]);
    }
    expect(rows.find(Product, 'cup')).toMatchObject({ version: 1 });
  });

  it('an edit of a product that does not exist makes none', () => {
    expect(patch({ price: 600 }, undefined, 'jar').answer).toEqual({ outcome: 'unknown' });
    expect(rows.all(Product)).toHaveLength(1);
  });
});
