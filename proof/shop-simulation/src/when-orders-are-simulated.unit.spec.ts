import { beforeAll, describe, expect, it } from '@jest/globals';
import { Coverage, simulate, Simulator } from '@backstep/simulation';
import { placeOrderSystem } from './system.js';
import type { OrderSubject } from './scenario.js';

/**
 * Goal: the unchanged services keep every invariant in a world in which everything fails, and a seed gives one story.
 * Method: several seeds on the services' sources. (`npx backstep simulate` runs any number.)
 */
const FIRST_SEEDS = [1, 748, 20_000, 1_000_000, 77_777_777, 2_147_483_640, 3_000_000_000, 4_294_967_200];
const RUNS_EACH = 25;

let simulator: Simulator<OrderSubject>;
let withEdits: Simulator<OrderSubject>;
beforeAll(async () => {
  simulator = await Simulator.of(placeOrderSystem());
  withEdits = await Simulator.of(placeOrderSystem({ editsProducts: true }));
});

describe('place-order in the simulation', () => {
  it('place-order breaks no invariant in the simulation, and every order ends', async () => {
    const coverage = new Coverage();
    for (const seed of FIRST_SEEDS) {
      const report = await simulate(simulator, { seed, runs: RUNS_EACH, ordersMax: 3, assertCoverage: false });
      expect(report.failure?.outcome.story.join('\n')).toBeUndefined();
      expect(report.runs).toBe(RUNS_EACH);
      coverage.merge(report.coverage);
    }
    const must = [
      'orders CONFIRMED',
      'orders REJECTED',
      'compensations',
      'duplicates dropped',
      'commands sent again',
      'leases taken over',
      'charged and answer lost',
      'answers ignored: not_awaited',
      'log lost',
      'rewind',
    ];
    expect(must.filter((what) => coverage.of(what) === 0)).toEqual([]);
  }, 180_000);

  it('place-order with express breaks no invariant in the simulation, and messages are handed over', async () => {
    const coverage = new Coverage();
    for (const seed of FIRST_SEEDS) {
      const options = { seed, runs: RUNS_EACH, ordersMax: 3, express: true, assertCoverage: false };
      const report = await simulate(withEdits, options);
      expect(report.failure?.outcome.story.join('\n')).toBeUndefined();
      coverage.merge(report.coverage);
    }
    const must = [
      'messages handed over',
      'messages that wait for Kafka',
      'messages by Kafka alone',
      'products changed',
      'orders CONFIRMED',
    ];
    expect(must.filter((what) => coverage.of(what) === 0)).toEqual([]);
  }, 180_000);

  it('a simulated run is the same for one seed, byte for byte', async () => {
    const story = async (seed: number): Promise<string> =>
      (await simulator.run(simulator.plan(seed, { ordersMax: 3 }), true)).story.join('\n');
    const first = await story(42);
    await story(43);
    expect(await story(42)).toBe(first);
    expect(first).toContain('all is at rest, and every invariant holds');
  });
});
