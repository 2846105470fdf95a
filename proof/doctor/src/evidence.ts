import type { ServiceName } from '@backstep/contracts';

/**
 * What the doctor looks at: plain data, gathered once, so that every invariant is a pure function over it.
 * All amounts are minor units, all times milliseconds since 1970, all maps by order id unless said otherwise.
 */
export interface Evidence {
  /** What came after this moment is not looked at. */
  readonly takenAt: number;
  /** Nothing was under way any more. */
  readonly atRest: boolean;
  readonly orders: ReadonlyMap<string, OrderFacts>;
  readonly idempotencyKeys: readonly IdempotencyKeyFacts[];
  readonly sagas: ReadonlyMap<string, readonly SagaFacts[]>;
  readonly stock: readonly StockFacts[];
  readonly reservations: ReadonlyMap<string, ReservationFacts>;
  readonly payments: ReadonlyMap<string, PaymentFacts>;
  readonly ledger: ReadonlyMap<string, LedgerFacts>;
  readonly shipments: ReadonlyMap<string, ShipmentFacts>;
  /**
   * By payment intent, which has the order's id; those without one under their own. Undefined where the provider has no ledger
   * that could be read (Stripe): what it keeps is then not judged.
   */
  readonly provider: ReadonlyMap<string, readonly ProviderFacts[]> | undefined;
  /** By Kafka key (an order's id or a SKU); each topic's in the order of its offsets. */
  readonly messages: ReadonlyMap<string, readonly MessageFacts[]>;
  /** Of messages that are in Kafka too, and of orders that are not examined or of no key at all. */
  readonly otherMessageIds: ReadonlySet<string>;
  /** From when on Kafka certainly still has everything, by its timestamps; undefined when it holds nothing. */
  readonly kafkaCompleteSince: number | undefined;
  readonly inboxes: ReadonlyMap<ServiceName, ReadonlySet<string>>;
  /** Logs that a service found to be another than the one it had read: cut, or begun anew. */
  readonly logResets: readonly LogResetFacts[];
  /** What the services have committed and Kafka has not acknowledged, the oldest of each service. */
  readonly outbox: readonly OutboxFacts[];
  readonly parked: readonly ParkedFacts[];
}

export interface LogResetFacts {
  readonly service: ServiceName;
  readonly topic: string;
  readonly partition: number;
  readonly times: number;
  readonly lastAt: number;
}

export interface OrderFacts {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly total: number;
  readonly items: readonly Line[];
  readonly createdAt: number;
}

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export interface IdempotencyKeyFacts {
  readonly key: string;
  /** Of the answer that was given. */
  readonly orderId: string;
  readonly total: number;
  readonly createdAt: number;
}

export interface SagaFacts {
  readonly id: string;
  readonly type: string;
  readonly orderId: string;
  readonly status: string;
  readonly startedAt: number;
  readonly stuckBecause: string | undefined;
  readonly awaiting: { readonly step: string; readonly direction: string } | undefined;
  readonly steps: readonly StepFacts[];
  /** What wakes it if nothing happens; undefined when it has no timer. */
  readonly timer: TimerFacts | undefined;
  /** Why the orchestrator cannot move it at all; undefined when it can, or could not be asked. */
  readonly blockedBecause: string | undefined;
  /** Who gave it up, and why; undefined when nobody did. */
  readonly givenUp: { readonly by: string; readonly reason: string } | undefined;
  /** What operators declared done by hand. */
  readonly skipped: readonly SkippedStep[];
}

export interface SkippedStep {
  readonly by: string;
  readonly reason: string;
  readonly step: string;
  readonly direction: string;
}

export interface TimerFacts {
  readonly dueAt: number;
  /** How often firing it failed. */
  readonly failures: number;
}

export interface StepFacts {
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly armed: boolean;
  readonly sentAt?: number;
  readonly answeredAt?: number;
  readonly undo?: { readonly sentAt: number; readonly answeredAt?: number };
}

export interface StockFacts {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  /** The sum of its adjustments, the first stock included. */
  readonly adjusted: number;
  /** What reservations hold of it. */
  readonly held: number;
}

export interface ReservationFacts {
  readonly orderId: string;
  readonly status: string;
  readonly items: readonly Line[];
}

export interface PaymentFacts {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
}

/** What the payment service has written down of one payment intent. */
export interface LedgerFacts {
  readonly paymentIntentId: string;
  readonly currency: string;
  readonly captures: number;
  readonly refunds: number;
  readonly captured: number;
  readonly refunded: number;
  /** Both sides together: zero, or it is not double-entry. */
  readonly balance: number;
}

export interface ShipmentFacts {
  readonly orderId: string;
  readonly status: string;
  readonly items: readonly Line[];
}

/** One payment at the provider. */
export interface ProviderFacts {
  readonly reference: string;
  readonly orderId: string | undefined;
  readonly currency: string;
  readonly captured: number;
  readonly refunded: number;
}

export interface MessagePosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface MessageFacts extends MessagePosition {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly sagaId: string | undefined;
  readonly causationId: string | undefined;
  readonly commandId: string | undefined;
  /** Set on an event that tells a change; an event that only repeats an answer has none. */
  readonly aggregateVersion: number | undefined;
  /** When it was sent to Kafka. */
  readonly sentAt: number;
}

export interface OutboxFacts {
  readonly service: ServiceName;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly createdAt: number;
  /** What Kafka said when it refused this message; null when it did not. */
  readonly refusedFor: string | null;
  /** The refused message of its key, itself or an earlier one. */
  readonly heldBehind: string | null;
}

export interface ParkedFacts extends MessagePosition {
  readonly service: ServiceName;
  readonly id: string;
  readonly state: string;
  readonly key: string;
  readonly type: string | undefined;
  readonly cause: string;
  /** Not kept whole. */
  readonly cut: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  readonly changedAt: number;
}

/** Of an id that a service made (RFC 9562 UUIDv7): when; undefined for other ids. */
export function bornAt(id: string): number | undefined {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/i.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

/** An order that was accepted a moment ago may be in one database and, for the moment of its commit, not yet visible in another. */
const COMMIT_WITHIN_MS = 10_000;

/** True for what belongs to an order too new to be judged. */
export function tooNew({ takenAt, atRest }: Evidence, orderId: string): boolean {
  const born = bornAt(orderId);
  return born !== undefined && born > takenAt - (atRest ? 0 : COMMIT_WITHIN_MS);
}

/** An order that is still on its way: what it has may change at any moment. Its end is {@link Evidence}'s to judge, not its state. */
export const underWay = ({ orders }: Evidence, orderId: string): boolean => {
  const status = orders.get(orderId)?.status;
  return status !== undefined && status !== 'CONFIRMED' && status !== 'REJECTED' && status !== 'CANCELLED';
};
