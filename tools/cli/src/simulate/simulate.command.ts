import type { Command } from 'commander';
import { wholeNumber } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import type { SimulateOptions } from './run-simulation.js';

/** Of a run, at most, unless it is said otherwise. */
export const ORDERS = 3;

/** `backstep simulate [saga]`: runs the services' own code on a simulated clock, network, Kafka and PostgreSQL, and lets it all fail. */
export function simulate(program: Command): void {
  const command = program
    .command('simulate')
    .description('run a saga in a simulated world where everything fails, and check the invariants at every step')
    .argument(
      '[saga]',
      '`place-order` with its real services; the name of another saga; or the path of a built module that exports one',
      'place-order',
    )
    .option(
      '--with <service>',
      'run its own handlers, where participants are made from the table otherwise; may be given again',
      (service: string, before: readonly string[] = []) => [...before, service],
    )
    .option('--seed <number>', 'of the first run; the next has the next number', wholeNumber(0, 4_294_967_295), 1)
    .option('--runs <count>', 'stop after so many', wholeNumber(1, 10_000_000), 1_000)
    .option('--orders <count>', 'in a run, at most', wholeNumber(1, 20), ORDERS)
    .option(
      '--express',
      'run the services of one number in one process, where they hand messages to each other by express',
    )
    .option('--json', 'print JSON, for programs')
    .action(async (saga: string, options: SimulateOptions) =>
      // Loaded when it runs: all services, and all they are made of.
      (await import('./run-simulation.js')).runSimulation(saga, options),
    );
  teach(
    command,
    [
      'simulate',
      'simulate --runs 10000 --seed 500000',
      'simulate --seed 4711 --runs 1',
      'simulate redeem-points --with loyalty',
      'simulate ./dist/my.saga.js --json',
    ],
    [[EXIT.failed, 'an invariant broke: the shortest story of it is told, with its seed; or something never happened']],
  );
}
