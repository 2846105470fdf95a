import { simulate as runAll, Simulator } from '@backstep/simulation';
import { EXIT } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import { simulationJson, simulationText } from './render-simulation.js';
import { systemOf } from './system-of.js';

export interface SimulateOptions {
  readonly seed: number;
  readonly runs: number;
  readonly orders: number;
  readonly json?: true;
}

/** From so many runs on, everything that can happen must have happened. */
const COVERED_FROM_RUNS = 2_000;

export async function runSimulation(saga: string, { seed, runs, orders, json }: SimulateOptions): Promise<void> {
  const simulator = await Simulator.of(await systemOf(saga));
  const assertCoverage = runs >= COVERED_FROM_RUNS;
  const report = await runAll(simulator, { seed, runs, ordersMax: orders, assertCoverage });
  if (json) printJson(simulationJson(simulator.system.name, seed, report));
  else print(simulationText(simulator.system.name, seed, report, paint));
  process.exitCode = report.failure || report.missing.length > 0 ? EXIT.failed : EXIT.ok;
}
