/** Why no money was taken. The reason is for programs, the message for people. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
}

/** The charge is requested; its outcome is unknown. The amount is fixed from here on. */
export interface ChargeRequested {
  readonly status: 'CHARGE_REQUESTED';
  /** Kept until the outcome is known. */
  readonly paymentMethod: string;
  /** The compensation came before the outcome of the charge was known: a captured charge is refunded. */
  readonly refundWanted: boolean;
  /** Why the outcome is still unknown after the last call. */
  readonly problem?: string;
}
export interface Charged {
  readonly status: 'CHARGED';
  /** The provider's id of the payment; null when the amount was zero. */
  readonly providerReference: string | null;
}
export interface ChargeFailed {
  readonly status: 'CHARGE_FAILED';
  readonly failure: Failure;
}
export interface RefundRequested {
  readonly status: 'REFUND_REQUESTED';
  readonly providerReference: string;
  readonly problem?: string;
}
export interface Refunded {
  readonly status: 'REFUNDED';
  readonly providerReference: string | null;
}
/** The compensation came first: nothing was charged, and nothing ever will be. */
export interface Voided {
  readonly status: 'VOIDED';
}

export type PaymentState = ChargeRequested | Charged | ChargeFailed | RefundRequested | Refunded | Voided;
export type PaymentStatus = PaymentState['status'];

/** The provider's definite answer. Without one the outcome is unknown: see `OutcomeUnknownError`. */
export type ProviderOutcome =
  | { readonly kind: 'captured'; readonly providerReference: string }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'refunded'; readonly providerReference: string };

/** The provider's answer contradicts its earlier one. Nothing is stored; a person must look. */
export class ContradictoryOutcomeError extends Error {
  override readonly name = 'ContradictoryOutcomeError';
  constructor(
    readonly state: PaymentState,
    readonly outcome: ProviderOutcome,
  ) {
    super(`the provider says ${outcome.kind}, but the payment is ${state.status}`);
  }
}

/** States in which the provider must be called. */
export const isPending = (state: PaymentState): state is ChargeRequested | RefundRequested =>
  state.status === 'CHARGE_REQUESTED' || state.status === 'REFUND_REQUESTED';

/** Requests a charge. The provider refuses zero amounts, so a charge of zero counts as paid. */
export const requestCharge = (amount: number, paymentMethod: string): ChargeRequested | Charged =>
  amount === 0
    ? { status: 'CHARGED', providerReference: null }
    : { status: 'CHARGE_REQUESTED', paymentMethod, refundWanted: false };

/**
 * Requests the compensation. It is accepted in every state, also before the charge or without one.
 * @returns the state itself when nothing changes
 */
export function requestRefund(state: PaymentState | undefined): Exclude<PaymentState, Charged> {
  if (!state) return { status: 'VOIDED' };
  switch (state.status) {
    case 'CHARGE_REQUESTED':
      return state.refundWanted ? state : { ...state, refundWanted: true };
    case 'CHARGED': {
      const { providerReference } = state;
      return providerReference === null
        ? { status: 'REFUNDED', providerReference }
        : { status: 'REFUND_REQUESTED', providerReference };
    }
    case 'CHARGE_FAILED':
    case 'REFUND_REQUESTED':
    case 'REFUNDED':
    case 'VOIDED':
      return state;
  }
}

/**
 * Stores the provider's outcome. Several workers may bring it, twice and in any order: by the idempotency key all of them see one outcome.
 * @returns the state itself when that outcome is stored already
 * @throws ContradictoryOutcomeError
 */
export function settle(state: PaymentState, outcome: ProviderOutcome): PaymentState {
  switch (outcome.kind) {
    case 'captured':
      return settleCaptured(state, outcome);
    case 'refused':
      if (state.status === 'CHARGE_REQUESTED') return { status: 'CHARGE_FAILED', failure: outcome.failure };
      if (state.status === 'CHARGE_FAILED') return state;
      throw new ContradictoryOutcomeError(state, outcome);
    case 'refunded': {
      const { providerReference } = outcome;
      if (
        !('providerReference' in state) ||
        state.providerReference !== providerReference ||
        state.status === 'CHARGED'
      ) {
        throw new ContradictoryOutcomeError(state, outcome);
      }
      return state.status === 'REFUNDED' ? state : { status: 'REFUNDED', providerReference };
    }
  }
}

function settleCaptured(state: PaymentState, outcome: ProviderOutcome & { kind: 'captured' }): PaymentState {
  const { providerReference } = outcome;
  if (state.status === 'CHARGE_REQUESTED') {
    return { status: state.refundWanted ? 'REFUND_REQUESTED' : 'CHARGED', providerReference };
  }
  // Another reference would be a second capture of the payment.
  if ('providerReference' in state && state.providerReference === providerReference) return state;
  throw new ContradictoryOutcomeError(state, outcome);
}
