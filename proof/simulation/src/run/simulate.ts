import { Coverage } from '../world/coverage.js';
import type { PlanOptions } from '../world/plan.js';
import type { Simulator } from './run.js';
import { shrink, type Shrunk } from './shrink.js';

/** Runs between two turns of the event loop, which serve Ctrl-C and the progress display. */
const BREATHE_EVERY = 25;

export interface SimulateOptions extends PlanOptions {
  /** Seed of the first run; the next has the next number. */
  readonly seed: number;
  readonly runs: number;
  /** Fails when something that must happen never did: for batches that are long enough. */
  readonly assertCoverage: boolean;
  readonly progress?: (runs: number) => void;
}

export interface Report<Subject> {
  readonly runs: number;
  readonly subjects: number;
  readonly events: number;
  /** Of real time. */
  readonly durationMs: number;
  readonly runsPerSecond: number;
  /** The longest that a run took to come to rest, simulated milliseconds. */
  readonly longestMs: number;
  readonly coverage: Coverage;
  /** Things that must have happened and did not. */
  readonly missing: readonly string[];
  /** The first run that broke an invariant, made as small as possible. */
  readonly failure: (Shrunk<Subject> & { readonly seed: number; readonly invariant: string }) | undefined;
}

/** Runs one seed after the other, until one breaks an invariant. */
export async function simulate<Subject>(
  simulator: Simulator<Subject>,
  { seed, runs, assertCoverage, progress, ...options }: SimulateOptions,
): Promise<Report<Subject>> {
  const coverage = new Coverage();
  const began = performance.now();
  let [done, subjects, events, longestMs] = [0, 0, 0, 0];
  let failure: Report<Subject>['failure'];
  for (; done < runs && !failure; done++) {
    const plan = simulator.plan(seed + done, options);
    const outcome = await simulator.run(plan);
    coverage.merge(outcome.coverage);
    subjects += plan.subjects.length;
    events += outcome.events;
    longestMs = Math.max(longestMs, outcome.tookMs);
    if (outcome.violation) {
      const { invariant } = outcome.violation;
      failure = { ...(await shrink(simulator, plan, invariant)), seed: plan.seed, invariant };
    }
    if (done % BREATHE_EVERY === 0) {
      progress?.(done);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const durationMs = performance.now() - began;
  const missing = assertCoverage && !failure ? simulator.system.mustHappen.filter((what) => !coverage.of(what)) : [];
  const runsPerSecond = done / (durationMs / 1_000);
  return { runs: done, subjects, events, durationMs, runsPerSecond, longestMs, coverage, missing, failure };
}
