import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../option-values.js';
import { figuresOf, type Figures, type Window } from './measure/figures.js';
import type { Reading } from './measure/meter.js';
import { wallClockOffset } from './measure/wall-clock.js';
import { readPeersOptions } from './options.js';
import { IDLE } from './phases.js';
import { conditions, NOT_MEASURED, withPeers } from './render/document.js';
import { cellLine } from './render/line.js';
import { noise, tables } from './render/tables.js';
import { faultsOf, reportText, type Cell, type PeersReport } from './report.js';
import { restateAbsence } from './restate/install.js';
import { Teardown } from './teardown.js';
import { DOCUMENT, documentWith, keptReport } from './write-document.js';

/** Goal: a figure of the comparison says what its name says. Method: readings, samples and reports by hand, whose figures can be counted on fingers. */
const reading = (changes: Partial<Reading>): Reading => ({
  at: 0,
  cpuMs: { node: 0, engine: 0, postgres: 0, provider: 0, load: 0 },
  writes: 0,
  walBytes: 0,
  busyMs: 0,
  stolenMs: 0,
  ...changes,
});

/** Ten seconds, from 1,000 to 11,000 ms. */
const window = (changes: Partial<Window> = {}): Window => ({
  from: reading({ at: 1_000 }),
  to: reading({
    at: 11_000,
    cpuMs: { node: 6, engine: 3, postgres: 1, provider: 2, load: 4 },
    writes: 10,
    walBytes: 2_048,
    busyMs: 1_016,
    stolenMs: 500,
  }),
  samples: [
    { startedAt: 900, acceptedAt: 950, endedAt: 1_500, ending: 'CONFIRMED' },
    { startedAt: 2_000, acceptedAt: 2_010, endedAt: 2_100, ending: 'CONFIRMED' },
    { startedAt: 10_900, acceptedAt: 10_930, endedAt: 11_500, ending: 'CONFIRMED' },
  ],
  sagaTimes: [
    { acceptedAt: 990, endedAt: 1_500 },
    { acceptedAt: 2_005, endedAt: 2_100 },
  ],
  refusals: { later: 2, otherwise: { 'no answer': 1 } },
  unfinished: 1,
  memoryMb: 100,
  ...changes,
});

describe('the figures of a phase', () => {
  const figures = figuresOf(window());

  it('rates and costs are of the orders that ended within the window', () => {
    expect(figures).toMatchObject({ ordersPerSecond: 0.2, commitsPerOrder: 5, walBytesPerOrder: 1_024, memoryMb: 100 });
  });

  it('the costs of a system are those of its parts, without the load and the stand-in', () => {
    expect(figures.cpuMsPerOrder).toEqual({ node: 3, engine: 1.5, postgres: 0.5, provider: 1, load: 2, total: 5 });
    expect(figures.cpuMsPerSecond).toBe(1);
  });

  it('latencies are of the orders that were placed within the window, from the moment they were meant to be placed', () => {
    expect(figures.latencyMs).toEqual({ p50: 100, p99: 600 });
    expect(figures.postMs).toEqual({ p50: 10, p99: 30 });
    expect(figures.sagaMs).toEqual({ p50: 95, p99: 95 });
  });

  it('what neither the system nor load and stand-in have used, others have', () => {
    expect(figures).toMatchObject({ otherCores: 0.1, stolenCores: 0.05 });
  });

  it('a phase with refused or unfinished orders is a fault', () => {
    const cell: Cell = { system: 'restate', round: 1, phase: '20/s', figures };
    expect(faultsOf(cell)).toEqual([
      'restate, round 1, 20/s: 3 orders were refused',
      'restate, round 1, 20/s: 1 orders were accepted and have not ended',
    ]);
    const fine = figuresOf(window({ refusals: { later: 0, otherwise: {} }, unfinished: 0 }));
    expect(faultsOf({ ...cell, figures: fine })).toEqual([]);
  });

  it('the wall clock is the monotonic clock and its offset', () => {
    const wall = wallClockOffset() + performance.now();
    expect(Math.abs(wall - Date.now())).toBeLessThan(50);
  });
});

const base = figuresOf(window({ refusals: { later: 0, otherwise: {} }, unfinished: 0 }));
const cell = (system: string, phase: string, round: number, changes: Partial<Figures>): Cell => ({
  system,
  phase,
  round,
  figures: { ...base, ...changes },
});
const latency = (p50: number) => ({ latencyMs: { p50, p99: 2 * p50 } });

const REPORT: PeersReport = {
  machine: { cpu: 'A CPU', cores: 2, node: '20.20.0', postgres: '18.4', loadBefore: 0.1, loadAfter: 2 },
  date: '2026-11-28',
  seconds: 10,
  warmUpSeconds: 20,
  rounds: 2,
  systems: [
    { name: 'backstep', title: 'Backstep', ours: true, version: 'commit abc' },
    { name: 'together', title: 'Backstep, together', ours: true, version: 'commit abc' },
    { name: 'restate', title: 'Restate', ours: false, version: 'server 1' },
  ],
  absent: { DBOS: 'of no reason' },
  cells: [
    cell('backstep', IDLE.name, 1, { ordersPerSecond: 0, cpuMsPerSecond: 67, memoryMb: 1_300 }),
    cell('backstep', '20/s', 1, latency(30)),
    cell('backstep', '20/s', 2, latency(40)),
    cell('backstep', '16 in flight', 1, { ordersPerSecond: 200 }),
    cell('together', '20/s', 1, latency(20)),
    cell('restate', '20/s', 1, latency(10)),
    cell('restate', '16 in flight', 1, { ordersPerSecond: 400 }),
  ],
  faults: [],
};

