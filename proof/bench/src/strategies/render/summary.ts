import type { StrategiesReport } from '../report.js';
import { crossingSentences } from './tables.js';

/** The end of a run, on the screen. */
export function summary(report: StrategiesReport): string {
  const { faults, cells, crossover } = report;
  const raced = cells.some((cell) => cell.load === 'one' && cell.clients > 1 && cell.strategy === 'none');
  return [
    ...crossingSentences(report),
    ...(crossover ? [] : ['The crossover was not measured.']),
    ...faults.map((fault) => `FAULT: ${fault}`),
    ...(faults.length > 0
      ? []
      : [
          `Sums are right in ${cells.length} cells.${raced ? ' `none` has lost updates on one key: the harness races.' : ' Whether the harness races was not asked: it takes `none` on one key.'}`,
        ]),
  ].join('\n');
}
