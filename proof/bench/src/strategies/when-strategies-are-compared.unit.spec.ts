import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Random } from '@backstep/simulation';
import { UsageError } from '../option-values.js';
import { crossingOf, crossoverOf, crossoverPlaces } from './crossover.js';
import { drawOf } from './loads.js';
import { readStrategiesOptions } from './options.js';
import { withFigures } from './render/cited.js';
import { markdownTable } from './render/markdown-table.js';
import { summary } from './render/summary.js';
import type { Cell, StrategiesReport } from './report.js';
import { documentsOf, RESULTS } from './write-documents.js';

/** Goal: what the documents say is what was measured. Method: cells by hand, whose ratios are known; and the kept report against the documents. */
const cell = (changes: Partial<Cell>): Cell => ({
  strategy: 'optimistic',
  load: 'uniform',
  keys: 64,
  clients: 32,
  workMs: 0,
  round: 1,
  opsPerSecond: 1_000,
  p50: 1,
  p99: 10,
  attempts: 100,
  conflicts: 0,
  acknowledged: 100,
  lost: 0,
  ...changes,
});

describe('the crossover', () => {
  it('a ratio crosses 1 between the two points around it, by their logarithms', () => {
    const ratios = [
      { conflicts: 0.1, ratio: 2 },
      { conflicts: 0.3, ratio: 0.5 },
      { conflicts: 0.5, ratio: 0.25 },
    ];
    expect(crossingOf(ratios)).toBeCloseTo(0.2);
    expect(crossingOf(ratios.map(({ conflicts, ratio }) => ({ conflicts, ratio: 1 / ratio })))).toBeCloseTo(0.2);
  });

  it('a ratio that crosses 1 by a small slip far away crosses where the slips weigh least', () => {
    const crossing = crossingOf([
      { conflicts: 0.01, ratio: 0.95 },
      { conflicts: 0.1, ratio: 1.6 },
      { conflicts: 0.2, ratio: 1.3 },
      { conflicts: 0.4, ratio: 0.6 },
      { conflicts: 0.6, ratio: 1.02 },
      { conflicts: 0.8, ratio: 0.3 },
    ]);
    expect(crossing).toBeGreaterThan(0.2);
    expect(crossing).toBeLessThan(0.4);
  });

  it('a ratio that is above 1 at every point crosses it nowhere', () => {
    expect(crossingOf([0.1, 0.3, 0.5].map((conflicts) => ({ conflicts, ratio: 1.5 })))).toBeUndefined();
  });

  it('a crossover compares the cells of one round, and spreads over the rounds', () => {
    const cells = [1, 2, 3].flatMap((round) => [
      cell({ round, opsPerSecond: 1_000 * round, conflicts: 10 * round }),
      cell({ round, strategy: 'locked', opsPerSecond: 1_000, p99: 5 }),
    ]);
    expect(crossoverOf(cells).points).toEqual([
      {
        workMs: 0,
        keys: 64,
        conflicts: { min: 0.1, median: 0.2, max: 0.3 },
        throughput: { min: 1, median: 2, max: 3 },
        p99: { min: 2, median: 2, max: 2 },
      },
    ]);
  });

  it('optimistic and locked take turns in running first', () => {
    const firsts = [1, 2, 3].map((round) => crossoverPlaces(round, 0)[0]?.strategy);
    expect(firsts).toEqual(['optimistic', 'locked', 'optimistic']);
  });
});

