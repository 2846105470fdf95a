import { allLeftOf, chargesOf, movementsOf, partsOf } from './charges.rules.js';
import {
  isOpen,
  isPending,
  type Charge,
  type Charged,
  type ChargeRequested,
  type Failure,
  type Movements,
  type Payment,
  type PaymentState,
  type Refunded,
  type RefundRequested,
  type Wanted,
} from './payment-state.js';
import { isRunningCharge, runningChargeId } from './provider-calls.js';
import { CHARGES_MAX, sinceOf, withAmount, withoutCharge } from './remembered.js';
import { isKnown } from './what-is-known.js';

export { CHARGES_MAX } from './remembered.js';
export * from './settle.rules.js';
export * from './payment-state.js';

/** Refunds of amounts of one payment. One more is parked. */
export const REFUNDS_MAX = 100;
/** Commands that wait behind a running one. One more is parked. */
export const WAITING_MAX = 16;

export const REFUNDED_FIRST: Failure = {
  reason: 'refunded_first',
  message: 'The payment was refunded before it was asked for.',
};
export const TOO_MANY_CHARGES: Failure = {
  reason: 'too_many_charges',
  message: 'The payment has been changed too often to be charged once more.',
};

/** More is wanted of one payment than it remembers. The command is parked until a person has looked. */
export class TooMuchWantedError extends Error {
  override readonly name = 'TooMuchWantedError';
  readonly parkedAs = 'too_much_wanted';
}

/** Requests the first charge. The provider refuses zero amounts, so a charge of zero counts as paid. */
export const requestCharge = (amount: number, paymentMethod: string): ChargeRequested | Charged =>
  amount === 0
    ? { status: 'CHARGED', providerReference: null }
    : { status: 'CHARGE_REQUESTED', paymentMethod, refundWanted: false };

/**
 * Requests a further charge, or a refund. While the provider is called for the payment, it waits. A compensation is accepted in every state, also
 * before its charge or without one.
 * @param now milliseconds since 1970
 * @returns the state itself when nothing changes: it is known already, and is answered from the state or when its call has ended
 * @throws TooMuchWantedError
 */
export function request(payment: Payment, wanted: Wanted, now: number): PaymentState {
  const { state } = payment;
  if (isKnown(payment, wanted)) return state;
  if (wanted.kind === 'refund') {
    const { of } = wanted;
    if (of.kind === 'charge' && !isCharged(payment, of.chargeId))
      return withoutCharge(state, of.chargeId, REFUNDED_FIRST);
    if (of.kind === 'amount') refuseMoreRefunds(state);
    if (of.kind === 'all' && isRunningCharge(payment, payment.id))
      return { ...state, refundWanted: true } as ChargeRequested;
  }
  return isPending(state) ? waits(state, wanted) : begin(payment, wanted, now);
}

/** Begins what was wanted: the provider is called for nothing else. */
function begin(payment: Payment, wanted: Wanted, now: number): PaymentState {
  const { state } = payment;
  if (!isOpen(state)) return state;
  const charges = chargesOf(payment);
  if (wanted.kind === 'charge') return beginCharge(state, charges, wanted, now);
  const { of } = wanted;
  switch (of.kind) {
    case 'all': {
      const { providerReference } = state;
      if (allLeftOf(charges) === 0) return { status: 'REFUNDED', providerReference, ...movementsOf(state) };
      if (state.charges === undefined) return { status: 'REFUND_REQUESTED', providerReference, ...movementsOf(state) };
      return beginRefund(state, charges, wanted, allLeftOf(charges), now);
    }
    case 'charge': {
      const only = charges.filter(({ chargeId }) => chargeId === of.chargeId);
      return beginRefund(state, only, wanted, allLeftOf(only), now, charges);
    }
    case 'amount': {
      const given = Math.min(of.amount, allLeftOf(charges));
      if (given === 0) return { ...state, refunds: withAmount(state.refunds ?? [], of, 0) };
      return beginRefund(state, charges, wanted, given, now);
    }
  }
}

function beginCharge(
  state: Charged | Refunded,
  charges: readonly Charge[],
  { chargeId, amount, paymentMethod }: Extract<Wanted, { kind: 'charge' }>,
  now: number,
): PaymentState {
  const movements = { ...movementsOf(state), charges };
  if (charges.length + (state.notCharged?.length ?? 0) >= CHARGES_MAX) return state;
  if (amount === 0) {
    return { ...state, charges: [...charges, { chargeId, amount, providerReference: null, refunded: 0 }] };
  }
  const charge = { chargeId, amount };
  return { status: 'CHARGE_REQUESTED', paymentMethod, refundWanted: false, charge, since: now, ...movements };
}

/** @param from the charges that give */
function beginRefund(
  state: Charged | Refunded,
  from: readonly Charge[],
  { of }: Extract<Wanted, { kind: 'refund' }>,
  amount: number,
  now: number,
  charges = from,
): PaymentState {
  const [first, ...rest] = partsOf(from, amount);
  if (!first) return state;
  const { providerReference } = state;
  return {
    status: 'REFUND_REQUESTED',
    providerReference,
    refund: { of, parts: [first, ...rest] },
    ...sinceOf(charges, first, now),
    ...movementsOf(state),
    charges,
  };
}

/** What is left of the waiting after a call has ended. */
export interface CarriedOn {
  readonly state: PaymentState;
  /** What the provider is called for now; undefined: nothing. */
  readonly begun: Wanted | undefined;
  /** What could be answered at once, each with the state that answers it. */
  readonly answered: readonly { readonly wanted: Wanted; readonly state: PaymentState }[];
}

/** Goes on with what waits: answers what needs no call, and begins the first that needs one. */
export function carryOn(payment: Payment, waiting: readonly Wanted[], now: number): CarriedOn {
  let { state } = payment;
  let begun: Wanted | undefined;
  const answered: { wanted: Wanted; state: PaymentState }[] = [];
  for (const [at, wanted] of waiting.entries()) {
    if (isPending(state)) return { state: { ...state, waiting: waiting.slice(at) }, begun, answered };
    state = request({ ...payment, state }, wanted, now);
    if (isPending(state)) begun = wanted;
    else answered.push({ wanted, state });
  }
  return { state, begun, answered };
}

/** Whether the charge was made, or is to be: then its compensation must wait for it. */
function isCharged(payment: Payment, chargeId: string): boolean {
  const { state } = payment;
  const waiting = 'waiting' in state ? (state.waiting ?? []) : [];
  return (
    runningChargeId(payment) === chargeId ||
    chargesOf(payment).some((charge) => charge.chargeId === chargeId) ||
    waiting.some((wanted) => wanted.kind === 'charge' && wanted.chargeId === chargeId)
  );
}

function waits<S extends ChargeRequested | RefundRequested>(state: S, wanted: Wanted): S {
  const { waiting = [] } = state;
  if (waiting.length >= WAITING_MAX) throw new TooMuchWantedError(`${WAITING_MAX} commands wait behind a running one`);
  return { ...state, waiting: [...waiting, wanted] };
}

function refuseMoreRefunds(state: PaymentState): void {
  const { refunds = [] } = state as Movements;
  const { waiting = [] } = state as ChargeRequested;
  if (refunds.length + waiting.length >= REFUNDS_MAX) {
    throw new TooMuchWantedError(`amounts were given back ${REFUNDS_MAX} times`);
  }
}
