import { OrderPlaced } from '@backstep/contracts';
import {
  emit,
  insert,
  many,
  one,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { IdempotencyKey } from '../idempotency/idempotency-key.entity.js';
import { orderPlacedId } from '../order/order-placed-id.js';
import { Order } from '../order/order.entity.js';
import { orderView, type OrderView } from '../order/order.view.js';
import { priceOrder, type Pricing } from '../product-price/pricing.rules.js';
import { ProductPrice } from '../product-price/product-price.entity.js';
import type { PlaceOrder } from './place-order.request.js';

export interface Placement {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly order: PlaceOrder;
  readonly traceparent: string | undefined;
}

export type PlacementAnswer =
  | { readonly kind: 'placed' | 'replayed'; readonly order: OrderView }
  | { readonly kind: 'key_reused' }
  | Exclude<Pricing, { kind: 'priced' }>;

const needs = ({ orderId, idempotencyKey, order }: Placement) => ({
  known: one(IdempotencyKey, idempotencyKey),
  order: one(Order, orderId),
  prices: many(
    ProductPrice,
    order.items.map(({ sku }) => sku),
  ),
});

/**
 * Places an order: the order, its idempotency key with the answer, and OrderPlaced in the outbox, all in one statement.
 * Placements that arrive while a commit runs share the next one.
 */
export class PlaceOrderHandler implements RequestHandler<Placement, PlacementAnswer, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    { orderId, idempotencyKey, requestHash, order, traceparent }: Placement,
    { known, prices }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: PlacementAnswer; changes: Change[] } {
    if (known) {
      const same = known.requestHash === requestHash;
      return { answer: same ? { kind: 'replayed', order: known.response } : { kind: 'key_reused' }, changes: [] };
    }
    const pricing = priceOrder(order.items, prices);
    if (pricing.kind !== 'priced') return { answer: pricing, changes: [] };

    const { items, currency, total } = pricing;
    const { paymentMethod, shippingAddress } = order;
    const createdAt = new Date(now);
    const placed = insert(Order, {
      id: orderId,
      status: 'PENDING',
      currency,
      total,
      items,
      paymentMethod,
      shippingAddress,
      createdAt,
      failureCode: null,
      failureMessage: null,
      traceparent: traceparent ?? null,
    });
    const response = orderView({ ...placed.row, version: 1 });
    return {
      answer: { kind: 'placed', order: response },
      changes: [
        placed,
        insert(IdempotencyKey, { key: idempotencyKey, requestHash, response, createdAt }),
        emit(
          OrderPlaced,
          { orderId, currency, total, items, paymentMethod, shippingAddress },
          { of: placed, id: orderPlacedId(orderId), traceparent },
        ),
      ],
    };
  }
}
