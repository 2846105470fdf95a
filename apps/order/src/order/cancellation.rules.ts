import { OrderCancellationRefused, OrderCancelled, type CancellationRefusal } from '@backstep/contracts';
import { emit, type Change, type RowChange } from '@backstep/unit-of-work';
import type { HeldChange, Order } from './order.entity.js';

/**
 * A cancellation holds the order from its request until a saga answers: place-order, when the order was still being placed, or cancel-order.
 * @param from the status of the order @param now milliseconds since the epoch
 */
export const cancelling = (from: HeldChange['from'], id: string, now: number) => ({
  status: 'CANCELLING' as const,
  change: { kind: 'cancel' as const, id, since: timeOf(now), from } satisfies HeldChange,
});

/** The order after its change has ended, and what became of a cancellation. @param refusal null: the order is cancelled */
export function afterCancellation(
  { id, from }: HeldChange,
  refusal: CancellationRefusal | null,
  now: number,
): Pick<Order, 'change' | 'cancellation'> {
  return { change: null, cancellation: { id, from, endedAt: timeOf(now), refusal } };
}

export const cancellationOf = ({ change }: Pick<Order, 'change'>): HeldChange | undefined =>
  change?.kind === 'cancel' ? change : undefined;

/** place-order has confirmed the order before the cancellation reached it, or after its pivot. */
export const CONFIRMED_MEANWHILE: CancellationRefusal = {
  code: 'confirmed_meanwhile',
  message: 'The order was handed to the carrier before the cancellation came. It can be cancelled again.',
};

/** place-order has come to nothing for a reason of its own. */
export const REJECTED_MEANWHILE: CancellationRefusal = {
  code: 'rejected_meanwhile',
  message: 'The order came to nothing before the cancellation did.',
};

/** Tells how a cancellation ended that place-order has answered. @param of the change that ends it */
export function tellCancellation(
  { id: orderId, traceparent }: Pick<Order, 'id' | 'traceparent'>,
  { id: cancellationId }: HeldChange,
  failure: CancellationRefusal | null,
  of: RowChange,
): Change {
  const options = { of, traceparent: traceparent ?? undefined };
  return failure
    ? emit(OrderCancellationRefused, { orderId, cancellationId, failure }, options)
    : emit(OrderCancelled, { orderId, cancellationId }, options);
}

const timeOf = (now: number): string => new Date(now).toISOString();
