import { z } from 'zod';
import { CancellationRefusal, Currency, Failure, MinorUnits, OrderId, PricedItem, ShippingAddress } from '../fields.js';
import { Time, Version } from './fields.js';
import { pageOf } from './page.js';
import { LineOperationView } from './revise-order.js';

export const OrderStatus = z.enum(['PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLING', 'CANCELLED', 'REVISING']).meta({
  id: 'OrderStatus',
  description:
    'PENDING: its saga is at work. CONFIRMED: reserved, charged and shipping. REJECTED: undone; `failure` says why. ' +
    'CANCELLING, REVISING: a change is at work; `change` says which. CANCELLED: undone, as the customer wished.',
});
export type OrderStatus = z.infer<typeof OrderStatus>;

/** A change that is at work. The order takes no other meanwhile. */
export const OrderChange = z
  .object({
    kind: z.enum(['cancel', 'revise']),
    id: z.uuid(),
    since: Time,
  })
  .meta({ id: 'OrderChange', description: 'The change that holds the order, and since when' });
export type OrderChange = Readonly<z.infer<typeof OrderChange>>;

/** How the latest cancellation of an order ended. */
export const Cancellation = z
  .object({
    id: z.uuid(),
    endedAt: Time,
    refusal: CancellationRefusal.nullable().meta({ description: 'Why it was refused; null: the order is cancelled' }),
  })
  .meta({ id: 'Cancellation' });
export type Cancellation = Readonly<z.infer<typeof Cancellation>>;

/** A revision of an order: what was asked, and what became of it. */
export const OrderRevisionView = z
  .object({
    id: z.uuid(),
    status: z.enum(['REQUESTED', 'APPLIED', 'REJECTED']).meta({
      description:
        'REQUESTED: its saga is at work. APPLIED: the order is as it says. REJECTED: the order stayed as it was; `failure` says why.',
    }),
    operations: z
      .array(LineOperationView)
      .meta({ description: 'As they are applied: without those that others had done already' }),
    items: z.array(PricedItem).meta({ description: 'The lines that the order shall have' }),
    total: MinorUnits,
    shippingAddress: ShippingAddress,
    failure: Failure.nullable(),
    requestedAt: Time,
  })
  .meta({ id: 'OrderRevision' });
export type OrderRevisionView = Readonly<Omit<z.infer<typeof OrderRevisionView>, 'operations' | 'items'>> & {
  readonly operations: readonly LineOperationView[];
  readonly items: readonly PricedItem[];
};

/** An order as the order service answers it, without the payment method. */
export const OrderView = z.object({
  id: OrderId,
  status: OrderStatus,
  version: Version,
  currency: Currency,
  total: MinorUnits,
  items: z.array(PricedItem),
  shippingAddress: ShippingAddress,
  createdAt: Time,
  failure: Failure.nullable(),
  /** Answers that are kept for a replay may be from before orders had changes. */
  change: OrderChange.nullish(),
  cancellation: Cancellation.nullish(),
  revision: OrderRevisionView.nullish().meta({ description: 'The latest revision; null where there was none' }),
});
export type OrderView = Readonly<Omit<z.infer<typeof OrderView>, 'items' | 'revision'>> & {
  readonly items: readonly PricedItem[];
  readonly revision?: OrderRevisionView | null | undefined;
};

/** `GET /orders` */
export const OrderViews = pageOf(OrderView);
