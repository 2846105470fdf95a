import { OrderPlaced } from '@backstep/contracts';
import type { OrderView, PlaceOrderRequest } from '@backstep/contracts/http';
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
import { orderView } from '../order/order.view.js';
import { priceOrder, type Pricing } from '../product-price/pricing.rules.js';
import { ProductPrice } from '../product-price/product-price.entity.js';

/** An order that a client requests, with the id that it gets if it is placed. */
export interface NewOrder {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly order: PlaceOrderRequest;
  readonly traceparent: string | undefined;
}

export type PlaceOrderDecision =
  | { readonly kind: 'placed' | 'replayed'; readonly order: OrderView }
  | { readonly kind: 'key_reused' }
  | Exclude<Pricing, { kind: 'priced' }>;

const needs = ({ orderId, idempotencyKey, order }: NewOrder) => ({
  known: one(IdempotencyKey, idempotencyKey),
  order: one(Order, orderId),
  prices: many(
    ProductPrice,
    order.items.map(({ sku }) => sku),
  ),
});

/**
 * Places an order: the order, its idempotency key with the answer, and OrderPlaced in the outbox, all in one statement.
 * Orders that arrive while a commit runs share the next one.
 */
export class PlaceOrderHandler implements RequestHandler<NewOrder, PlaceOrderDecision, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    { orderId, idempotencyKey, requestHash, order, traceparent }: NewOrder,
    { known, prices }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: PlaceOrderDecision; changes: Change[] } {
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
