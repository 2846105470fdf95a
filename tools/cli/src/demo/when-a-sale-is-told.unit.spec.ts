import { describe, expect, it } from '@jest/globals';
import { saleLine, saleProblems, takenText } from './render-sale.js';
import type { SaleCount } from './sale.js';

/** Goal: the demo of a flash sale fails when more or fewer were sold than there were, or a buyer was told nothing. Method: counts by hand. */
const counted = (changes: Partial<SaleCount> = {}): SaleCount => ({
  sold: 1,
  soldOut: 9,
  otherwise: 0,
  waiting: 0,
  latencies: [1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000],
  ...changes,
});
const TEN = { buyers: 10, stock: 1, available: 0 };

describe('a flash sale', () => {
  it('a sale of as many as there were, of which each buyer was told, has no problem', () => {
    expect(saleProblems(counted(), TEN)).toEqual([]);
    expect(saleProblems(counted({ sold: 10, soldOut: 0 }), { buyers: 10, stock: 12, available: 2 })).toEqual([]);
  });

  it.each([
    ['that sold one too many', counted({ sold: 2, soldOut: 8 }), { ...TEN, available: -1 }, /^2 were sold/],
    ['that sold nothing', counted({ sold: 0, soldOut: 10 }), { ...TEN, available: 1 }, /^0 were sold/],
    ['one of whose buyers was told nothing', counted({ soldOut: 8 }), TEN, /^Not every buyer/],
    ['one of whose buyers was told something else', counted({ soldOut: 8, otherwise: 1 }), TEN, /neither/],
    ['whose stock does not say the same', counted(), { ...TEN, available: 1 }, /^The stock says/],
  ])('a sale %s is told as a problem', (_, sale, of, problem) => {
    expect(saleProblems(sale, of)).toEqual([expect.stringMatching(problem)]);
  });

  it('a line of a sale tells who was told what, and how long it took', () => {
    expect(saleLine(1.24, counted({ waiting: 3 }), 'locked')).toBe(
      '      1.2 s          1          9          3       5 ms   1,000 ms   locked',
    );
  });
});

describe('how a stock is taken', () => {
  const told = (instances: number, ...hottest: { key: string; strategy: string; share: number | null }[]) => ({
    services: [
      {
        service: 'inventory',
        status: 'normal' as const,
        instances,
        attempts: 100,
        ratio: 0,
        entities: [],
        hottest: hottest.map((hot) => ({ entity: 'Stock', forMs: 3_200, why: null, ...hot })),
      },
    ],
  });

  it('a stock is told to be locked, or what share of its attempts is lost', () => {
    expect(takenText(told(2, { key: 'lamp', strategy: 'locked', share: null }), 'lamp')).toMatch(/^locked, for 3 s/);
    expect(takenText(told(2, { key: 'lamp', strategy: 'optimistic', share: 0.12 }), 'lamp')).toBe(
      'optimistic, 2 instances: 12 % of the attempts are lost',
    );
    expect(takenText(told(1, { key: 'other', strategy: 'locked', share: null }), 'lamp')).toBe(
      'optimistic, one instance: no attempt is lost',
    );
    expect(takenText({ services: [] }, 'lamp')).toMatch(/does not answer/);
  });
});
