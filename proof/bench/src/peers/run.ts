import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Load } from '../load/load.js';
import { spread } from '../load/orders.js';
import { describeMachine, loadOfTheMachine } from '../measure/machine.js';
import type { ComparedSystem, RunningSystem } from './compared-system.js';
import { Confirmations } from './measure/confirmations.js';
import { Meter } from './measure/meter.js';
import { runPhase, type Measuring } from './measure/run-phase.js';
import type { CompareOptions } from './options.js';
import { IDLE, PHASES, WARM_UP, type Phase } from './phases.js';
import { cellLine } from './render/line.js';
import { faultsOf, type Cell, type DescribedSystem, type PeersReport } from './report.js';
import { SYSTEMS, type SystemName } from './systems.js';

export interface CompareRun extends CompareOptions {
  readonly signal: AbortSignal;
  print(line: string): void;
  /** After each phase: what is measured is not lost when a later one fails. */
  keep?(report: PeersReport): void;
}

/** Runs the systems in turn, as often as there are rounds, each of them fresh. A system that cannot be run here is told once and left out. */
export async function compareSystems(run: CompareRun): Promise<PeersReport> {
  const { systems: names, only, rounds, seconds, warmUpSeconds, print } = run;
  const loadBefore = loadOfTheMachine();
  const phases = [IDLE, ...only.flatMap((group) => PHASES[group])];
  const systems = new Map<string, DescribedSystem>();
  const absent: Record<string, string> = {};
  const cells: Cell[] = [];
  const faults: string[] = [];
  let postgres = 'unknown';
  const report = (): PeersReport => ({
    machine: describeMachine({ postgres, loadBefore }),
    date: new Date().toISOString().slice(0, 10),
    ...{ seconds, warmUpSeconds, rounds, systems: [...systems.values()], absent, cells, faults },
  });
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      const compared: ComparedSystem = SYSTEMS[name];
      const { title, ours } = compared;
      const why = absent[title] ?? (await compared.absence?.());
      if (why !== undefined) {
        if (!(title in absent)) print(`${title} is not measured: ${why}`);
        absent[title] = why;
        continue;
      }
      const system = await compared.start(run.signal);
      try {
        systems.set(name, { name, title, ours, version: compared.version() });
        postgres = await postgresVersion(system);
        for await (const cell of measured(name, system, phases, round, run)) {
          cells.push(cell);
          faults.push(...faultsOf(cell));
          print(cellLine(title, cell));
          run.keep?.(report());
        }
        faults.push(...(await system.check()).map((fault) => `${name}, round ${round}: ${fault}`));
      } finally {
        await system.stop();
      }
    }
  }
  return report();
}

/** Warms the system up and runs the phases, in their sequence. */
async function* measured(
  name: SystemName,
  system: RunningSystem,
  phases: readonly Phase[],
  round: number,
  { seconds, warmUpSeconds, signal }: CompareRun,
): AsyncGenerator<Cell, void, void> {
  const confirmations = await Confirmations.open(system.databaseUrl);
  try {
    const meter = await Meter.open(system, [confirmations.backendPid]);
    try {
      await warmUp({ system, confirmations, meter }, warmUpSeconds, signal);
      for (const phase of phases) {
        const figures = await runPhase(phase, { system, confirmations, meter }, seconds, signal);
        yield { system: name, round, phase: phase.name, figures };
      }
    } finally {
      await meter.close();
    }
  } finally {
    await confirmations.close();
  }
}

/** Nothing of it is measured. @throws Error when its orders do not end: then nothing is worth measuring */
async function warmUp({ system, confirmations }: Measuring, seconds: number, signal: AbortSignal): Promise<void> {
  const load = new Load([system.ordersUrl], confirmations, spread, WARM_UP);
  load.start();
  await delay(seconds * 1_000, undefined, { signal });
  const unfinished = await load.stop();
  confirmations.assertLooking();
  if (unfinished > 0 || load.samples.size === 0)
    throw new Error(
      `of the orders of the warm-up ${load.samples.size} have ended, ${unfinished} have not, and these were refused: ${JSON.stringify(load.refusals)}`,
    );
}

async function postgresVersion({ databaseUrl }: RunningSystem): Promise<string> {
  const session = new pg.Client({ connectionString: databaseUrl, application_name: 'backstep bench' });
  await session.connect();
  try {
    const { rows } = await session.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await session.end();
  }
}
