import type { Charge, Movements, Part, Payment, PaymentState } from './payment-state.js';

/** What was captured for a payment, the oldest first. */
export function chargesOf({ id, amount, state }: Payment): readonly Charge[] {
  if ('charges' in state && state.charges) return state.charges;
  if (state.status !== 'CHARGED' && state.status !== 'REFUND_REQUESTED' && state.status !== 'REFUNDED') return [];
  const refunded = state.status === 'REFUNDED' ? amount : 0;
  return [{ chargeId: id, amount, providerReference: state.providerReference, refunded }];
}

const sumOf = <T>(of: readonly T[], amountOf: (one: T) => number): number =>
  of.reduce((sum, one) => sum + amountOf(one), 0);

export const leftOf = ({ amount, refunded }: Charge): number => amount - refunded;
export const capturedBy = (charges: readonly Charge[]): number => sumOf(charges, ({ amount }) => amount);
export const refundedOf = (charges: readonly Charge[]): number => sumOf(charges, ({ refunded }) => refunded);
export const allLeftOf = (charges: readonly Charge[]): number => sumOf(charges, leftOf);

/** What each charge gives to a refund of an amount: the latest charges first, each at most what it has left. */
export function partsOf(charges: readonly Charge[], amount: number): Part[] {
  const parts: Part[] = [];
  let missing = amount;
  for (const charge of charges.toReversed()) {
    const given = Math.min(missing, leftOf(charge));
    if (given > 0) parts.push({ chargeId: charge.chargeId, amount: given });
    missing -= given;
  }
  return parts;
}

/** The charges after one of them has given something back. */
export const afterPart = (charges: readonly Charge[], { chargeId, amount }: Part): readonly Charge[] =>
  charges.map((charge) => (charge.chargeId === chargeId ? { ...charge, refunded: charge.refunded + amount } : charge));

/** What a state remembers of its movements; nothing for an ordinary payment. */
export function movementsOf(state: PaymentState): Movements {
  const { charges, notCharged, refunds } = state as Movements;
  return {
    ...(charges && { charges }),
    ...(notCharged && { notCharged }),
    ...(refunds && { refunds }),
  };
}
