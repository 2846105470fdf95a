import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../api/types.js';
import { AT_ONCE, many } from '../api/many.js';
import { outcomesOf, type Placed } from './outcomes.js';

/** Goal: of many orders that the page places each is counted once, and no more are on their way at a time than a browser has room for. */
const NEVER = new AbortController().signal;

describe('many at a time', () => {
  it('many are done once each, and never more than the bound at a time', async () => {
    let atOnce = 0;
    let most = 0;
    const told: number[] = [];
    const numbers = await many(
      50,
      async (number) => {
        most = Math.max(most, (atOnce += 1));
        await new Promise<void>((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return number;
      },
      (ended) => told.push(ended.length),
      NEVER,
    );
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect([most, told.at(-1)]).toEqual([AT_ONCE, 50]);
  });

  it('nothing further begins once it is stopped', async () => {
    const stop = new AbortController();
    const numbers = await many(
      50,
      async (number) => {
        if (number === 5) stop.abort();
        return number;
      },
      () => undefined,
      stop.signal,
    );
    expect(numbers.length).toBeLessThan(5 + AT_ONCE);
  });
});

describe('the outcomes of many orders', () => {
  const REJECTED = { status: 'REJECTED', failure: { code: 'out_of_stock', message: '' } } as const;
  const known = new Map<string, Pick<Order, 'status' | 'failure'>>([
    ['a', { status: 'CONFIRMED', failure: null }],
    ['b', REJECTED],
    ['c', REJECTED],
    ['d', { status: 'PENDING', failure: null }],
  ]);

  it('outcomes are told by state and reason, and what is not read yet is under way', () =>
    expect(
      outcomesOf(
        [
          ...['a', 'b', 'c', 'd', 'e'].map((orderId) => ({ orderId })),
          { refusedBecause: 'Overloaded' },
          { unansweredBecause: 'The answer was cut off' },
        ],
        known,
      ),
    ).toEqual({
      accepted: 5,
      refused: [{ what: 'Overloaded', count: 1 }],
      unanswered: [{ what: 'The answer was cut off', count: 1 }],
      ended: [
        { what: 'REJECTED out_of_stock', count: 2 },
        { what: 'CONFIRMED', count: 1 },
      ],
      underWay: 2,
    }));

  it('each request is counted once, whatever became of it', () => {
    const placed = fc.array(
      fc.oneof<fc.Arbitrary<Placed>[]>(
        fc.record({ orderId: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
        fc.record({ refusedBecause: fc.constantFrom('Overloaded', 'Unavailable') }),
        fc.record({ unansweredBecause: fc.constantFrom('The answer was cut off', 'Unavailable') }),
      ),
    );
    fc.assert(
      fc.property(placed, (all) => {
        const { accepted, refused, unanswered, ended, underWay } = outcomesOf(all, known);
        const sum = (counts: readonly { readonly count: number }[]): number =>
          counts.reduce((so, { count }) => so + count, 0);
        expect(accepted + sum(refused) + sum(unanswered)).toBe(all.length);
        expect(sum(ended) + underWay).toBe(accepted);
      }),
    );
  });
});
