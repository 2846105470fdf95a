import { KB } from '../../measure/units.js';
import { spreadOf } from '../../strategies/crossover.js';
import { distinct } from '../../strategies/render/places.js';
import { markdownTable } from '../../strategies/render/markdown-table.js';
import type { Figures } from '../measure/figures.js';
import { IDLE } from '../phases.js';
import type { DescribedSystem, PeersReport } from '../report.js';
import { cost, time, times } from './cells.js';

/** One table: a row for each system, a column for each phase, and under them what ours is as a multiple of each peer. */
interface Table {
  readonly title: string;
  readonly shown: (of: Medians) => string;
  /** What is compared; undefined: nothing is. */
  readonly compared?: (of: Medians) => number;
  readonly phases?: (phase: string) => boolean;
}

/** Of a phase of a system, over the rounds. */
type Medians = (read: (figures: Figures) => number) => number;

const isOpen = (phase: string): boolean => phase.endsWith('/s');
const hasOrders = (phase: string): boolean => phase !== IDLE.name;

const TABLES: readonly Table[] = [
  {
    title: 'Until an order is confirmed, p50 / p99, ms; below, p50 as a multiple of the peer’s',
    shown: (of) => `${time(of((one) => one.latencyMs.p50))} / ${time(of((one) => one.latencyMs.p99))}`,
    compared: (of) => of((one) => one.latencyMs.p50),
    phases: hasOrders,
  },
  {
    title: 'The saga alone, from `created_at` of its order to the commit of the confirmation, p50 / p99, ms',
    shown: (of) => `${time(of((one) => one.sagaMs.p50))} / ${time(of((one) => one.sagaMs.p99))}`,
    compared: (of) => of((one) => one.sagaMs.p50),
    phases: hasOrders,
  },
  {
    title: 'CPU-ms an order, in all = Node + Kafka or Restate’s server + PostgreSQL',
    shown: (of) =>
      `${cost(of((one) => one.cpuMsPerOrder.total))} = ${[
        of((one) => one.cpuMsPerOrder.node),
        // DBOS has none.
        of((one) => one.cpuMsPerOrder.engine || NaN),
        of((one) => one.cpuMsPerOrder.postgres),
      ]
        .map(cost)
        .join(' + ')}`,
    compared: (of) => of((one) => one.cpuMsPerOrder.total),
    phases: hasOrders,
  },
  {
    title: 'Orders a second',
    shown: (of) => time(of((one) => one.ordersPerSecond)),
    compared: (of) => of((one) => one.ordersPerSecond),
    phases: (phase) => hasOrders(phase) && !isOpen(phase),
  },
  {
    title: 'Commits an order; KB of WAL',
    shown: (of) => `${cost(of((one) => one.commitsPerOrder))}; ${time(of((one) => one.walBytesPerOrder / KB))}`,
    phases: hasOrders,
  },
  {
    title: 'Apart from the systems, CPU-ms an order: the load / the stand-in of the provider',
    shown: (of) => `${cost(of((one) => one.cpuMsPerOrder.load))} / ${cost(of((one) => one.cpuMsPerOrder.provider))}`,
    phases: hasOrders,
  },
  {
    title: 'Without orders: CPU-ms a second; memory (PSS), MB',
    shown: (of) => `${time(of((one) => one.cpuMsPerSecond))}; ${time(of((one) => one.memoryMb))}`,
    phases: (phase) => !hasOrders(phase),
  },
];

/** All tables of a report, in Markdown. */
export function tables(report: PeersReport): string {
  const phases = distinct(report.cells.map(({ phase }) => phase));
  return TABLES.map((table) => {
    const columns = phases.filter((phase) => table.phases?.(phase) ?? true);
    return columns.length === 0 ? '' : `**${table.title}**\n\n${tableOf(table, columns, report)}`;
  })
    .filter((text) => text !== '')
    .join('\n\n');
}

function tableOf({ shown, compared }: Table, columns: readonly string[], report: PeersReport): string {
  const of = ({ name }: DescribedSystem, phase: string): Medians => mediansOf(report, name, phase);
  const rows = report.systems.map((system) => [system.title, ...columns.map((phase) => shown(of(system, phase)))]);
  const pairs = report.systems
    .filter(({ ours }) => ours)
    .flatMap((ours) => report.systems.filter((peer) => !peer.ours).map((peer) => ({ ours, peer })));
  const ratios = compared
    ? pairs.map(({ ours, peer }) => [
        `${ours.title} : ${peer.title}`,
        ...columns.map((phase) => times(compared(of(ours, phase)) / compared(of(peer, phase)))),
      ])
    : [];
  return markdownTable(['', ...columns], [...rows, ...ratios]);
}

/** NaN where nothing was measured. */
function mediansOf({ cells }: PeersReport, system: string, phase: string): Medians {
  const rounds = cells.filter((cell) => cell.system === system && cell.phase === phase).map(({ figures }) => figures);
  return (read) => {
    const values = rounds.map((figures) => read(figures) ?? NaN);
    return values.length === 0 ? NaN : spreadOf(values).median;
  };
}

/** How far the rounds of a figure are apart, as a share of the smallest: the largest of all systems and phases. */
export function noise(report: PeersReport, read: (figures: Figures) => number): number {
  const places = distinct(report.cells.map(({ system, phase }) => `${system} ${phase}`));
  const spreads = places.map((place) => {
    const values = report.cells
      .filter(({ system, phase }) => `${system} ${phase}` === place && hasOrders(phase))
      .map(({ figures }) => read(figures));
    return values.length < 2 ? 0 : Math.max(...values) / Math.min(...values) - 1;
  });
  return Math.max(0, ...spreads);
}
