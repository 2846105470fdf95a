import { simulate as runAll, Simulator } from '@backstep/simulation';
import type { Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import { simulationJson, simulationText } from './render-simulation.js';
import { systemOf } from './system-of.js';

interface SimulateOptions {
  readonly seed: number;
  readonly runs: number;
  readonly orders: number;
  readonly json?: true;
}

/** From so many runs on, everything that can happen must have happened. */
const COVERED_FROM_RUNS = 2_000;

/** `backstep simulate [saga]`: runs the services' own code on a simulated clock, network, Kafka and PostgreSQL, and lets it all fail. */
export function simulate(program: Command): void {
  const command = program
    .command('simulate')
    .description('run a saga in a simulated world where everything fails, and check the invariants at every step')
    .argument(
      '[saga]',
      '`place-order` with its real services, or the path of a built module that exports a saga',
      'place-order',
    )
    .option('--seed <number>', 'of the first run; the next has the next number', wholeNumber(0, 4_294_967_295), 1)
    .option('--runs <count>', 'stop after so many', wholeNumber(1, 10_000_000), 1_000)
    .option('--orders <count>', 'in a run, at most', wholeNumber(1, 20), 3)
    .option('--json', 'print JSON, for programs')
    .action(async (saga: string, { seed, runs, orders, json }: SimulateOptions) => {
      const simulator = await Simulator.of(await systemOf(saga));
      const assertCoverage = runs >= COVERED_FROM_RUNS;
      const report = await runAll(simulator, { seed, runs, ordersMax: orders, assertCoverage });
      if (json) printJson(simulationJson(simulator.system.name, seed, report));
      else print(simulationText(simulator.system.name, seed, report, paint));
      process.exitCode = report.failure || report.missing.length > 0 ? EXIT.failed : EXIT.ok;
    });
  teach(
    command,
    [
      'simulate',
      'simulate --runs 10000 --seed 500000',
      'simulate --seed 4711 --runs 1',
      'simulate ./dist/my.saga.js --json',
    ],
    [[EXIT.failed, 'an invariant broke: the shortest story of it is told, with its seed; or something never happened']],
  );
}
