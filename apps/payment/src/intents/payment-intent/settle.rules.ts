import { afterPart, capturedBy, chargesOf, leftOf, movementsOf } from './charges.rules.js';
import type {
  Charge,
  Charged,
  ChargeRequested,
  Failure,
  Movements,
  Payment,
  PaymentState,
  Refunded,
  RefundRequested,
} from './payment-state.js';
import { isRunningCharge, partKey, wholeRefundKey } from './provider-calls.js';
import { sinceOf, withAmount, withoutCharge } from './remembered.js';

/** The provider's definite answer. Without one the outcome is unknown: see `OutcomeUnknownError`. */
export type ProviderOutcome =
  | {
      readonly kind: 'captured';
      readonly providerReference: string;
      /** Absent: the first charge of its payment. */
      readonly chargeId?: string | undefined;
    }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly chargeId?: string | undefined }
  | {
      readonly kind: 'refunded';
      readonly providerReference: string;
      /** The idempotency key of the refund; absent: of the whole of the only charge. */
      readonly key?: string | undefined;
    };

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

/**
 * Stores the provider's outcome. Several workers may bring it, twice and in any order: by the idempotency key all of them see one outcome.
 * What waits behind the call that has ended is not in the new state: see `carryOn`.
 * @param now milliseconds since 1970
 * @returns the state itself when that outcome is stored already
 * @throws ContradictoryOutcomeError
 */
export function settle(payment: Payment, outcome: ProviderOutcome, now: number): PaymentState {
  switch (outcome.kind) {
    case 'captured':
      return settleCaptured(payment, outcome);
    case 'refused':
      return settleRefused(payment, outcome);
    case 'refunded':
      return settleRefunded(payment, outcome, now);
  }
}

function settleCaptured(payment: Payment, outcome: ProviderOutcome & { kind: 'captured' }): PaymentState {
  const { state } = payment;
  const { providerReference, chargeId = payment.id } = outcome;
  if (isRunningCharge(payment, chargeId)) {
    const { charge } = state as ChargeRequested;
    if (charge === undefined) return withMovements({ status: 'CHARGED', providerReference }, state);
    const captured = { ...charge, providerReference, refunded: 0 };
    return atRest({ ...movementsOf(state), charges: [...chargesOf(payment), captured] });
  }
  // Another reference would be a second capture of the same charge.
  const known = chargesOf(payment).find((charge) => charge.chargeId === chargeId);
  if (known?.providerReference === providerReference) return state;
  throw new ContradictoryOutcomeError(state, outcome);
}

function settleRefused(payment: Payment, outcome: ProviderOutcome & { kind: 'refused' }): PaymentState {
  const { state } = payment;
  const { failure, chargeId = payment.id } = outcome;
  if (isRunningCharge(payment, chargeId)) {
    if (chargeId === payment.id) return { status: 'CHARGE_FAILED', failure };
    return atRest(movementsOf(withoutCharge(state, chargeId, failure)));
  }
  const isStored =
    chargeId === payment.id
      ? state.status === 'CHARGE_FAILED'
      : (state as Movements).notCharged?.some((one) => one.chargeId === chargeId) === true;
  if (isStored) return state;
  throw new ContradictoryOutcomeError(state, outcome);
}

function settleRefunded(payment: Payment, outcome: ProviderOutcome & { kind: 'refunded' }, now: number): PaymentState {
  const { state } = payment;
  const { providerReference, key = wholeRefundKey(payment.id) } = outcome;
  const charges = chargesOf(payment);
  // Several where an account of ours has paid: it is the reference of each charge.
  const from = charges.filter((charge) => charge.providerReference === providerReference);
  if (state.status === 'REFUND_REQUESTED' && from.length > 0) {
    const { refund } = state;
    if (!refund) {
      if (key !== wholeRefundKey(payment.id)) throw new ContradictoryOutcomeError(state, outcome);
      return withMovements({ status: 'REFUNDED', providerReference }, state);
    }
    const [part] = refund.parts;
    if (from.some(({ chargeId }) => chargeId === part.chargeId) && key === partKey(payment.id, refund.of, part)) {
      return afterFirstPart(state, charges, refund, now);
    }
  }
  // What gave nothing back was never asked for.
  if (from.some(({ refunded }) => refunded > 0)) return state;
  throw new ContradictoryOutcomeError(state, outcome);
}

function afterFirstPart(
  state: RefundRequested,
  before: readonly Charge[],
  { of, parts: [part, next, ...rest] }: NonNullable<RefundRequested['refund']>,
  now: number,
): PaymentState {
  const charges = afterPart(before, part);
  const { providerReference } = state;
  const refunds = of.kind === 'amount' ? { refunds: withAmount(state.refunds ?? [], of, part.amount) } : {};
  const movements = { ...movementsOf(state), charges, ...refunds };
  if (next) {
    const refund = { of, parts: [next, ...rest] } as const;
    return { status: 'REFUND_REQUESTED', providerReference, refund, ...sinceOf(charges, next, now), ...movements };
  }
  return of.kind === 'all' ? { status: 'REFUNDED', providerReference, ...movements } : atRest(movements);
}

/** Between two movements: given back as a whole by amounts, or with something left. */
function atRest(movements: Movements): PaymentState {
  const { charges = [] } = movements;
  const providerReference = charges[0]?.providerReference ?? null;
  return capturedBy(charges) > 0 && charges.every((charge) => leftOf(charge) === 0)
    ? { status: 'REFUNDED', providerReference, open: true, ...movements }
    : { status: 'CHARGED', providerReference, ...movements };
}

function withMovements(state: Charged | Refunded, before: PaymentState): PaymentState {
  const { charges, notCharged, refunds } = before as Movements;
  return charges || notCharged || refunds ? { ...state, ...movementsOf(before) } : state;
}
