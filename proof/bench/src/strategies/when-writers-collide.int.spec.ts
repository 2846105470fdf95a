import { beforeAll, describe, expect, it } from '@jest/globals';
import { requireInfrastructure } from '@backstep/testing';
import pg from 'pg';
import { strategies, STRATEGY_NAMES } from './catalogue.js';
import type { Cell, StrategiesReport } from './report.js';
import { runStrategies, type RunOptions } from './run.js';
import type { Strategy } from './strategy.js';

/**
 * Goal: a bench of strategies loses updates where nothing is checked, and nowhere else; and a harness that does not race says so, instead of
 * printing figures. Method: tiny cells on one key on a real PostgreSQL; then `none` with a turn that lets one writer in at a time, and a
 * strategy that acknowledges what it has not written.
 */
const SECONDS = 0.08;

let options: RunOptions;
let all: Readonly<Record<string, Strategy>>;
beforeAll(async () => {
  all = await strategies();
  options = {
    url: requireInfrastructure().databaseUrl,
    all,
    strategies: STRATEGY_NAMES,
    loads: ['one'],
    clients: [8],
    works: [0],
    seconds: SECONDS,
    rounds: { grid: 1, crossover: 0 },
    signal: new AbortController().signal,
    print: () => undefined,
  };
});

const lossesOf = ({ cells }: StrategiesReport): Readonly<Record<string, number>> =>
  Object.fromEntries(cells.map(({ strategy, lost }) => [strategy, lost]));

describe('a run of the bench of strategies', () => {
  let report: StrategiesReport;
  beforeAll(async () => {
    report = await runStrategies(options);
  });

  it('a run loses updates of `none` on one key, and of no other strategy', () => {
    const { none, ...others } = lossesOf(report);
    expect(none).toBeGreaterThan(0);
    expect(Object.keys(others)).toHaveLength(STRATEGY_NAMES.length - 1);
    expect(Object.values(others).filter((lost) => lost !== 0)).toEqual([]);
    expect(report.faults).toEqual([]);
  });

  it('a run says of each cell how much was done, how long it took, and how many attempts met another writer', () => {
    const cellOf = (strategy: string) => report.cells.find((cell) => cell.strategy === strategy) as Cell;
    for (const { acknowledged, attempts, p50, p99 } of report.cells) {
      expect(acknowledged).toBeGreaterThan(0);
      expect(attempts).toBeGreaterThan(0);
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
    }
    const { attempts, conflicts, acknowledged } = cellOf('optimistic');
    expect(conflicts).toBeGreaterThan(0);
    expect(attempts - conflicts).toBe(acknowledged);
    expect(cellOf('locked').conflicts).toBe(0);
  });

  it('a run leaves no database behind', async () => {
    const client = new pg.Client({ connectionString: options.url });
    await client.connect();
    try {
      const { rows } = await client.query(`SELECT datname FROM pg_database WHERE datname LIKE 'backstep\\_bench\\_%'`);
      expect(rows).toEqual([]);
    } finally {
      await client.end();
    }
  });
});

/** Lets one `take` in at a time. */
function oneAtATime({ begin, ...rest }: Strategy): Strategy {
  return {
    ...rest,
    begin: (surroundings) => {
      const writers = begin(surroundings);
      let last: Promise<unknown> = Promise.resolve();
      return {
        ...writers,
        take: (client, key) => {
          const taken = last.then(() => writers.take(client, key));
          last = taken;
          return taken;
        },
      };
    },
  };
}

/** Acknowledges every other unit of work without doing it: on a busy machine a cell has few. */
function forgetful({ begin, ...rest }: Strategy): Strategy {
  return {
    ...rest,
    begin: (surroundings) => {
      const writers = begin(surroundings);
      let taken = 0;
      return {
        ...writers,
        take: (client, key) => (++taken % 2 === 0 ? Promise.resolve(true) : writers.take(client, key)),
      };
    },
  };
}

describe('a run that is worth nothing', () => {
  const run = (name: string, as: (strategy: Strategy) => Strategy): Promise<StrategiesReport> =>
    runStrategies({ ...options, strategies: [name], all: { ...all, [name]: as(all[name] as Strategy) } });

  it('a run whose writers come one at a time is reported as one that does not race', async () => {
    const { faults } = await run('none', oneAtATime);
    expect(faults).toEqual(['the harness does not race: none has lost nothing on one key (8 clients, 0 ms inside)']);
  });

  it('a run in which a checked strategy loses an update is reported with the sums', async () => {
    const { faults } = await run('locked', forgetful);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^locked \(one, 1 keys, 8 clients, 0 ms inside\): \d+ acknowledged, \d+ in the rows$/);
  });
});

it('the crossover says by round at which conflict rate optimistic and locked are equal', async () => {
  const { crossover } = await runStrategies({
    ...options,
    strategies: ['optimistic', 'locked'],
    clients: [1],
    seconds: 0.05,
    rounds: { grid: 1, crossover: 1 },
  });
  expect(crossover?.clients).toBe(32);
  expect(crossover?.points.map(({ keys, workMs }) => [keys, workMs])).toHaveLength(9);
  const [first, last] = [crossover?.points[0], crossover?.points[8]];
  expect(last?.conflicts.median).toBeGreaterThan(first?.conflicts.median ?? 1);
  expect(crossover?.crossings.map(({ of, workMs, byRound }) => [of, workMs, byRound.length])).toEqual([
    ['throughput', 0, 1],
    ['p99', 0, 1],
  ]);
});
