import { describe, expect, it } from '@jest/globals';
import { rotaSystem, simulate, Simulator } from '../index.js';

/**
 * Goal: a rule over two rows, each written by who holds the other, is kept whatever fails, and the simulation finds a hold that does not look.
 * Method: shifts of two pairs, seeds in a row; then the same with a statement that is other than it is written.
 */
const options = { seed: 1, runs: 150, ordersMax: 12, assertCoverage: true };

describe('held rows in the simulation', () => {
  it('a simulated rota always has one of a pair on call, whatever fails', async () => {
    const report = await simulate(await Simulator.of(rotaSystem()), options);
    expect(report.failure?.outcome.story).toBeUndefined();
    expect(report.missing).toEqual([]);
  });

  it('a simulated rota whose held rows are not compared with what was read is found out', async () => {
    const unlooked = (text: string): string => text.replaceAll(' AND t."version" = ANY(ARRAY[x.version])', '');
    const report = await simulate(await Simulator.of(rotaSystem(), unlooked), {
      ...options,
      runs: 600,
      assertCoverage: false,
    });
    expect(report.failure?.invariant).toBe('R1');
  });
});
