import { describe, expect, it } from '@jest/globals';
import { RestartBudget } from './restart-policy.js';

/** Goal: what dies comes back soon, what keeps dying comes back later and later, and at last stays down. */
const policy = { baseMs: 500, capMs: 2_000, deaths: 5, windowMs: 60_000 };

describe('when a process dies', () => {
  it('the pause before a restart doubles up to its cap, and the last death of the budget is final', () => {
    const budget = new RestartBudget(policy);
    expect([0, 1, 2, 3, 4].map((second) => budget.died(second * 1_000))).toEqual([500, 1_000, 2_000, 2_000, undefined]);
  });

  it('deaths do not count when the window has passed', () => {
    const budget = new RestartBudget(policy);
    budget.died(0);
    budget.died(1_000);
    expect(budget.died(62_000)).toBe(500);
  });
});
