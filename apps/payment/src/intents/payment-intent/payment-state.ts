/** Why no money was taken. The reason is for programs, the message for people. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
}

/** What a later answer must carry of its command. */
export interface AskedBy {
  /** The command's message id. */
  readonly id: string;
  readonly sagaId?: string | undefined;
  readonly commandId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** What was captured at once, and how much of it was given back. */
export interface Charge {
  /** Of the first charge: the id of its payment. */
  readonly chargeId: string;
  /** Minor units. */
  readonly amount: number;
  /** The provider's id of it; null when the amount was zero. */
  readonly providerReference: string | null;
  readonly refunded: number;
}

/** A charge beyond the first that has taken nothing, and never will. */
export interface NotCharged {
  readonly chargeId: string;
  readonly failure: Failure;
}

/** An amount that was given back, whichever charges it came from. */
export interface MadeRefund {
  readonly refundId: string;
  readonly amount: number;
  /** Set when less was left than was wanted. */
  readonly wanted?: number;
}

/** What a refund is of: of all that is left, of one charge (its compensation), or of an amount. */
export type RefundOf =
  | { readonly kind: 'all' }
  | { readonly kind: 'charge'; readonly chargeId: string }
  | { readonly kind: 'amount'; readonly refundId: string; readonly amount: number };

/** What a command wants of a payment that is there. */
export type Wanted =
  | {
      readonly kind: 'charge';
      readonly chargeId: string;
      readonly amount: number;
      readonly paymentMethod: string;
      /** null: nobody waits for an answer. */
      readonly by: AskedBy | null;
    }
  | { readonly kind: 'refund'; readonly of: RefundOf; readonly by: AskedBy | null };

/** What one charge gives back to a refund: one call to the provider. */
export interface Part {
  readonly chargeId: string;
  readonly amount: number;
}

/**
 * What a payment with more than one movement remembers. The ordinary payment has none of it: its one charge is told by the payment's id and
 * amount and by the provider's reference, and goes back whole or not at all.
 */
export interface Movements {
  /** All that were captured, the oldest first. */
  readonly charges?: readonly Charge[];
  readonly notCharged?: readonly NotCharged[];
  readonly refunds?: readonly MadeRefund[];
}

/** What a payment has while the provider is called for it: one call at a time. */
interface Running extends Movements {
  /** Why the outcome is still unknown after the last call. */
  readonly problem?: string;
  /** When the call was first due, milliseconds since 1970, by the clock of who asked; absent: when the payment was made. */
  readonly since?: number;
  /** Commands that came meanwhile, in the order in which they came. */
  readonly waiting?: readonly Wanted[];
}

/** An intent that is free to change: nothing is asked of the provider yet. */
export interface Created {
  readonly status: 'CREATED';
  readonly paymentMethod: string | null;
}
/** An intent that was given up before it was charged. */
export interface Cancelled {
  readonly status: 'CANCELLED';
}
/** The charge is requested; its outcome is unknown. The amount is fixed from here on: this state is the semantic lock. */
export interface ChargeRequested extends Running {
  readonly status: 'CHARGE_REQUESTED';
  /** Kept until the outcome is known. */
  readonly paymentMethod: string;
  /** The compensation of all came before the outcome of the first charge was known: a captured charge is refunded. */
  readonly refundWanted: boolean;
  /** A charge beyond the first; absent: the first. */
  readonly charge?: { readonly chargeId: string; readonly amount: number };
}
export interface Charged extends Movements {
  readonly status: 'CHARGED';
  /** The provider's id of the first charge; null when the amount was zero. */
  readonly providerReference: string | null;
}
export interface ChargeFailed {
  readonly status: 'CHARGE_FAILED';
  readonly failure: Failure;
}
export interface RefundRequested extends Running {
  readonly status: 'REFUND_REQUESTED';
  readonly providerReference: string | null;
  /** Absent: the only charge is given back whole. */
  readonly refund?: RunningRefund;
}
export interface RunningRefund {
  readonly of: RefundOf;
  /** What is left to do; the first is what the provider is asked for now. */
  readonly parts: readonly [Part, ...Part[]];
}
/** Nothing is left. */
export interface Refunded extends Movements {
  readonly status: 'REFUNDED';
  readonly providerReference: string | null;
  /** Amounts have added up to all that was captured, and a further charge may come. Absent: it was compensated, and none may. */
  readonly open?: true;
}
/** The compensation came first: nothing was charged, and nothing ever will be. */
export interface Voided {
  readonly status: 'VOIDED';
}

export type PaymentState =
  Created | Cancelled | ChargeRequested | Charged | ChargeFailed | RefundRequested | Refunded | Voided;
export type PaymentStatus = PaymentState['status'];

/** States in which the provider must be called. */
export const isPending = (state: PaymentState): state is ChargeRequested | RefundRequested =>
  state.status === 'CHARGE_REQUESTED' || state.status === 'REFUND_REQUESTED';

/** Money was taken and may be given back; a further charge may come. */
export const isOpen = (state: PaymentState): state is Charged | Refunded =>
  state.status === 'CHARGED' || (state.status === 'REFUNDED' && state.open === true);

/** What the rules must know of a payment. */
export interface Payment {
  readonly id: string;
  /** Of the first charge, minor units. */
  readonly amount: number;
  readonly state: PaymentState;
}
