import type { OrderStatus } from '@backstep/contracts/http';
import {
  OrderCancellationRequested,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  OrderRevised,
  OrderRevisionRejected,
  OrderRevisionRequested,
} from '@backstep/contracts';
import type { ReceivedMessage } from '@backstep/kafka';

/** What an event says about its order. */
export interface OrderChange {
  readonly id: string;
  /** null: the event does not say it; read the order. */
  readonly status: OrderStatus | null;
  /** null: the event does not say it. */
  readonly version: number | null;
}

const STATUS: ReadonlyMap<string, OrderStatus> = new Map([
  [OrderPlaced.name, 'PENDING'],
  [OrderConfirmed.name, 'CONFIRMED'],
  [OrderRejected.name, 'REJECTED'],
  [OrderCancellationRequested.name, 'CANCELLING'],
  [OrderCancelled.name, 'CANCELLED'],
  [OrderRevisionRequested.name, 'REVISING'],
  [OrderRevised.name, 'CONFIRMED'],
  [OrderRevisionRejected.name, 'CONFIRMED'],
]);

/** @returns undefined for a message that is no event of an order */
export function orderChangeIn({ topic, key, headers }: ReceivedMessage): OrderChange | undefined {
  if (topic !== OrderPlaced.topic || key === null) return undefined;
  const version = Number(headers['ce_aggregateversion'] ?? NaN);
  return {
    id: key,
    status: STATUS.get(headers['ce_type'] ?? '') ?? null,
    version: Number.isSafeInteger(version) ? version : null,
  };
}
