import { LOADS } from '../loads.js';
import type { StrategiesReport } from '../report.js';
import { svgOf, type Axis, type Panel, type Series } from './chart.js';
import { distinct, figuresAt, placeTitle, workTitle } from './places.js';

/** The others are in the tables: `for-update` runs as `locked` does, and four instances are compared with `adaptive`. */
const DRAWN: Readonly<Record<string, { readonly colour: number; readonly dashed?: boolean }>> = {
  none: { colour: 0, dashed: true },
  optimistic: { colour: 1 },
  locked: { colour: 2 },
  serializable: { colour: 3 },
  delta: { colour: 4 },
  escrow: { colour: 5 },
  queue: { colour: 6 },
  batch: { colour: 7 },
  adaptive: { colour: 8 },
};

/** From the power of ten below the slowest cell on. */
function opsAxis(cells: StrategiesReport['cells']): Axis {
  const slowest = Math.min(100, ...cells.map(({ opsPerSecond }) => opsPerSecond));
  return {
    title: 'operations a second',
    ticks: [1, 10, 100, 1_000, 10_000, 100_000].filter((tick) => tick > slowest / 10),
    log: true,
    text: (value) => (value < 1_000 ? String(value) : `${value / 1_000} k`),
  };
}

/** Throughput over clients, a panel for each load, with and without work inside. */
export function throughputPlot(report: StrategiesReport): string {
  const clients = distinct(report.cells.map((cell) => cell.clients));
  const y = opsAxis(report.cells);
  const x: Axis = { title: 'clients', ticks: clients, log: true, text: String };
  const works = distinct(report.cells.map(({ workMs }) => workMs));
  const panels = works.flatMap((workMs) =>
    LOADS.map((load): Panel => {
      const series = Object.entries(DRAWN).map(([strategy, look]): Series => ({
        name: strategy,
        ...look,
        points: clients.flatMap((of) => {
          const figures = figuresAt(report, { strategy, load, clients: of, workMs });
          return figures ? [{ x: of, y: figures.opsPerSecond }] : [];
        }),
      }));
      return { title: placeTitle(load, workMs), x, y, series: series.filter(({ points }) => points.length > 0) };
    }),
  );
  return svgOf({ title: 'Throughput of each strategy', columns: LOADS.length, panels });
}

const RATIO: Axis = {
  title: 'optimistic : locked',
  ticks: [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8],
  log: true,
  text: (value) => (value < 1 ? `1/${1 / value}` : String(value)),
};
const CONFLICTS: Axis = {
  title: 'conflicts per attempt of optimistic',
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  log: false,
  text: (value) => `${Math.round(100 * value)} %`,
};
const CLAIMED = 0.2;

/** The ratios over the conflict rate: medians, and what the rounds span. */
export function crossoverPlot({ crossover }: StrategiesReport): string {
  const all = crossover?.points ?? [];
  const panels = distinct(all.map(({ workMs }) => workMs)).map((workMs): Panel => {
    const points = all.filter((point) => point.workMs === workMs);
    const seriesOf = (of: 'throughput' | 'p99', colour: number): Series => ({
      name: of,
      colour,
      points: points.map((point) => ({
        x: point.conflicts.median,
        y: point[of].median,
        low: point[of].min,
        high: point[of].max,
      })),
    });
    return {
      title: workTitle(workMs),
      x: CONFLICTS,
      y: RATIO,
      series: [seriesOf('throughput', 2), seriesOf('p99', 1)],
      marks: [
        { axis: 'y', at: 1, text: 'equal' },
        { axis: 'x', at: CLAIMED, text: '20 %' },
      ],
    };
  });
  return svgOf({ title: 'Optimistic against locked, over the conflict rate', columns: 2, panels });
}
