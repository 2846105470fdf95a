/** An order as the sagas of the peers are given it: JSON. */
export interface Order {
  /** The Idempotency-Key of its request. */
  readonly id: string;
  readonly items: readonly OrderItem[];
  readonly paymentMethod: string;
  readonly shippingAddress: Readonly<Record<string, string>>;
  /** Minor units. */
  readonly total: number;
}

export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
}
