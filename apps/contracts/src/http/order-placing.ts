import type { OrderToPlace, PlaceOrderResult } from './place-orders.js';

/** Takes orders without a request, where the order service runs in the caller's process. */
export interface OrderPlacing {
  /**
   * @param waitSeconds how long the result is held back for the order's outcome, at most `PLACE_ORDERS.waitMaxSeconds`; 0: it comes when the order
   * is stored
   * @returns the result that a request would get for this order. Never rejects. It has no deadline: the caller has one.
   */
  place(order: OrderToPlace, waitSeconds: number): Promise<PlaceOrderResult>;
}

/**
 * The order service of this process, for the gateway of this process. A host makes one and gives it to both. Where there is none, or no order
 * service is up, orders are placed by request.
 */
export class LocalOrders {
  /** Undefined until the order service has started, and again when it stops. */
  placing: OrderPlacing | undefined;
}
