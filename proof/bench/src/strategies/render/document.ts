import { withMarked } from '../../render/marked.js';
import type { StrategiesReport } from '../report.js';
import { crossingSentences, crossoverTables, gridTables, strategyTable } from './tables.js';

/** The document with what this report says between its markers. @throws Error when the document has no markers */
export const withMeasured = (document: string, report: StrategiesReport): string =>
  withMarked(document, measured(report));

const rounds = (count: number): string => (count === 1 ? 'one round' : `${count} rounds`);

function measured(report: StrategiesReport): string {
  const { machine, date, seconds, rounds: of } = report;
  return [
    `${date}; ${machine.cores} cores (${machine.cpu}), load of the machine ${machine.loadBefore.toFixed(1)} before and ${machine.loadAfter.toFixed(1)} at the end; Node ${machine.node}, PostgreSQL ${machine.postgres}. ${seconds} s a cell; the grid in ${rounds(of.grid)}, the crossover in ${rounds(of.crossover)}.`,
    '## Is it 20 %?',
    crossingSentences(report).join('\n'),
    '![Throughput and p99 of optimistic against locked, over the conflict rate](../img/strategies-crossover.svg)',
    crossoverTables(report),
    '## What each does',
    strategyTable(report),
    '## How much each does',
    'Operations a second, p99, conflicts per attempt (c; of the kit: per batch).',
    '![Operations a second over clients, for each load](../img/strategies-throughput.svg)',
    gridTables(report),
  ].join('\n\n');
}
