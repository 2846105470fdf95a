import { ProductListed, ProductRepriced } from '@backstep/contracts';
import type { ProductView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  askUser,
  emit,
  insert,
  one,
  update,
  type Change,
  type DecideContext,
  type EditHandler,
  type EditRequest,
  type LoadedNeeds,
} from '@backstep/unit-of-work';
import { Product } from '../product/product.entity.js';
import { currentProduct, productView } from '../product/product.view.js';
import { Adjustment } from '../stock/adjustment.entity.js';
import { Stock } from '../stock/stock.entity.js';

/** A new product has no basis. */
export interface ListProductRequest extends EditRequest<{
  readonly name: string;
  readonly currency: string;
  readonly price: number;
}> {
  readonly sku: string;
  /** The first stock of a new product; afterwards stock changes by adjustments. */
  readonly onHand: number;
  readonly adjustmentId: string;
}

export interface ListProductAnswer {
  readonly outcome: 'created' | 'changed';
  readonly product: ProductView;
}

const needs = ({ sku, adjustmentId }: ListProductRequest) => ({
  product: one(Product, sku),
  stock: one(Stock, sku),
  adjustment: one(Adjustment, adjustmentId),
});

/** Puts a product on sale, or changes its name and price, and announces it. */
export class ListProductHandler implements EditHandler<
  ListProductRequest,
  ListProductAnswer,
  ReturnType<typeof needs>
> {
  readonly needs = needs;
  readonly edits = 'product';
  readonly onStale = askUser();
  readonly current = currentProduct;

  decide(
    { sku, edit, onHand, adjustmentId }: ListProductRequest,
    { product, stock }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: ListProductAnswer; changes: Change[] } {
    const { name, currency, price } = edit;
    if (!product || !stock) {
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
    const changed = update(Product, product, { name, currency, price });
    const version = product.version + 1;
    return {
      answer: { outcome: 'changed', product: productView({ ...changed.row, version }, stock) },
      changes: [changed, emit(ProductRepriced, { sku, name, currency, price }, { of: changed })],
    };
  }
}

/** The same with one effect for one key, where the client sends one. */
export const listProductOnce = idempotent(new ListProductHandler(), { operation: 'putProduct' });
