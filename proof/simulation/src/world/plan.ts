import { drawFaults, drawFaultsOfExpress, type Fault, type FaultSpace } from './faults.js';
import { Random } from './random.js';

/** A run, decided before it begins. The same seed and plan give the same run, to the last event. */
export interface RunPlan<Subject> {
  readonly seed: number;
  /** Processes of each service. */
  readonly instances: number;
  /** The subjects of the run (orders, say), in the order in which they come. */
  readonly subjects: readonly Subject[];
  readonly faults: readonly Fault[];
  /** Whether the services of one number are one process, and hand messages to each other by express. Default: each is a process of its own. */
  readonly express?: boolean | undefined;
}

export interface PlanOptions {
  /** Orders of a run, at most. */
  readonly ordersMax: number;
  readonly express?: boolean | undefined;
}

/** A run has two processes of each service this often; else one. */
const TWO_INSTANCES = 0.5;

export function drawPlan<Subject>(
  seed: number,
  { ordersMax, express }: PlanOptions,
  space: Omit<FaultSpace, 'instances'>,
  drawSubject: (random: Random, at: number) => Subject,
): RunPlan<Subject> {
  const random = new Random(seed);
  const instances = random.chance(TWO_INSTANCES) ? 2 : 1;
  const count = random.between(1, ordersMax);
  return {
    seed,
    instances,
    subjects: Array.from({ length: count }, (_, at) => drawSubject(random, at + 1)),
    faults: express
      ? drawFaultsOfExpress(random, { ...space, instances })
      : drawFaults(random, { ...space, instances }),
    ...(express && { express }),
  };
}
