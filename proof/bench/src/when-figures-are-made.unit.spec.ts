import { ROOT, sumOfMetric } from '@backstep/infrastructure';
import { Random } from '@backstep/simulation';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipf, mix } from './load/orders.js';
import { Samples } from './load/samples.js';
import { resultOf, seriesOf, type Measured } from './measure/figures.js';
import { jsonMicroseconds, stolenMs } from './measure/machine.js';
import { percentilesOf } from './measure/percentiles.js';
import type { Reading } from './measure/probe.js';
import { UsageError } from './option-values.js';
import { readOptions } from './options.js';
import { compare } from './render/compare.js';
import { goals } from './render/goals.js';
import { text } from './render/text.js';
import { written, type Measurement, type Result } from './result.js';

/** Goal: a figure says what its name says. Method: readings and samples by hand, whose figures can be counted on fingers. */
const reading = (changes: Partial<Reading>): Reading => ({
  at: 0,
  cpuMs: { order: 0, postgres: 0, kafka: 0, load: 0 },
  residentBytes: { order: 0, postgres: 0, kafka: 0, load: 0 },
  writes: 0,
  transactions: 0,
  walBytes: 0,
  messages: 0,
  kafkaBytes: 0,
  databaseBytes: 0,
  batches: { order: { count: 0, messages: 0 } },
  eventLoopDelayMs: 0,
  stolenMs: 0,
  ...changes,
});

/** Ten seconds, from 1,000 to 11,000 ms. */
function measured(changes: Partial<Measured> = {}): Measured {
  const samples = new Samples();
  // Warm-up, ends within; two that begin and end within; one that ends too late.
  samples.add({ startedAt: 900, acceptedAt: 950, endedAt: 1_500, ending: 'CONFIRMED' });
  samples.add({ startedAt: 2_000, acceptedAt: 2_010, endedAt: 2_100, ending: 'CONFIRMED' });
  samples.add({ startedAt: 3_000, acceptedAt: 3_020, endedAt: 3_300, ending: 'REJECTED' });
  samples.add({ startedAt: 10_900, acceptedAt: 10_930, endedAt: 11_500, ending: 'CONFIRMED' });
  return {
    scenario: 'by hand',
    load: 'closed, 1 clients',
    instances: 1,
    restarted: false,
    from: reading({ at: 1_000 }),
    to: reading({
      at: 11_000,
      cpuMs: { order: 6, postgres: 3, kafka: 1.5, load: 1.5 },
      residentBytes: { order: 50 * 1024 * 1024, postgres: 0, kafka: 0, load: 0 },
      writes: 9,
      transactions: 12,
      walBytes: 3_072,
      messages: 27,
      kafkaBytes: 18_000,
      databaseBytes: 9_000,
      batches: { order: { count: 4, messages: 10 } },
      eventLoopDelayMs: 12,
      stolenMs: 5_000,
    }),
    samples,
    machine: [
      { at: 5_000, residentBytes: { order: 70 * 1024 * 1024, postgres: 1, kafka: 1, load: 1 }, jsonMicroseconds: 20 },
    ],
    refusals: { later: 2, otherwise: { 'no answer': 1 } },
    unfinished: 0,
    settledSeconds: 1,
    outbox: { rows: 0, mb: 1 },
    ...changes,
  };
}

