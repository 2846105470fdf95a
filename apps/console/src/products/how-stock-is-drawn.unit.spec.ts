import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stockSentence, stockShares } from './stock.js';

/** Goal: the bar of a product’s stock shows its numbers, and says when they contradict each other. */
const pieces = fc.nat({ max: 1_000_000_000_000 });

it('the parts of a stock bar are the shares of what is on hand, and fill the bar', () => {
  expect(stockShares({ onHand: 8, reserved: 2, available: 6 })).toEqual({
    reserved: 0.25,
    available: 0.75,
    addsUp: true,
  });
  fc.assert(
    fc.property(pieces, pieces, (reserved, available) => {
      const shares = stockShares({ onHand: reserved + available, reserved, available });
      expect(shares.addsUp).toBe(true);
      expect(shares.reserved + shares.available).toBeCloseTo(reserved + available === 0 ? 0 : 1);
    }),
  );
});

it('a stock bar of nothing is empty', () =>
  expect(stockShares({ onHand: 0, reserved: 0, available: 0 })).toEqual({ reserved: 0, available: 0, addsUp: true }));

it('numbers that contradict each other are told, and no part is outside of the bar', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (onHand, reserved, available) => {
      const shares = stockShares({ onHand, reserved, available });
      const isSound = onHand >= 0 && reserved >= 0 && available >= 0 && onHand === reserved + available;
      expect(shares.addsUp).toBe(isSound);
      expect(Math.min(shares.reserved, shares.available)).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(stockShares({ onHand: 4, reserved: 3, available: 2 })).toEqual({
    reserved: 0.6,
    available: 0.4,
    addsUp: false,
  });
});

it('the sentence of a stock bar has its three numbers', () =>
  expect(stockSentence({ onHand: 8, reserved: 2, available: 6 })).toBe('6 available, 2 reserved, 8 on hand'));
