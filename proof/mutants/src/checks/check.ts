import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChaosCheck, Check, SimulationCheck, Verdict } from '../mutant.js';
import { jsonIn, run, whyBroken, type Ended } from './child.js';
import type { Found } from './simulate.js';
import { bySpec } from './spec.js';

/** A run that is not through by then has hung, milliseconds. */
const SIMULATION_TIMEOUT_MS = 10 * 60_000;
/** For what a chaos run needs beside its storm: a system that starts, comes to rest, and is examined. */
const CHAOS_OVERHEAD_MS = 6 * 60_000;
const MS_PER_MINUTE = 60_000;

/** What says that something about the system is wrong. All else (`crash`, a statement that the simulation does not know) is a broken mutant. */
const NAMED_INVARIANT = /^(I\d+|fencing|liveness|order)$/;
const DOCTOR_SAYS = /^(I\d+): (.*)$/;

/** Makes the check on the code in `dir`. */
export function makeCheck(check: Check, dir: string, signal?: AbortSignal): Promise<Verdict> {
  switch (check.kind) {
    case 'simulation':
      return bySimulation(check, dir, signal);
    case 'chaos':
      return byChaos(check, dir, signal);
    case 'spec':
      return bySpec(check, dir, signal);
  }
}

async function bySimulation(check: SimulationCheck, dir: string, signal?: AbortSignal): Promise<Verdict> {
  const program = join(dir, 'proof', 'mutants', 'dist', 'checks', 'simulate.js');
  const ended = await run([program, JSON.stringify(check)], dir, SIMULATION_TIMEOUT_MS, signal);
  const found = foundBy(ended);
  if (!found) return { kind: 'broken', why: whyBroken(ended) };
  const { runs, seed, invariant, what = '' } = found;
  if (seed === undefined || invariant === undefined) return { kind: 'survived', runs };
  if (!NAMED_INVARIANT.test(invariant)) return { kind: 'broken', why: `${invariant}, seed ${seed}: ${what}` };
  return { kind: 'caught', by: invariant, seed, after: runs, what };
}

function foundBy({ code, stdout }: Ended): Found | undefined {
  return code === 0 ? (JSON.parse(stdout) as Found) : undefined;
}

/** The verdict is the doctor's, or the comparison with what the clients were answered; a harness that fails says nothing. */
async function byChaos(
  { seed, minutes, instances, faults }: ChaosCheck,
  dir: string,
  signal?: AbortSignal,
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'backstep-mutants-chaos-'));
  // A failed run leaves its logs and databases: in here. PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  const figures = join(folder, 'figures.json');
  const program = join(dir, 'proof', 'chaos', 'dist', 'main.js');
  const options = { seed, minutes, instances, faults: faults.join(','), json: figures };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  try {
    const ended = await run([program, ...args], dir, minutes * MS_PER_MINUTE + CHAOS_OVERHEAD_MS, signal, {
      ...process.env,
      TMPDIR: folder,
    });
    if (ended.code === 0) return { kind: 'survived', runs: 1 };
    const { violations } = jsonIn<{ readonly violations: readonly string[] }>(figures) ?? { violations: [] };
    for (const violation of violations) {
      const [, by, what] = DOCTOR_SAYS.exec(violation) ?? [];
      if (by !== undefined && what !== undefined) return { kind: 'caught', by: `doctor ${by}`, seed, after: 1, what };
    }
    return { kind: 'broken', why: violations[0] ?? whyBroken(ended) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
