import { chosen, FLAG, parsed, TEXT, UsageError } from '../option-values.js';
import { STRATEGY_NAMES, type StrategyName } from './catalogue.js';
import { ALL_CLIENTS, CLIENTS, CLIENTS_MAX, isWhole, WORKS_MS, type GridOptions } from './grid.js';
import { LOADS, type LoadName } from './loads.js';

export type StrategiesOptions =
  | { readonly do: 'help' }
  | { readonly do: 'write'; readonly from: string }
  | ({
      readonly do: 'run';
      readonly strategies: readonly StrategyName[];
      readonly seconds: number;
      readonly rounds: { readonly grid: number; readonly crossover: number };
      readonly json: string | undefined;
      /** Into the documents. */
      readonly write: boolean;
    } & GridOptions);

const SECONDS = 1;
const ROUNDS = { grid: 1, crossover: 3 };
const ROUNDS_MAX = 20;
const OPTIONS = {
  help: FLAG,
  only: TEXT,
  loads: TEXT,
  clients: TEXT,
  full: FLAG,
  seconds: TEXT,
  rounds: TEXT,
  json: TEXT,
  write: FLAG,
  from: TEXT,
};

export const strategiesUsage = (): string => `npm run bench -- strategies [options]

  --only A,B      these strategies; default: all (${STRATEGY_NAMES.join(', ')})
  --loads A,B     these loads; default: ${LOADS.join(', ')}
  --clients N,M   so many clients, each from 1 to ${CLIENTS_MAX}; default ${CLIENTS.join(', ')}
  --full          clients ${ALL_CLIENTS.join(', ')}
  --seconds S     measure each cell for so long; default ${SECONDS}
  --rounds R      run the grid, and the crossover, so often; default ${ROUNDS.grid}, and ${ROUNDS.crossover} for the crossover; 0 leaves the crossover out
  --json FILE     write all that was measured
  --write         write it into docs/concurrency, docs/img and proof/bench/results
  --from FILE     with --write: what --json has written, instead of a run

A PostgreSQL of its own is started, with fsync and synchronous_commit on. After each cell, what was acknowledged is compared with what is in
the rows. Exit code 1: a strategy has lost an update, or \`none\` has lost none on one key, so that nothing has raced.
`;

/** @throws UsageError */
export function readStrategiesOptions(args: readonly string[]): StrategiesOptions {
  const { values } = parsed({ args: [...args], options: OPTIONS });
  if (values.help) return { do: 'help' };
  if (values.from !== undefined) {
    if (!values.write) throw new UsageError('--from goes with --write: there is nothing else to do with a file');
    return { do: 'write', from: values.from };
  }
  if (values.full && values.clients !== undefined) throw new UsageError('--full and --clients exclude each other');
  const rounds = values.rounds === undefined ? undefined : whole('rounds', values.rounds, 0, ROUNDS_MAX);
  const options = {
    do: 'run' as const,
    strategies: chosen('only', values.only, STRATEGY_NAMES),
    loads: chosen('loads', values.loads, LOADS) as readonly LoadName[],
    works: WORKS_MS,
    clients: values.full ? ALL_CLIENTS : clientsOf(values.clients),
    seconds: values.seconds === undefined ? SECONDS : secondsOf(values.seconds),
    rounds: rounds === undefined ? ROUNDS : { grid: Math.max(1, rounds), crossover: rounds },
    json: values.json,
    write: values.write ?? false,
  };
  const isAll = isWhole(options) && options.strategies.length === STRATEGY_NAMES.length && options.rounds.crossover > 0;
  if (options.write && !isAll)
    throw new UsageError('--write takes all strategies, loads and clients, and the crossover: the documents show them');
  return options;
}

function clientsOf(given: string | undefined): readonly number[] {
  if (given === undefined) return CLIENTS;
  const counts = given.split(',').map((one) => whole('clients', one, 1, CLIENTS_MAX));
  return [...new Set(counts)].sort((one, other) => one - other);
}

function secondsOf(text: string): number {
  const value = Number(text);
  if (!(value >= 0.05 && value <= 600)) throw new UsageError(`--seconds must be from 0.05 to 600, not ${text}`);
  return value;
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name} must be whole numbers from ${min} to ${max}, not ${text}`);
  return value;
}
