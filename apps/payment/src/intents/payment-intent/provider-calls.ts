import { chargesOf, leftOf } from './charges.rules.js';
import type { Part, Payment, RefundOf, RefundRequested } from './payment-state.js';

/** One request to the provider. Its key is the same each time it is made, so that it is carried out once. */
export type ProviderCall =
  | {
      readonly kind: 'charge';
      readonly key: string;
      /** Absent: the first charge. */
      readonly chargeId: string | undefined;
      readonly amount: number;
      readonly paymentMethod: string;
    }
  | {
      readonly kind: 'refund';
      readonly key: string;
      readonly providerReference: string;
      readonly amount: number;
      /** The provider is asked for all that the charge has, without an amount. */
      readonly isWhole: boolean;
      /** Nothing of the charge is left afterwards: a provider that says so already has carried it out. */
      readonly takesRest: boolean;
    };

export const wholeRefundKey = (paymentIntentId: string): string => `refund:${paymentIntentId}`;

/** A refund that several charges give to has a key for each of them. */
export function partKey(paymentIntentId: string, of: RefundOf, { chargeId }: Part): string {
  switch (of.kind) {
    case 'all':
      return `refund-all:${paymentIntentId}:${chargeId}`;
    case 'charge':
      return `refund-charge:${chargeId}`;
    case 'amount':
      return `refund:${of.refundId}:${chargeId}`;
  }
}

/** Whether a key may be that of a refund which this service has requested. */
export const isRefundKey = (key: string): boolean => /^refund(?:-all|-charge)?:/.test(key);

/** The charge whose outcome is unknown. */
export function runningChargeId({ id, state }: Payment): string | undefined {
  return state.status === 'CHARGE_REQUESTED' ? (state.charge?.chargeId ?? id) : undefined;
}

export const isRunningCharge = (payment: Payment, chargeId: string): boolean => runningChargeId(payment) === chargeId;

/** What the provider must be asked for now. @throws Error when the payment waits for nothing */
export function callOf(payment: Payment): ProviderCall {
  const { id, amount, state } = payment;
  if (state.status === 'CHARGE_REQUESTED') {
    const { charge, paymentMethod } = state;
    const of = charge?.chargeId ?? id;
    return {
      kind: 'charge',
      key: `charge:${of}`,
      chargeId: charge?.chargeId,
      amount: charge?.amount ?? amount,
      paymentMethod,
    };
  }
  if (state.status === 'REFUND_REQUESTED') return refundOf(payment, state);
  throw new Error(`a payment that is ${state.status} waits for no call`);
}

function refundOf(payment: Payment, { providerReference, refund }: RefundRequested): ProviderCall {
  const { id, amount } = payment;
  if (!refund) {
    return {
      kind: 'refund',
      key: wholeRefundKey(id),
      providerReference: captured(payment, providerReference),
      amount,
      isWhole: true,
      takesRest: true,
    };
  }
  const [part] = refund.parts;
  const from = chargesOf(payment).find(({ chargeId }) => chargeId === part.chargeId);
  return {
    kind: 'refund',
    key: partKey(id, refund.of, part),
    providerReference: captured(payment, from?.providerReference),
    amount: part.amount,
    isWhole: false,
    takesRest: from !== undefined && leftOf(from) === part.amount,
  };
}

function captured({ id }: Payment, reference: string | null | undefined): string {
  if (typeof reference !== 'string') throw new Error(`payment ${id} has taken nothing that could be given back`);
  return reference;
}
