import type { ServiceName } from '@backstep/contracts';

/**
 * The evidence: plain data, gathered once, so that every invariant is a pure function over it.
 * All amounts are minor units, all times milliseconds since 1970, all maps by order id unless said otherwise.
 */
export interface Evidence {
  /** Later changes are not examined. */
  readonly takenAt: number;
  /** Whether the system was at rest. */
  readonly atRest: boolean;
  readonly orders: ReadonlyMap<string, OrderFacts>;
  /** Of each order that was revised, the oldest first. */
  readonly revisions: ReadonlyMap<string, readonly RevisionFacts[]>;
  readonly idempotencyKeys: readonly IdempotencyKeyFacts[];
  readonly sagas: ReadonlyMap<string, readonly SagaFacts[]>;
  readonly stock: readonly StockFacts[];
  readonly reservations: ReadonlyMap<string, ReservationFacts>;
  readonly payments: ReadonlyMap<string, PaymentFacts>;
  readonly ledger: ReadonlyMap<string, LedgerFacts>;
  /** All of them, whatever orders are examined. */
  readonly accounts: readonly AccountFacts[];
  /** Movements of the ledger that are no payment's and do not add up to zero. */
  readonly unbalanced: readonly { readonly transactionId: string; readonly sum: number }[];
  /** Transfers whose entries in the ledger are not those of their outcome, whatever orders are examined. */
  readonly misbooked: readonly MisbookedTransfer[];
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
  /** Since when Kafka certainly has all messages, by its timestamps; undefined when it has none. */
  readonly kafkaCompleteSince: number | undefined;
  readonly inboxes: ReadonlyMap<ServiceName, ReadonlySet<string>>;
  /** Logs that a service found cut or replaced. */
  readonly logResets: readonly LogResetFacts[];
  /** Messages that the services have committed and Kafka has not acknowledged, the oldest of each service. */
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
  /** The change that holds the order. */
  readonly change?: ChangeFacts | undefined;
  /** How its latest cancellation ended. */
  readonly cancellation?: CancellationFacts | undefined;
}

export interface ChangeFacts {
  readonly kind: string;
  readonly id: string;
  readonly since: number;
  /** The status that the change met: PENDING or CONFIRMED. */
  readonly from: string;
}

export interface CancellationFacts {
  readonly id: string;
  readonly from: string;
  readonly refused: boolean;
}

export interface RevisionFacts {
  readonly id: string;
  readonly orderId: string;
  readonly status: string;
  readonly total: number;
  readonly items: readonly Line[];
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
  /** The timer of the saga; undefined when it has none. */
  readonly timer: TimerFacts | undefined;
  /** Why the orchestrator cannot move the saga at all; undefined when it can, or did not answer. */
  readonly blockedBecause: string | undefined;
  /** The operator who abandoned the saga, and why; undefined when none did. */
  readonly givenUp: { readonly by: string; readonly reason: string } | undefined;
  /** Steps that operators have skipped. */
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
  /** The quantity that reservations hold. */
  readonly held: number;
  /** The quantity that has left the house. */
  readonly shipped: number;
}

export interface ReservationFacts {
  readonly orderId: string;
  readonly status: string;
  /** Those that it holds; once they have left the house, those that have left. */
  readonly items: readonly Line[];
}

export interface PaymentFacts {
  readonly id: string;
  /** Of an order, whose id it has; else it stands for itself. */
  readonly forOrder: boolean;
  readonly status: string;
  /** Of its first charge. */
  readonly amount: number;
  readonly currency: string;
  /** What its row says of all its charges together. */
  readonly captured: number;
  readonly refunded: number;
  /** It was charged once, and given back whole or not at all. */
  readonly isOrdinary: boolean;
}

/** The ledger of the payment service for one payment intent. */
export interface LedgerFacts {
  readonly paymentIntentId: string;
  readonly currency: string;
  readonly captures: number;
  readonly refunds: number;
  readonly captured: number;
  readonly refunded: number;
  /** The sum of both sides: zero in double-entry bookkeeping. */
  readonly balance: number;
}

/** An account of the payment service, with what the ledger says of it. */
export interface AccountFacts {
  readonly id: string;
  readonly balance: number;
  readonly overdraftLimit: number;
  readonly version: number;
  /** What its entries add up to, credits less debits. */
  readonly added: number;
  readonly entries: number;
  /** How many different versions of the account its entries have made. */
  readonly versions: number;
  /** 0: it has no entry. */
  readonly lastVersion: number;
}

/** An APPLIED transfer has a pair of entries, of its accounts and its amount; a REJECTED one has none. This one has others. */
export interface MisbookedTransfer {
  readonly id: string;
  /** null: there are entries, and no such transfer. */
  readonly status: 'APPLIED' | 'REJECTED' | null;
  /** The account that pays; null: there is no such transfer. */
  readonly from: string | null;
  readonly entries: number;
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
  /** undefined: the first charge of its payment. */
  readonly chargeId?: string | undefined;
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
  /** Set on an event about a change; an event that repeats an answer has none. */
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

/** An order that was just accepted may be visible in one database and not yet in another. */
const COMMIT_WITHIN_MS = 10_000;

/** True for what belongs to an order too new to be judged. */
export function tooNew({ takenAt, atRest }: Evidence, orderId: string): boolean {
  const born = bornAt(orderId);
  return born !== undefined && born > takenAt - (atRest ? 0 : COMMIT_WITHIN_MS);
}

/** Whether an order has not ended: its parts may change at any moment, so they are not judged. */
export const underWay = ({ orders }: Evidence, orderId: string): boolean => {
  const status = orders.get(orderId)?.status;
  return status !== undefined && status !== 'CONFIRMED' && status !== 'REJECTED' && status !== 'CANCELLED';
};
