import type { Crossing, CrossoverPoint, Spread } from '../crossover.js';
import { LOADS } from '../loads.js';
import type { StrategiesReport } from '../report.js';
import { markdownTable } from './markdown-table.js';
import { count, ms, percent, times } from './numbers.js';
import { distinct, figuresAt, placeTitle, workTitle, type Figures } from './places.js';

const cellText = ({ opsPerSecond, p99, conflicts, lost, acknowledged }: Figures): string =>
  [
    `${count(opsPerSecond)}/s, ${ms(p99)}`,
    ...(conflicts >= 0.001 ? [`c ${percent(conflicts)}`] : []),
    ...(lost > 0 ? [`**lost ${count(lost)} of ${count(acknowledged)}**`] : []),
  ].join(', ');

/** A table for each load, with and without work inside: a row for each strategy, a column for each number of clients. */
export function gridTables(report: StrategiesReport): string {
  const works = distinct(report.cells.map(({ workMs }) => workMs));
  const clients = distinct(report.cells.map((cell) => cell.clients));
  const loads = LOADS.filter((load) => report.cells.some((cell) => cell.load === load));
  const sections = works.flatMap((workMs) =>
    loads.map((load) => {
      const rows = Object.keys(report.strategies).map((strategy) => [
        strategy,
        ...clients.map((of) => {
          const figures = figuresAt(report, { strategy, load, clients: of, workMs });
          return figures ? cellText(figures) : '';
        }),
      ]);
      const head = ['', ...clients.map((of) => (of === 1 ? '1 client' : `${of} clients`))];
      return `### ${placeTitle(load, workMs)}\n\n${markdownTable(head, rows)}`;
    }),
  );
  return sections.join('\n\n');
}

export const strategyTable = ({ strategies }: StrategiesReport): string =>
  markdownTable(['strategy', 'what it does'], Object.entries(strategies));

const range = ({ min, median, max }: Spread, text: (value: number) => string): string =>
  `${text(median)} (${text(min)} to ${text(max)})`;

const pointRow = ({ keys, conflicts, throughput, p99 }: CrossoverPoint): string[] => [
  keys.toLocaleString('en'),
  range(conflicts, percent),
  range(throughput, times),
  range(p99, times),
];

export const crossoverTables = ({ crossover }: StrategiesReport): string =>
  distinct((crossover?.points ?? []).map(({ workMs }) => workMs))
    .map((workMs) => {
      const points = (crossover?.points ?? []).filter((point) => point.workMs === workMs);
      const head = ['keys', 'conflicts per attempt', 'throughput, optimistic : locked', 'p99, optimistic : locked'];
      return `### Crossover, ${workTitle(workMs)}\n\n${markdownTable(head, points.map(pointRow))}`;
    })
    .join('\n\n');

/** `throughput crosses at 27 % conflicts (22 % to 31 % in three rounds)`. */
export function crossingText({ of, at, byRound }: Crossing): string {
  const found = byRound.filter((one): one is number => one !== undefined && one !== null);
  if (at === undefined || at === null) return `${of} does not cross: one of both is ahead at every rate`;
  if (found.length < byRound.length)
    return `${of} crosses at ${percent(at)} conflicts, and in ${byRound.length - found.length} of ${byRound.length} rounds nowhere`;
  return `${of} crosses at ${percent(at)} conflicts (${percent(Math.min(...found))} to ${percent(Math.max(...found))} over ${byRound.length} rounds)`;
}

export const crossingSentences = ({ crossover }: StrategiesReport): string[] =>
  distinct((crossover?.crossings ?? []).map(({ workMs }) => workMs)).map((workMs) => {
    const texts = (crossover?.crossings ?? []).filter((one) => one.workMs === workMs).map(crossingText);
    return `With ${workTitle(workMs)}, ${texts.join('; ')}.`;
  });
