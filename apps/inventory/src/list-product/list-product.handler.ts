import { ProductListed, ProductRepriced } from '@backstep/contracts';
import type { ProductView } from '@backstep/contracts/http';
import {
  emit,
  insert,
  one,
  update,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { Product } from '../product/product.entity.js';
import { productView } from '../product/product.view.js';
import { Adjustment } from '../stock/adjustment.entity.js';
import { Stock } from '../stock/stock.entity.js';

export interface ListProductRequest {
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  readonly price: number;
  /** The first stock of a new product; afterwards stock changes by adjustments. */
  readonly onHand: number;
  /** The version that the caller has seen; undefined for a new product. */
  readonly ifMatch: number | undefined;
  readonly adjustmentId: string;
}

export type ListProductAnswer =
  | { readonly outcome: 'created' | 'changed' | 'stale'; readonly product: ProductView }
  | { readonly outcome: 'precondition_required' | 'gone' };

const needs = ({ sku, adjustmentId }: ListProductRequest) => ({
  product: one(Product, sku),
  stock: one(Stock, sku),
  adjustment: one(Adjustment, adjustmentId),
});

/** Puts a product on sale, or changes its name and price, and announces it. */
export class ListProductHandler implements RequestHandler<
  ListProductRequest,
  ListProductAnswer,
  ReturnType<typeof needs>
> {
  readonly needs = needs;

  decide(
    request: ListProductRequest,
    { product, stock }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: ListProductAnswer; changes: Change[] } {
    const { sku, name, currency, price, onHand, ifMatch, adjustmentId } = request;
    if (!product || !stock) {
      if (ifMatch !== undefined) return { answer: { outcome: 'gone' }, changes: [] };
      const listed = insert(Product, { sku, name, currency, price });
      const changes = [
        listed,
        insert(Stock, { sku, onHand, reserved: 0 }),
        insert(Adjustment, { id: adjustmentId, sku, delta: onHand, reason: 'listed', madeAt: new Date(now) }),
        emit(ProductListed, { sku, name, currency, price }, { of: listed }),
      ];
      const stored = { onHand, reserved: 0, sku, version: 1 };
      return { answer: { outcome: 'created', product: productView({ ...listed.row, version: 1 }, stored) }, changes };
    }
    if (ifMatch === undefined) return { answer: { outcome: 'precondition_required' }, changes: [] };
    if (ifMatch !== product.version)
      return { answer: { outcome: 'stale', product: productView(product, stock) }, changes: [] };
    const changed = update(Product, product, { name, currency, price });
    const version = product.version + 1;
    return {
      answer: { outcome: 'changed', product: productView({ ...changed.row, version }, stock) },
      changes: [changed, emit(ProductRepriced, { sku, name, currency, price }, { of: changed })],
    };
  }
}
