import type { ProductView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
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
import { adjust } from '../stock/stock.rules.js';

export interface AdjustStockRequest {
  readonly adjustmentId: string;
  readonly sku: string;
  readonly delta: number;
  readonly reason: string;
}

export type AdjustStockAnswer =
  | { readonly outcome: 'adjusted' | 'below_reserved' | 'above_largest'; readonly product: ProductView }
  | { readonly outcome: 'unknown' };

const needs = ({ sku, adjustmentId }: AdjustStockRequest) => ({
  product: one(Product, sku),
  stock: one(Stock, sku),
  adjustment: one(Adjustment, adjustmentId),
});

/** Corrects the stock on hand, and keeps the reason. */
export class AdjustStockHandler implements RequestHandler<
  AdjustStockRequest,
  AdjustStockAnswer,
  ReturnType<typeof needs>
> {
  readonly needs = needs;

  decide(
    { adjustmentId, sku, delta, reason }: AdjustStockRequest,
    { product, stock }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: AdjustStockAnswer; changes: Change[] } {
    if (!product || !stock) return { answer: { outcome: 'unknown' }, changes: [] };
    const level = adjust(stock, delta);
    if (typeof level === 'string') {
      return { answer: { outcome: level, product: productView(product, stock) }, changes: [] };
    }
    const adjusted = update(Stock, stock, level);
    return {
      answer: { outcome: 'adjusted', product: productView(product, adjusted.row) },
      changes: [adjusted, insert(Adjustment, { id: adjustmentId, sku, delta, reason, madeAt: new Date(now) })],
    };
  }
}

/** The same with one adjustment for one key, where the client sends one. */
export const adjustStockOnce = idempotent(new AdjustStockHandler(), { operation: 'adjustStock' });