describe('a result', () => {
  const result = resultOf(measured());

  it('the rates of a result count what ended within the window, whenever it began', () => {
    expect(result).toMatchObject({ confirmedPerSecond: 0.2, endedPerSecond: 0.3, acceptedPerSecond: 0.3, seconds: 10 });
  });

  it('the latencies of a result are those of orders placed within the window, whenever they ended', () => {
    expect(result.latencyMs).toEqual({ p50: 300, p99: 600, p999: 600, max: 600 });
    expect(result.postMs).toEqual({ p50: 20, p99: 30, p999: 30, max: 30 });
  });

  it('a result has the longest time without an ended order, and no costs of restarted processes', () => {
    expect(result.longestGapMs).toBe(1_200);
    const restarted = resultOf(measured({ restarted: true }));
    expect(restarted).toMatchObject({ endedPerSecond: 0.3, meanBatch: {}, cpuMsPerOrder: { order: NaN, total: NaN } });
  });

  it('the costs of a result are divided by the orders that ended', () => {
    expect(result.cpuMsPerOrder).toEqual({ order: 2, postgres: 1, kafka: 0.5, load: 0.5, node: 2, total: 4 });
    expect(result).toMatchObject({ commitsPerOrder: 3, statementsPerOrder: 4, walBytesPerOrder: 1_024 });
    expect(result).toMatchObject({ messagesPerOrder: 9, meanBatch: { order: 2.5 } });
    expect(result).toMatchObject({ kafkaBytesPerOrder: 6_000, databaseBytesPerOrder: 3_000 });
  });

  it('a result has the peak memory, and each second by itself', () => {
    expect(result.residentMb).toMatchObject({ order: 70, node: 70 });
    const series = seriesOf(measured());
    expect(series).toHaveLength(10);
    expect(series.map(({ ended }) => ended)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(series[1]).toMatchObject({ second: 1, p50: 100 });
  });

  it('a result has the speed of the machine, and the CPU that others took', () => {
    expect(result).toMatchObject({ stolenCores: 0.5, jsonMicroseconds: 20 });
    expect(stolenMs()).toBeGreaterThanOrEqual(0);
    expect(jsonMicroseconds()).toBeGreaterThan(0);
  });

  it('a result is compared with the goals: met, missed, not measured', () => {
    const spread = { ...result, scenario: 'spread', endedPerSecond: 1_300, confirmedPerSecond: 1_300 };
    const table = goals([spread, { ...spread, scenario: 'hot', endedPerSecond: 650 }]);
    expect(table).toContain('| confirmed, spread | ≥ 1,200 orders/s | 1,300 orders/s | yes |');
    expect(table).toContain('| hot SKU against spread | ≥ 0.9 × | 0.5 × | **no** |');
    expect(table).toContain('| against `single` | ≥ 8 × | – | not measured |');
    expect(table).toContain('| warm `npm start` to the first order | ≤ 15 s | – | not measured |');
    const started = goals([{ scenario: 'start', firstOrderSeconds: 9 }]);
    expect(started).toContain('| warm `npm start` to the first order | ≤ 15 s | 9 s | yes |');
    expect(table).toContain('| WAL at saturation | ≤ 10 KB an order | 1 KB an order | yes |');
  });

  it('a result has the last minute of the window as a multiple of the first', () => {
    const samples = new Samples();
    // Three minutes with an order a second, which takes 100 ms in the first minute, 200 in the second and 300 in the third.
    for (let second = 0; second < 180; second++) {
      const startedAt = 1_000 + second * 1_000;
      const endedAt = startedAt + 100 * (1 + Math.floor(second / 60));
      samples.add({ startedAt, acceptedAt: startedAt + 1, endedAt, ending: 'CONFIRMED' });
    }
    const machine = [0, 60, 120].map((second, minute) => ({
      at: 1_500 + second * 1_000,
      residentBytes: { order: (2 + minute) * 50 * 1024 * 1024 },
      jsonMicroseconds: 20,
    }));
    const long = resultOf(measured({ samples, machine, to: reading({ at: 181_000 }) }));
    expect(long.drift).toEqual({ p50: 3, nodeResidentMb: 2 });
  });

  it('an empty result is rendered as such', () => {
    const nothing = resultOf(measured({ samples: [] }));
    expect(JSON.parse(JSON.stringify(nothing))).toMatchObject({ confirmedPerSecond: 0, latencyMs: { p50: null } });
    expect(text(nothing)).toContain('p50 –');
  });

  it('a result is compared with an earlier one, also from a file', () => {
    const earlier = JSON.parse(JSON.stringify(result)) as Result;
    const twice = { ...result, confirmedPerSecond: 0.4 };
    expect(compare([earlier], [twice])).toMatch(/by hand\s+× 2\.00/);
  });

  it('a result that was written and read compares as before', () => {
    const results = [result, { ...result, scenario: 'spread', endedPerSecond: 1234.56789 }];
    const text = written(results);
    expect(text.trimEnd().split('\n')).toHaveLength(4);
    const read = JSON.parse(text) as Result[];
    expect(read[1]?.endedPerSecond).toBe(1234.6);
    expect(goals(read)).toBe(goals(results));
  });
});

it('percentiles are by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(percentilesOf(hundred)).toEqual({ p50: 50, p99: 99, p999: 100, max: 100 });
  expect(percentilesOf([7])).toEqual({ p50: 7, p99: 7, p999: 7, max: 7 });
});

