import { describe, expect, it } from '@jest/globals';
import { Random } from '@backstep/simulation';
import { FAULTS } from './faults/index.js';
import { drawPlan, type Plan, type Planned } from './schedule.js';
import { storm } from './storm.js';

/**
 * Goal: orders placed while services die, PostgreSQL and Kafka are restarted, poison is thrown in and messages are said twice all end,
 * once, as the customers were told. Method: `npm run chaos`, short: one seed, and instead of the faults it would draw a few chosen ones.
 */
const SEED = 4711;
const DURATION_MS = 24_000;

const script: readonly (readonly [name: string, beginMs: number, lastsMs: number])[] = [
  ['kill -9', 4_000, 1_000],
  ['poisoned messages', 6_000, 500],
  ['PostgreSQL away', 8_000, 500],
  ['messages produced again', 12_000, 500],
  ['kill -9', 14_000, 1_000],
  ['Kafka away', 18_000, 1_000],
];

function plan(): Plan {
  const random = new Random(SEED);
  const schedule = script.map(([name, beginMs, lastsMs]): Planned => {
    const fault = FAULTS.find((known) => known.name === name);
    if (!fault) throw new Error(`no fault ${name}`);
    return { fault, beginMs, endMs: beginMs + lastsMs, seed: random.between(1, 2 ** 31 - 1) };
  });
  return { ...drawPlan({ seed: SEED, durationMs: DURATION_MS, instances: 1, faults: ['kill -9'] }), schedule };
}

describe('a short storm', () => {
  it('a short storm breaks no invariant', async () => {
    const told: string[] = [];
    const outcome = await storm(plan(), { rate: 15, keep: false, print: (line) => told.push(line) });
    expect({ violations: outcome.violations, story: told }).toEqual({ violations: [], story: told });
    expect(outcome.skipped).toEqual([]);
    expect(outcome.coverage.restarts).toBeGreaterThanOrEqual(4);
    expect(outcome.coverage.parked).toBeGreaterThan(0);
    expect(outcome.coverage.duplicatesDropped).toBeGreaterThan(0);
  }, 400_000);
});
