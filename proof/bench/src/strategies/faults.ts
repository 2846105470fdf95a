import type { Cell } from './report.js';
import type { Strategy } from './strategy.js';

/**
 * What makes a run worthless. A harness whose unchecked writers lose nothing on one key does not race, and what it says of the others is
 * nothing; a strategy that loses an update, or applies one that nobody was told of, is no strategy.
 * @returns a sentence for each; none when the run is good
 */
export function faultsOf(cells: readonly Cell[], strategies: Readonly<Record<string, Strategy>>): string[] {
  const isUnsafe = ({ strategy }: Cell): boolean => strategies[strategy]?.unsafe === true;
  const wrong = cells
    .filter((cell) => cell.lost !== 0 && !isUnsafe(cell))
    .map(
      ({ strategy, load, keys, clients, workMs, acknowledged, lost }) =>
        `${strategy} (${load}, ${keys} keys, ${clients} clients, ${workMs} ms inside): ${acknowledged} acknowledged, ${acknowledged - lost} in the rows`,
    );
  const races = cells.filter((cell) => cell.load === 'one' && cell.clients > 1 && isUnsafe(cell));
  const idle = races.filter(({ lost }) => lost <= 0);
  return [
    ...wrong,
    ...idle.map(
      ({ strategy, clients, workMs }) =>
        `the harness does not race: ${strategy} has lost nothing on one key (${clients} clients, ${workMs} ms inside)`,
    ),
  ];
}
