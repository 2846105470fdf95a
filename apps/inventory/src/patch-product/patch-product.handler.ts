import { ProductRepriced } from '@backstep/contracts';
import type { ProductView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  byField,
  emit,
  merge,
  one,
  patched,
  update,
  type Change,
  type EditHandler,
  type EditRequest,
  type LoadedNeeds,
} from '@backstep/unit-of-work';
import { Product } from '../product/product.entity.js';
import { currentProduct, productView } from '../product/product.view.js';
import { Stock } from '../stock/stock.entity.js';

/** The edit is a JSON Merge Patch. */
export interface PatchProductRequest extends EditRequest<{
  readonly name?: string | undefined;
  readonly currency?: string | undefined;
  readonly price?: number | undefined;
}> {
  readonly sku: string;
}

export type PatchProductAnswer =
  { readonly outcome: 'changed' | 'unchanged'; readonly product: ProductView } | { readonly outcome: 'unknown' };

const needs = ({ sku }: PatchProductRequest) => ({ product: one(Product, sku), stock: one(Stock, sku) });

/**
 * Changes some fields of a product, and announces it. Who changes the name and who changes the price do not disturb each other; a price means
 * something in its currency alone.
 */
export class PatchProductHandler implements EditHandler<
  PatchProductRequest,
  PatchProductAnswer,
  ReturnType<typeof needs>
> {
  readonly needs = needs;
  readonly edits = 'product';
  readonly onStale = merge(byField({ together: [['currency', 'price']] }));
  readonly current = currentProduct;

  decide(
    { sku, edit }: PatchProductRequest,
    { product, stock }: LoadedNeeds<ReturnType<typeof needs>>,
  ): { answer: PatchProductAnswer; changes: Change[] } {
    if (!product || !stock) return { answer: { outcome: 'unknown' }, changes: [] };
    const changed = update(Product, product, patched(product, edit));
    const { name, currency, price } = changed.row;
    if (name === product.name && currency === product.currency && price === product.price)
      return { answer: { outcome: 'unchanged', product: productView(product, stock) }, changes: [] };
    const version = product.version + 1;
    return {
      answer: { outcome: 'changed', product: productView({ ...changed.row, version }, stock) },
      changes: [changed, emit(ProductRepriced, { sku, name, currency, price }, { of: changed })],
    };
  }
}

/** The same with one effect for one key, where the client sends one. */
export const patchProductOnce = idempotent(new PatchProductHandler(), { operation: 'patchProduct' });
