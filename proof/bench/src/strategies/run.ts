import { describeMachine, loadOfTheMachine } from '../measure/machine.js';
import { CROSSOVER_CLIENTS, crossoverOf, crossoverPlaces, LOCKED, OPTIMISTIC } from './crossover.js';
import { faultsOf } from './faults.js';
import { gridPlaces, type GridOptions } from './grid.js';
import { conflictRate, type Cell, type Place, type StrategiesReport } from './report.js';
import { runCell } from './run-cell.js';
import { inOwnDatabase } from './own-database.js';
import { Sessions } from './sessions.js';
import { KEYS } from './stock.js';
import type { Strategy } from './strategy.js';

export interface RunOptions extends GridOptions {
  /** A PostgreSQL, and a login that may create databases. */
  readonly url: string;
  readonly all: Readonly<Record<string, Strategy>>;
  /** Measured, of each cell. */
  readonly seconds: number;
  readonly rounds: { readonly grid: number; readonly crossover: number };
  readonly signal: AbortSignal;
  print(line: string): void;
}

/** Until V8 has compiled what is hot and PostgreSQL has its pages: not measured. */
const WARM_UP_SECONDS_MAX = 0.5;

/**
 * Measures the strategies, in a database of the run's own.
 * @returns what was measured, and what makes it worthless (`faults`)
 */
export async function runStrategies(options: RunOptions): Promise<StrategiesReport> {
  const { url, all, strategies, seconds, rounds, print } = options;
  const loadBefore = loadOfTheMachine();
  return inOwnDatabase(url, 'backstep_bench', async (own) => {
    const clients = Math.max(...options.clients, rounds.crossover > 0 ? CROSSOVER_CLIENTS : 1);
    const sessions = await Sessions.open(own, clients);
    try {
      const run = async (place: Place, round: number, forSeconds = seconds): Promise<Cell> => {
        const strategy = all[place.strategy];
        if (!strategy) throw new Error(`there is no strategy ${place.strategy}`);
        return runCell(strategy, place, sessions, { seconds: forSeconds, round, signal: options.signal });
      };
      const cells: Cell[] = [];
      await warmUp(options, run);
      for (let round = 1; round <= rounds.grid; round++)
        for (const place of gridPlaces(options)) {
          const cell = await run(place, round);
          print(lineOf(cell));
          cells.push(cell);
        }
      const both: Cell[] = [];
      const compared = [OPTIMISTIC, LOCKED].every((name) => strategies.includes(name));
      for (let round = 1; compared && round <= rounds.crossover; round++)
        for (const workMs of options.works)
          for (const place of crossoverPlaces(round, workMs)) {
            const cell = await run(place, round);
            print(`round ${round}: ${lineOf(cell)}`);
            both.push(cell);
          }
      const { rows } = await sessions.admin.query<{ server_version: string }>('SHOW server_version');
      return {
        machine: describeMachine({ postgres: rows[0]?.server_version ?? 'unknown', loadBefore }),
        date: new Date().toISOString().slice(0, 10),
        seconds,
        rounds,
        strategies: Object.fromEntries(strategies.map((name) => [name, all[name]?.about ?? ''])),
        cells,
        ...(both.length > 0 && { crossover: crossoverOf(both) }),
        faults: faultsOf([...cells, ...both], all),
      };
    } finally {
      await sessions.close();
    }
  });
}

/** A little of everything, where it collides. */
async function warmUp(
  { strategies, seconds }: RunOptions,
  run: (place: Place, round: number, seconds: number) => Promise<Cell>,
): Promise<void> {
  for (const strategy of strategies)
    await run({ strategy, load: 'zipf', keys: KEYS, clients: 1, workMs: 0 }, 0, Math.min(seconds, WARM_UP_SECONDS_MAX));
}

const lineOf = (cell: Cell): string => {
  const { strategy, load, keys, clients, workMs, opsPerSecond, p99, lost } = cell;
  const where = load === 'uniform' ? `${load} over ${keys}` : load;
  return [
    strategy.padEnd(12),
    `${where}, ${clients} clients, ${workMs} ms inside:`.padEnd(44),
    `${Math.round(opsPerSecond)}/s`.padStart(9),
    `p99 ${p99.toFixed(1)} ms`.padStart(14),
    `conflicts ${(100 * conflictRate(cell)).toFixed(1)} %`.padStart(18),
    ...(lost === 0 ? [] : [`  LOST ${lost}`]),
  ].join(' ');
};
