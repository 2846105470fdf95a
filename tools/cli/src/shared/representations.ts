/** What the gateway's API tells, as far as it is shown. `--json` prints the API's answer itself, with all it has. */

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface Order {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly currency: string;
  /** Minor units, like all amounts. */
  readonly total: number;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[];
  readonly shippingAddress: Readonly<Record<'name' | 'line1' | 'city' | 'postalCode' | 'country', string>>;
  readonly createdAt: string;
  readonly failure: Failure | null;
  /** The change that holds the order. */
  readonly change: { readonly kind: string; readonly id: string; readonly since: string } | null;
  /** How its latest cancellation ended; `refusal` is null when the order is cancelled. */
  /** The latest revision. */
  readonly revision: { readonly id: string; readonly status: string; readonly failure: Failure | null } | null;
  readonly cancellation: { readonly id: string; readonly endedAt: string; readonly refusal: Failure | null } | null;
}

export interface OrderWithSaga extends Order {
  /** The one that places the order. */
  readonly saga: Saga | null;
  /** All of them, the first begun first; null when the orchestrator does not answer. */
  readonly sagas: readonly Saga[] | null;
}

export interface SagaSummary {
  readonly id: string;
  readonly type: string;
  readonly orderId: string;
  readonly state: string;
  readonly version: number;
  readonly definitionVersion: number;
  readonly failure: Failure | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface SagaStep {
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly sentAt: string | null;
  readonly answeredAt: string | null;
  /** The operator who declared it done by hand. */
  readonly skippedBy: string | null;
  readonly undo: {
    readonly attempts: number;
    readonly sentAt: string | null;
    readonly answeredAt: string | null;
    readonly skippedBy: string | null;
  } | null;
}

export interface Saga extends SagaSummary {
  readonly deadlineAt: string | null;
  readonly stuckBecause: string | null;
  readonly awaiting: {
    readonly step: string;
    readonly direction: 'forward' | 'undo';
    readonly commandId: string;
    readonly attempts: number;
    readonly dueAt: string | null;
  } | null;
  readonly steps: readonly SagaStep[];
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  readonly price: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly version: number;
}

export interface Shipment {
  readonly id: string;
  readonly orderId: string;
  readonly status: string;
  readonly trackingNumber: string | null;
  readonly reason: string | null;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly country: string | null;
  readonly history: readonly { readonly status: string; readonly at: string }[];
  readonly version: number;
}

/** A message as it lies in Kafka. */
export interface OrderMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
  readonly unreadable?: { readonly cause: string; readonly error: string };
}

export interface ParkedMessage {
  readonly id: string;
  readonly service: string;
  readonly state: string;
  readonly version: number;
  /** How many wait behind it. */
  readonly held: number;
  /** What it waits behind, when it does. */
  readonly behind: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly type: string | null;
  /** Not kept whole: it can be discarded, not replayed. */
  readonly cut: boolean;
  readonly sizeBytes: number | null;
  readonly cause: string;
  readonly error: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

/** Why a key is taken as it is. */
export interface ContentionReason {
  readonly rule: 'conflicts' | 'time_over' | 'calm' | 'unwanted' | 'crowded_out';
  readonly measured: number;
  readonly threshold: number;
  readonly attempts: number | null;
}

/** What the writes of each service lose to each other. */
export interface Contention {
  readonly services: readonly {
    readonly service: string;
    readonly status: 'idle' | 'normal' | 'elevated' | 'high';
    readonly instances: number;
    readonly attempts: number;
    readonly ratio: number;
    readonly entities: readonly {
      readonly entity: string;
      readonly attempts: number;
      readonly deadlocks: number;
      readonly lockWaitMs: number;
      readonly ratio: number;
      readonly burstRatio: number;
      readonly class: string;
    }[];
    readonly hottest: readonly {
      readonly entity: string;
      readonly key: string;
      readonly strategy: string;
      readonly forMs: number;
      readonly share: number | null;
      readonly why: ContentionReason | null;
    }[];
  }[];
  readonly unreachable: readonly string[];
}

/** How a key is taken, and what was decided about it in the last hour. */
export interface KeyContention {
  readonly service: string;
  readonly entity: string;
  readonly key: string;
  readonly declared: {
    readonly strategy: string;
    readonly enter: number | null;
    readonly leave: number | null;
  };
  readonly hot: {
    readonly strategy: string;
    readonly since: string;
    readonly why: ContentionReason | null;
    readonly attempts: number;
    readonly lost: number;
  } | null;
  readonly items: readonly {
    readonly at: string;
    readonly from: string;
    readonly to: string;
    readonly why: ContentionReason;
  }[];
}

export interface Account {
  readonly id: string;
  readonly currency: string;
  /** Minor units, below zero when overdrawn. */
  readonly balance: number;
  readonly overdraftLimit: number;
  readonly version: number;
}

export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly status: 'QUEUED' | 'APPLIED' | 'REJECTED';
  readonly reason: string | null;
}
