import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { percentile } from '../measure/percentiles.js';
import { UsageError } from '../option-values.js';
import { DOCUMENT, documentWith, keptReport } from './document.js';
import { rateOf } from './at-rate.js';
import { allOf } from './follow.js';
import { readConsoleOptions } from './options.js';
import { PARTS } from './parts.js';
import { reportText, type ConsoleReport } from './report.js';
import { type Row, table, unmeasured, verdict } from './rows.js';
import { rowsOf } from './stream.js';

/** Goal: a budget is met only by what was measured. Method: figures by hand. */
const row = (changes: Partial<Row>): Row => ({
  ...{ what: 'a frame, p95', limit: 17, unit: ' ms', measured: 16.7, how: '600 frames' },
  ...changes,
});

describe('a row', () => {
  it.each([
    ['below its budget', {}, 'met'],
    ['at its budget', { measured: 17 }, 'met'],
    ['above its budget', { measured: 17.01 }, 'missed'],
    ['without a figure', { measured: null }, 'not measured'],
    ['without a budget', { limit: null }, 'no budget'],
  ] as const)('a row %s is told as it is', (_, changes, told) => {
    expect(verdict(row(changes))).toBe(told);
  });

  it('a figure just above its budget is not rounded down to it', () => {
    expect(table([row({ measured: 17.01 })])).toContain('17.01 ms');
    expect(table([row({ measured: 150.2, limit: 150 })])).toContain('150.2 ms');
    expect(table([row({ measured: 149.6, limit: 150 })])).toContain('| 150 ms');
    expect(table([row({ measured: 16.712 })])).toContain('| 16.7 ms');
  });

  it('without a browser each row of a page says so, and keeps its budget', () => {
    const rows = unmeasured(PARTS.scroll.inBrowser, 'no browser');
    expect(rows.map(({ limit, measured, how }) => ({ limit, measured, how }))).toEqual([
      { limit: null, measured: null, how: 'no browser' },
      { limit: 17, measured: null, how: 'no browser' },
      { limit: 60, measured: null, how: 'no browser' },
    ]);
  });
});

describe('what clients of the stream add', () => {
  const cell = { watch: 'tick,orders', kbPerSecond: 100, shed: 0, lost: undefined, rate: rateOf(198, 200) };
  const [first, clients, last] = [
    { ...cell, clients: 0, cpu: 20 },
    { ...cell, clients: 100, cpu: 26 },
    { ...cell, clients: 0, cpu: 24 },
  ];
  const figures = (cells: Parameters<typeof rowsOf>[0]) =>
    rowsOf(cells).map(({ measured, limit, how }) => [measured ?? how, limit]);

  it('is what the gateway takes more than without any', () => {
    expect(figures([first, clients, last])).toEqual([
      [22, null],
      [4, 5],
    ]);
  });

  it('is not measured where too few orders were accepted, nor of clients that read no more', () => {
    const few = { ...cell, rate: rateOf(179, 200) };
    expect(figures([first, { ...clients, rate: few.rate }, last])).toEqual([
      [22, null],
      ['only 179 orders/s were accepted', 5],
    ]);
    expect(figures([first, { ...clients, lost: 'a stream ended' }, { ...last, rate: few.rate }])).toEqual([
      [20, null],
      ['a stream ended', 5],
    ]);
  });

  it('is not measured where nothing was measured without any', () => {
    expect(rowsOf([clients]).map(({ measured }) => measured)).toEqual([null, null]);
  });
});

it('an interaction of which the browser tells nothing counts as the shortest that it tells of', () => {
  expect(allOf([120, 24], 4)).toEqual([120, 24, 16, 16]);
  expect(allOf([24, 24, 24], 2)).toEqual([24, 24, 24]);
  expect(() => allOf([], 30)).toThrow('none');
});

it('a percentile is the value of its rank, whatever the sequence', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect([0, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 100, 190, 200]);
  expect(percentile([], 0.95)).toBeNaN();
});

describe('the options', () => {
  it('without options all parts are measured', () => {
    expect(readConsoleOptions([])).toEqual({
      ...{ do: 'run', only: Object.keys(PARTS), seconds: 5, orders: 10_000, json: undefined, write: false },
    });
  });

  it.each([
    ['a part that is none', ['--only', 'bread']],
    ['no number', ['--seconds', 'long']],
    ['a document of a part', ['--write', '--only', 'stream']],
    ['a document of fewer orders', ['--write', '--orders', '100']],
    ['a file to do nothing with', ['--from', 'a.json']],
    ['an option that is none', ['--bread']],
  ])('%s is refused', (_, args) => {
    expect(() => readConsoleOptions(args)).toThrow(UsageError);
  });
});

it('what is kept of a report is a line for each row, and reads as it was', () => {
  const report: ConsoleReport = {
    ...{ date: '2026-11-28', browser: null, seconds: 10, orders: 10_000, rows: [row({}), row({ measured: null })] },
    machine: { cpu: 'a CPU', cores: 2, node: '20', postgres: '16', loadBefore: 0, loadAfter: 1 },
  };
  expect(JSON.parse(reportText(report))).toEqual(report);
  expect(reportText(report).split('\n')).toHaveLength(12);
});

it('the document shows the report that is kept, and says so where there is none', async () => {
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(await documentWith(keptReport()));
});
