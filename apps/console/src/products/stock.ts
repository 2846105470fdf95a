import type { Product } from '../api/types.js';

export type StockNumbers = Pick<Product, 'onHand' | 'reserved' | 'available'>;

/** Of a bar that is as long as what is on hand: the parts of it, from 0 to 1. */
export interface StockShares {
  readonly reserved: number;
  readonly available: number;
  /** On hand is what is reserved and what is available. Where it is not, the numbers are of two moments, or wrong: the page says so. */
  readonly addsUp: boolean;
}

export function stockShares({ onHand, reserved, available }: StockNumbers): StockShares {
  const addsUp = onHand >= 0 && reserved >= 0 && available >= 0 && reserved + available === onHand;
  const whole = Math.max(onHand, reserved + available);
  const share = (part: number): number => (whole <= 0 ? 0 : Math.max(0, part) / whole);
  return { reserved: share(reserved), available: share(available), addsUp };
}

/** As it is spoken. */
export const stockSentence = ({ onHand, reserved, available }: StockNumbers): string =>
  `${available} available, ${reserved} reserved, ${onHand} on hand`;
