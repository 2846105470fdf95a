import { OrderPlaced, type ShippingAddress } from '@backstep/contracts';
import type { OrderView, PlaceOrderRequest } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
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
import { Customer } from '../customer/customer.entity.js';
import { orderPlacedId } from '../order/order-placed-id.js';
import { Order } from '../order/order.entity.js';
import { orderView } from '../order/order.view.js';
import { priceOrder, type Pricing } from '../product-price/pricing.rules.js';
import { ProductPrice } from '../product-price/product-price.entity.js';

/** An order that a client requests, with the id that it gets if it is placed. */
export interface NewOrder {
  readonly orderId: string;
  readonly order: PlaceOrderRequest;
  readonly traceparent: string | undefined;
}

/** Why an order is not placed. Nothing is stored then, and its key may come again with the order as it is corrected. */
export type Refusal =
  | Exclude<Pricing, { kind: 'priced' }>
  | { readonly kind: 'unknown_customer'; readonly customerId: string }
  | { readonly kind: 'no_address' };

/** The order as it is placed, or why it is not. */
export type Placement = OrderView | Refusal;

const needs = ({ orderId, order }: NewOrder) => ({
  order: one(Order, orderId),
  prices: many(
    ProductPrice,
    order.items.map(({ sku }) => sku),
  ),
  customers: many(Customer, order.customerId === undefined ? [] : [order.customerId]),
});

/** Places an order: the order, and OrderPlaced in the outbox. Orders that arrive while a commit runs share the next one. */
export class PlaceOrderHandler implements RequestHandler<NewOrder, Placement, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    { orderId, order, traceparent }: NewOrder,
    { prices, customers }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: Placement; changes: Change[] } {
    const shippingAddress = addressFor(order, customers);
    if ('kind' in shippingAddress) return { answer: shippingAddress, changes: [] };
    const pricing = priceOrder(order.items, prices);
    if (pricing.kind !== 'priced') return { answer: pricing, changes: [] };

    const { items, currency, total } = pricing;
    const { paymentMethod } = order;
    const placed = insert(Order, {
      id: orderId,
      status: 'PENDING',
      currency,
      total,
      items,
      paymentMethod,
      shippingAddress,
      createdAt: new Date(now),
      failureCode: null,
      failureMessage: null,
      change: null,
      cancellation: null,
      traceparent: traceparent ?? null,
    });
    return {
      answer: orderView({ ...placed.row, version: 1 }),
      changes: [
        placed,
        emit(
          OrderPlaced,
          { orderId, currency, total, items, paymentMethod, shippingAddress },
          { of: placed, id: orderPlacedId(orderId), traceparent },
        ),
      ],
    };
  }
}

/** A copy: a profile that changes later does not change the order. */
function addressFor(
  { customerId, shippingAddress }: PlaceOrderRequest,
  customers: ReadonlyMap<string, Customer>,
): ShippingAddress | Refusal {
  const customer = customerId === undefined ? undefined : customers.get(customerId);
  if (customerId !== undefined && !customer) return { kind: 'unknown_customer', customerId };
  if (shippingAddress) return shippingAddress;
  if (!customer?.address) return { kind: 'no_address' };
  const { line1, city, postalCode, country } = customer.address;
  return { name: customer.name, line1, city, postalCode, country };
}

/**
 * The same with one order for one key: the key's row, with the answer, goes into the same statement. The keys of orders are older than the
 * names of operations, so they have none.
 */
export const placeOrderOnce = idempotent(new PlaceOrderHandler(), { operation: undefined });