/** A row of the first table whose title begins so, its cells without their padding. */
function rowOf(text: string, title: string, row: string): readonly string[] | undefined {
  const table = text.slice(text.indexOf(`**${title}`));
  const line = table.split('\n').find((one) => one.startsWith(`| ${row} `));
  return line
    ?.split('|')
    .slice(2, -1)
    .map((one) => one.trim());
}

describe('the tables of the comparison', () => {
  const text = tables(REPORT);
  const UNTIL = 'Until an order is confirmed';

  it('a cell is the median of its rounds, and a dash where nothing was measured', () => {
    expect(rowOf(text, UNTIL, 'Backstep')).toEqual(['35.0 / 70.0', '100 / 600']);
    expect(rowOf(text, UNTIL, 'Backstep, together')).toEqual(['20.0 / 40.0', '– / –']);
  });

  it('each of ours is compared with each peer', () => {
    expect(rowOf(text, UNTIL, 'Backstep : Restate')).toEqual(['3.5 ×', '1.0 ×']);
    expect(rowOf(text, UNTIL, 'Backstep, together : Restate')).toEqual(['2.0 ×', '–']);
    expect(text).not.toContain('Backstep : Backstep');
  });

  it('orders a second are of the flood alone, since in the quiet phases they are given', () => {
    expect(rowOf(text, 'Orders a second', 'Backstep')).toEqual(['200']);
    expect(rowOf(text, 'Orders a second', 'Backstep : Restate')).toEqual(['0.50 ×']);
  });

  it('what a system uses without orders has a table of its own', () => {
    expect(rowOf(text, 'Without orders', 'Backstep')).toEqual(['67.0; 1,300']);
  });

  it('a report that was written and read again gives the same tables', () => {
    expect(tables(JSON.parse(reportText(REPORT)) as PeersReport)).toBe(text);
  });

  it('the conditions name the versions, who was left out, and how far the rounds are apart', () => {
    expect(noise(REPORT, ({ latencyMs }) => latencyMs.p50)).toBeCloseTo(1 / 3);
    const told = conditions(REPORT);
    for (const part of ['Restate: server 1', 'DBOS was not measured: of no reason.', 'at most 33 % (p50)'])
      expect(told).toContain(part);
  });

  it('a line of a phase has its costs, and says when others used the machine', () => {
    const line = cellLine('Backstep', cell('backstep', '20/s', 1, { ...latency(30), otherCores: 0.4 }));
    expect(line).toContain('p50 30.0, p99 60.0 ms');
    expect(line).toContain('CPU-ms 5.00 = 3.00 + 1.50 + 0.50');
    expect(line).toContain('0.40 cores used by others');
    expect(cellLine('Backstep', cell('backstep', '20/s', 1, {}))).not.toContain('used by others');
  });
});

describe('the document of the comparison', () => {
  it('the document shows the report that is kept: `npm run bench -- --peers --write --from` writes it again', async () => {
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(await documentWith(keptReport()));
  });

  it('the document says so as long as nothing was measured, and has the tables when something was', () => {
    const document = '# Bench\n\n<!-- measured: begin -->\n<!-- measured: end -->\n\nMore.\n';
    expect(withPeers(document, undefined)).toContain(NOT_MEASURED);
    const measured = withPeers(document, REPORT);
    expect(measured).toContain('| Backstep : Restate');
    expect(measured).not.toContain(NOT_MEASURED);
    expect(measured).toMatch(/More\.\n$/);
    expect(() => withPeers('# Bench\n', REPORT)).toThrow('the document lacks');
  });
});

describe('the options of the comparison', () => {
  it.each([
    [['--systems', 'temporal'], '--systems: there is no "temporal", but backstep, restate, dbos'],
    [['--only', 'loud'], '--only: there is no "loud", but quiet, flood'],
    [['--seconds', '0'], '--seconds must be a whole number from 1 to 600, not 0'],
    [['--warm-up', 'x'], '--warm-up must be a whole number from 1 to 600, not x'],
    [['--rounds', '21'], '--rounds must be a whole number from 1 to 20, not 21'],
    [['--write', '--only', 'quiet'], '--write takes all systems, all phases and at least 2 rounds'],
    [['--write', '--rounds', '1'], '--write takes all systems, all phases and at least 2 rounds'],
    [['--from', 'a.json'], '--from goes with --write'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is refused in one line', (args, says) => {
    const read = (): unknown => readPeersOptions(['--peers', ...args]);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(says);
    expect(read).not.toThrow('\n');
  });

  it('without options, all systems are run twice, quiet before the flood', () => {
    const options = { systems: ['backstep', 'restate', 'dbos'], only: ['quiet', 'flood'], rounds: 2, write: false };
    expect(readPeersOptions(['--peers'])).toMatchObject({ do: 'run', ...options });
    expect(readPeersOptions(['--peers', '--only', 'flood,quiet'])).toMatchObject({ only: ['quiet', 'flood'] });
    expect(readPeersOptions(['--peers', '--write', '--from', 'a.json'])).toEqual({ do: 'write', from: 'a.json' });
  });
});

it('a peer that is not made for a system is told in one line, and npm is not asked', async () => {
  expect(await restateAbsence('sunos-sparc')).toBe('Restate has no server for sunos-sparc');
});

it('what was started is ended in reverse, all of it, also when one of them cannot be', async () => {
  const ended: string[] = [];
  const teardown = new Teardown();
  const part = (name: string, fails = false) => ({
    stop: () => {
      ended.push(name);
      return fails ? Promise.reject(new Error(`${name} stays`)) : Promise.resolve();
    },
  });
  for (const one of [part('first'), part('second', true), part('third')]) teardown.add(one);
  await expect(teardown.stop()).rejects.toThrow('second stays');
  expect(ended).toEqual(['third', 'second', 'first']);
  await teardown.stop();
  expect(ended).toHaveLength(3);
});