it('the load `zipf` wants its first key some 2^0.99 times as often as the second', () => {
  const [random, draw, counts] = [new Random(1), drawOf('zipf'), new Map<number, number>()];
  for (let drawn = 0; drawn < 200_000; drawn++) {
    const key = draw(random);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect((counts.get(0) ?? 0) / (counts.get(1) ?? 1)).toBeCloseTo(2 ** 0.99, 1);
  expect(Math.max(...counts.keys())).toBeLessThan(10_000);
});

describe('the options of the bench of strategies', () => {
  it.each([
    [['--only', 'hope'], '--only: there is no "hope", but none, optimistic'],
    [['--loads', 'two'], '--loads: there is no "two", but uniform, zipf, one'],
    [['--clients', '8,65'], '--clients must be whole numbers from 1 to 64, not 65'],
    [['--clients', '8,'], '--clients must be whole numbers from 1 to 64, not '],
    [['--seconds', 'soon'], '--seconds must be from 0.05 to 600, not soon'],
    [['--rounds', '1.5'], '--rounds must be whole numbers from 0 to 20, not 1.5'],
    [['--full', '--clients', '1'], '--full and --clients exclude each other'],
    [['--write', '--only', 'none'], '--write takes all strategies, loads and clients, and the crossover'],
    [['--from', 'a.json'], '--from goes with --write'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is refused in one line', (args, says) => {
    const read = (): unknown => readStrategiesOptions(args);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(says);
    expect(read).not.toThrow('\n');
  });

  it('without options, all is run that the documents show', () => {
    expect(readStrategiesOptions([])).toMatchObject({ do: 'run', seconds: 1, rounds: { grid: 1, crossover: 3 } });
    expect(readStrategiesOptions(['--write'])).toMatchObject({ do: 'run', write: true });
    expect(readStrategiesOptions(['--rounds', '0'])).toMatchObject({ rounds: { grid: 1, crossover: 0 } });
  });
});

describe('the documents', () => {
  const report = (): StrategiesReport => JSON.parse(readFileSync(RESULTS, 'utf8')) as StrategiesReport;

  it('the documents show the report that is kept: `npm run bench -- strategies --write --from` writes them again', () => {
    for (const [path, text] of documentsOf(report()))
      expect({ path, text: readFileSync(path, 'utf8') }).toEqual({ path, text });
  });

  it('the kept report is of a harness that races, and has a crossover of three rounds', () => {
    const { faults, cells, crossover, rounds } = report();
    expect(faults).toEqual([]);
    const races = cells.filter(({ strategy, load, clients }) => strategy === 'none' && load === 'one' && clients > 1);
    expect(races.length).toBeGreaterThan(0);
    for (const { lost } of races) expect(lost).toBeGreaterThan(0);
    expect(rounds.crossover).toBeGreaterThanOrEqual(3);
    expect(crossover?.points.length).toBeGreaterThan(0);
  });

  it('a cited figure is renewed by its title, and one that was not measured is refused', () => {
    const measured: StrategiesReport = {
      ...report(),
      cells: [
        cell({ load: 'one', clients: 64, opsPerSecond: 321, p99: 1_498, conflicts: 86 }),
        cell({ load: 'one', clients: 64, strategy: 'locked', opsPerSecond: 738.3 }),
      ],
    };
    const link = (text: string, title: string): string => `[${text}](measured.md#one-key-no-work-inside '${title}')`;
    const place = 'one, 64 clients, 0 ms';
    const figures = [
      ['321/s', `throughput of optimistic, ${place}`],
      ['1,500 ms', `p99 of optimistic, ${place}`],
      ['86 %', `conflicts of optimistic, ${place}`],
      ['2.3 ×', `throughput of locked to optimistic, ${place}`],
    ] as const;
    for (const [text, title] of figures) expect(withFigures(link('old', title), measured)).toBe(link(text, title));
    expect(() => withFigures(link('old', `throughput of hope, ${place}`), measured)).toThrow('has no figure');
    expect(() => withFigures(link('old', 'how fast'), measured)).toThrow('has no figure "how fast"');
  });

  it('a summary of a run with a fault says the fault, and of no race', () => {
    const text = summary({ ...report(), faults: ['the harness does not race'] });
    expect(text).toContain('FAULT: the harness does not race');
    expect(text).not.toContain('the harness races');
  });

  it('a table is written as Prettier writes it', () => {
    expect(markdownTable(['', 'n'], [['one', '1']])).toBe('|     | n   |\n| --- | --- |\n| one | 1   |');
  });
});