it('samples are kept as they were given, however many', () => {
  const samples = new Samples();
  for (let n = 0; n < 10_000; n++)
    samples.add({ startedAt: n, acceptedAt: n + 1, endedAt: n + 2, ending: 'CONFIRMED' });
  expect(samples.size).toBe(10_000);
  expect([...samples].at(-1)).toEqual({ startedAt: 9_999, acceptedAt: 10_000, endedAt: 10_001, ending: 'CONFIRMED' });
});

it('metrics with and without labels are added up, and others left', () => {
  expect(sumOfMetric('a{x="1"} 2\na{x="2"} 3\na_total 5\na 1\n', 'a')).toBe(6);
});

describe('orders', () => {
  const drawn = (orders: typeof zipf, count: number): string[] => {
    const random = new Random(7);
    return Array.from({ length: count }, () => orders(random));
  };

  it('orders are the same for the same seed', () => {
    expect(drawn(mix, 50)).toEqual(drawn(mix, 50));
  });

  it('orders of zipf want the first product about twice as often as the second', () => {
    const bodies = drawn(zipf, 20_000);
    const wanted = (sku: string): number => bodies.filter((body) => body.includes(`"${sku}"`)).length;
    const ratio = wanted('bench-0') / wanted('bench-1');
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.3);
  });

  it('orders of mix fail in each of three ways one time in ten', () => {
    const bodies = drawn(mix, 10_000);
    for (const sign of ['bench-sold-out', 'chargeDeclined', '"AQ"']) {
      const share = bodies.filter((body) => body.includes(sign)).length / bodies.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
    }
  });
});

describe('options', () => {
  const names = (...args: string[]): string[] => {
    const options = readOptions(args);
    return options.do === 'run' ? options.scenarios.map(({ name }) => name) : [];
  };

  it('options leave out long scenarios unless they are named', () => {
    expect(names()).not.toContain('soak');
    expect(names('--all')).toContain('soak');
    expect(names('--scenario', 'soak', '--rate', '100')).toEqual(['soak']);
  });

  it('options name the rate that a share refers to, or measure it first', () => {
    expect(() => readOptions(['--scenario', 'soak'])).toThrow(/--rate/);
    expect(() => readOptions(['--scenario', 'beyond,spread'])).toThrow(/--rate/);
    expect(names('--scenario', 'spread,beyond')).toEqual(['spread', 'beyond']);
  });

  it('options restart only services with a second instance', () => {
    expect(() => readOptions(['--scenario', 'rolling'])).toThrow(/--instances 2/);
    expect(names('--all')).not.toContain('rolling');
    expect(names('--all', '--instances', '2')).toContain('rolling');
  });

  it('options restart no single service of two processes that run all', () => {
    const together = ['--instances', '2', '--together'];
    expect(() => readOptions(['--scenario', 'rolling', ...together])).toThrow(/leave out --together/);
    expect(names('--all', ...together)).not.toContain('rolling');
    expect(readOptions(['--scenario', 'hot', ...together])).toMatchObject({ instances: 2, together: true });
  });

  it('options with --quick fit two minutes', () => {
    const options = readOptions(['--quick']);
    const seconds = options.do === 'run' ? options.scenarios.map((one) => one.warmUpSeconds + one.seconds) : [];
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThan(80);
  });

  it.each([[['--scenario', 'swift']], [['--seconds', '0']], [['--compare', 'a.json']], [['what']], [['--what']]])(
    'options such as %j are refused',
    (args) => {
      expect(() => readOptions(args)).toThrow(UsageError);
    },
  );
});

it('the table of goals in the README matches the committed file', () => {
  const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
  const measurements = JSON.parse(textOf('proof/bench/results/two-cores.json')) as Measurement[];
  /** A formatter pads the cells of a table. */
  const unpadded = (table: string): string => table.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---');
  expect(unpadded(textOf('proof/bench/README.md'))).toContain(unpadded(goals(measurements)));
});
