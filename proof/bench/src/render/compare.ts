import type { Result } from '../result.js';

const FIGURES: readonly (readonly [string, (result: Result) => number | undefined])[] = [
  ['confirmed/s', (result) => result.confirmedPerSecond],
  ['ended/s', (result) => result.endedPerSecond],
  ['p50', (result) => result.latencyMs.p50],
  ['p99', (result) => result.latencyMs.p99],
  ['POST p50', (result) => result.postMs.p50],
  ['CPU', (result) => result.cpuMsPerOrder['total']],
  ['Node', (result) => result.cpuMsPerOrder['node']],
  ['PostgreSQL', (result) => result.cpuMsPerOrder['postgres']],
  ['Kafka', (result) => result.cpuMsPerOrder['kafka']],
  ['commits', (result) => result.commitsPerOrder],
  ['WAL', (result) => result.walBytesPerOrder],
  ['MB', (result) => result.residentMb['node']],
  // Of the machine, not of Backstep: what is dearer by as much is not dearer.
  ['(JSON)', (result) => result.jsonMicroseconds],
];

const COLUMN = 11;

/** For each scenario that both have, what the second measured as a multiple of the first. */
export function compare(before: readonly Result[], after: readonly Result[]): string {
  const lines = [['', ...FIGURES.map(([name]) => name)]];
  for (const result of after) {
    const first = before.find(({ scenario }) => scenario === result.scenario);
    if (!first) continue;
    lines.push([result.scenario, ...FIGURES.map(([, read]) => ratio(read(first), read(result)))]);
  }
  return lines
    .map(([name = '', ...cells]) => name.padEnd(16) + cells.map((cell) => cell.padStart(COLUMN)).join(''))
    .join('\n');
}

function ratio(before: number | null | undefined, after: number | null | undefined): string {
  const value = Number(after) / Number(before);
  return Number.isFinite(value) ? `× ${value.toFixed(2)}` : '–';
}
