import { describe, expect, it } from '@jest/globals';
import { laneSystem, simulate, Simulator } from '../index.js';

/**
 * Goal: a lane keeps its invariants whatever fails, and the simulation finds a lane that does not.
 * Method: moves between jars, seeds in a row; then the same with a statement that is other than it is written.
 */
const options = { seed: 1, runs: 150, ordersMax: 12, assertCoverage: true };

describe('a lane in the simulation', () => {
  it('a simulated lane settles each entry once and in order, with direct moves beside it', async () => {
    const report = await simulate(await Simulator.of(laneSystem()), options);
    expect(report.failure?.outcome.story).toBeUndefined();
    expect(report.missing).toEqual([]);
  });

  it.each([
    [
      'in another order',
      (text: string) => (text.includes('lane.oldest') ? text.replace('ORDER BY seq', '') : text),
      /^L3/,
    ],
    [
      'without a check of their versions',
      (text: string) => text.replaceAll(' AND t."version" = ANY(ARRAY[x.expected_version])', ''),
      /^L/,
    ],
  ])('a lane whose entries are applied %s is found out', async (_, tamper, invariant) => {
    const report = await simulate(await Simulator.of(laneSystem(), tamper), {
      ...options,
      runs: 600,
      assertCoverage: false,
    });
    expect(report.failure?.invariant).toMatch(invariant);
  });
});
