import { IdempotencyKey } from '@backstep/messages';
import { z } from 'zod';
import { CustomerId, MAX_LINES, Quantity, RequestedAddress, RequestedPaymentMethod, Sku } from '../fields.js';
import { OrderView } from './orders.js';

/** Orders come to the order service by `POST` only, always in a list, which may have one order. */
export const PLACE_ORDERS = {
  path: '/orders',
  /** The most orders of a request. */
  ordersMax: 64,
  /**
   * How long an answer waits at most for the outcome of its orders, in seconds. Below HTTP_LIMITS.answerMs of both ends, so that an answer that
   * comes just in time is not lost to a timeout.
   */
  waitMaxSeconds: 25,
} as const;

/** The order that a client requests. */
export const PlaceOrderRequest = z
  .strictObject({
    items: z
      .array(z.strictObject({ sku: Sku, quantity: Quantity }))
      .min(1)
      .max(MAX_LINES),
    paymentMethod: RequestedPaymentMethod.meta({
      description:
        "The payment provider's name for the card, such as `pm_card_visa`; or `account:` and the id of an account, from which the order is paid",
    }),
    customerId: CustomerId.optional().meta({
      description:
        'Whose order it is. Its profile gives the address where the order names none, as it is at this moment',
    }),
    shippingAddress: RequestedAddress.optional().meta({ description: 'Needed where there is no `customerId`' }),
  })
  .refine(({ customerId, shippingAddress }) => customerId !== undefined || shippingAddress !== undefined, {
    path: ['shippingAddress'],
    error: 'is missing',
  })
  .meta({
    id: 'PlaceOrder',
    examples: [
      {
        items: [{ sku: 'mug-blue', quantity: 2 }],
        paymentMethod: 'pm_card_visa',
        shippingAddress: {
          name: 'Ada Lovelace',
          line1: '12 St James Square',
          city: 'London',
          postalCode: 'SW1Y 4JH',
          country: 'GB',
        },
      },
    ],
  });
export type PlaceOrderRequest = z.output<typeof PlaceOrderRequest>;

/** One order of the list, with the id, key and trace of its client's request. */
export const OrderToPlace = z.strictObject({
  idempotencyKey: IdempotencyKey,
  /** The id of the client's request, since a list serves several clients. */
  requestId: z.string().max(255),
  traceparent: z.string().optional(),
  order: PlaceOrderRequest,
});
export type OrderToPlace = z.output<typeof OrderToPlace>;

/** The body. Each order is checked as an `OrderToPlace` by itself, so that an error concerns that order only. */
export const PlaceOrdersRequest = z.strictObject({
  orders: z.array(z.unknown()).min(1).max(PLACE_ORDERS.ordersMax),
  /** 0: the answer comes when the orders are stored. */
  waitSeconds: z.int().min(0).max(PLACE_ORDERS.waitMaxSeconds).default(0),
});
type PlaceOrdersRequest = z.input<typeof PlaceOrdersRequest>;

/** @param orders each the JSON of an `OrderToPlace` @returns the JSON of a `PlaceOrdersRequest` */
export function placeOrdersJson(orders: readonly string[], waitSeconds: number): string {
  const name = (member: keyof PlaceOrdersRequest): string => JSON.stringify(member);
  return `{${name('waitSeconds')}:${waitSeconds},${name('orders')}:[${orders.join(',')}]}`;
}

export const PlacedOrder = z.object({
  /** An earlier request with the same key has placed the order. */
  replayed: z.boolean(),
  order: OrderView,
});
export interface PlacedOrder {
  readonly replayed: boolean;
  readonly order: OrderView;
}

export const RefusedOrder = z.object({
  /** RFC 9457 */
  problem: z.looseObject({ type: z.string(), title: z.string(), status: z.int() }),
  /** Headers of the problem, such as Retry-After; names in lower case. */
  headers: z.record(z.string(), z.string()),
});
export type RefusedOrder = Readonly<z.output<typeof RefusedOrder>>;

export type PlaceOrderResult = PlacedOrder | RefusedOrder;

/** The answer: a result for each order, in the same order. */
export const PlaceOrdersAnswer = z.object({ results: z.array(z.union([PlacedOrder, RefusedOrder])) });
export interface PlaceOrdersAnswer {
  readonly results: readonly PlaceOrderResult[];
}
