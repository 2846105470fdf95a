import { simulate as runAll, Simulator } from '@backstep/simulation';
import { EXIT } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import { ORDERS } from './simulate.command.js';
import { simulationJson, simulationText } from './render-simulation.js';
import { systemOf } from './system-of.js';

export interface SimulateOptions {
  readonly seed: number;
  readonly runs: number;
  readonly orders: number;
  /** Services whose own handlers run. */
  readonly with?: readonly string[];
  readonly express?: true;
  readonly json?: true;
}

/** From so many runs on, everything that can happen must have happened. */
const COVERED_FROM_RUNS = 2_000;

export async function runSimulation(saga: string, options: SimulateOptions): Promise<void> {
  const { seed, runs, orders, express, json } = options;
  const simulator = await Simulator.of(await systemOf(saga, options));
  const assertCoverage = runs >= COVERED_FROM_RUNS;
  const report = await runAll(simulator, { seed, runs, ordersMax: orders, express, assertCoverage });
  if (json) printJson(simulationJson(simulator.system.name, seed, report));
  else print(simulationText(simulator.system.name, { seed, again: againWith(saga, options) }, report, paint));
  process.exitCode = report.failure || report.missing.length > 0 ? EXIT.failed : EXIT.ok;
}

/** What runs a seed of this once more, but for the seed. */
const againWith = (saga: string, { orders, express, with: services = [] }: SimulateOptions): string =>
  [
    'npx backstep simulate',
    ...(saga === 'place-order' ? [] : [saga]),
    ...services.map((service) => `--with ${service}`),
    ...(express ? ['--express'] : []),
    ...(orders === ORDERS ? [] : [`--orders ${orders}`]),
  ].join(' ');
