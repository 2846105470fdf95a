import { expect, it } from '@jest/globals';
import type { Sale } from '@backstep/bench/flash-sale';
import { problemsOf, salesText } from './render-sales.js';

/** Goal: the demo of a flash sale fails when a strategy oversells, and when the buyers did not race. Method: sales by hand. */
const sale = (changes: Partial<Sale>): Sale => ({
  strategy: 'locked',
  about: '',
  sold: 1,
  soldOut: 4_999,
  left: 0,
  seconds: 1.26,
  p50: 700,
  p99: 1_240.4,
  conflicts: 0,
  isUnsafe: false,
  isRight: true,
  ...changes,
});
const none = sale({ strategy: 'none', sold: 14, soldOut: 4_986, isUnsafe: true, isRight: false });

it('a sale in which only the unchecked strategy oversells has no problem', () => {
  expect(problemsOf([none, sale({})], 1)).toEqual([]);
});

it('a sale of a checked strategy that oversells is a problem', () => {
  expect(problemsOf([none, sale({ sold: 2, left: -1, isRight: false })], 1)).toEqual([
    'locked has sold 2 of 1, and -1 are left.',
  ]);
});

it('a sale in which the unchecked strategy goes right is a problem: nobody raced', () => {
  expect(problemsOf([{ ...none, isRight: true }, sale({})], 1)).toEqual([
    'none has gone right: the buyers did not race, so the others have shown nothing.',
  ]);
});

it('sales are told in a line each', () => {
  expect(salesText([none, sale({})]).split('\n')).toEqual([
    'Strategy  Sold  Told sold out  Left  Conflicts       p99  All told after',
    'none        14          4,986     0          0  1,240 ms           1.3 s  WRONG',
    'locked       1          4,999     0          0  1,240 ms           1.3 s  right',
  ]);
});
