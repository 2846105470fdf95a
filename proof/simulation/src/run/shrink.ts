import type { RunPlan } from '../world/plan.js';
import type { Outcome, Simulator } from './run.js';

/** The most runs for making one story shorter. */
export const SHRINK_RUNS_MAX = 400;

export interface Shrunk<Subject> {
  readonly plan: RunPlan<Subject>;
  /** With its story. */
  readonly outcome: Outcome;
  /** Runs that it took. */
  readonly runs: number;
}

/**
 * Makes a failing run small: leaves out a fault, an order or the second instances, as long as the same invariant still breaks.
 * Greedy, as delta debugging with chunks of halves and then of one (A. Zeller, "Yesterday, my program worked", 1999). Orders are
 * left out from the end, so that those that stay keep their numbers.
 */
export async function shrink<Subject>(
  simulator: Simulator<Subject>,
  failing: RunPlan<Subject>,
  invariant: string,
): Promise<Shrunk<Subject>> {
  let plan = failing;
  let runs = 0;
  let shorter = true;
  const fails = async (candidate: RunPlan<Subject>): Promise<boolean> => {
    if (runs >= SHRINK_RUNS_MAX) return false;
    runs++;
    const { violation } = await simulator.run(candidate);
    return violation?.invariant === invariant;
  };
  while (shorter && runs < SHRINK_RUNS_MAX) {
    shorter = false;
    for (const candidate of smaller(plan)) {
      if (!(await fails(candidate))) continue;
      plan = candidate;
      shorter = true;
      break;
    }
  }
  return { plan, outcome: await simulator.run(plan, true), runs };
}

/** What could be left out, the most first. */
function* smaller<Subject>(plan: RunPlan<Subject>): Generator<RunPlan<Subject>> {
  const { faults, subjects, instances } = plan;
  for (let size = faults.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < faults.length; from += size) {
      yield { ...plan, faults: [...faults.slice(0, from), ...faults.slice(from + size)] };
    }
  }
  for (let count = 1; count < subjects.length; count++) yield { ...plan, subjects: subjects.slice(0, count) };
  for (let at = 0; subjects.length > 1 && at < subjects.length; at++) {
    yield { ...plan, subjects: subjects.filter((_, index) => index !== at) };
  }
  if (instances > 1) yield { ...plan, instances: 1 };
}
