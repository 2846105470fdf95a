import { offlineTables } from '@backstep/concurrency';
import { Planner } from '../postgres/plan.js';
import { scheduleFaults } from '../world/apply-faults.js';
import type { Coverage } from '../world/coverage.js';
import { FAULTS_WITHIN_MS, tellFault } from '../world/faults.js';
import { EPOCH, EVENTS_MAX } from '../world/kernel.js';
import { drawPlan, type PlanOptions, type RunPlan } from '../world/plan.js';
import { ViolationError } from '../world/violation.js';
import { SIMULATED_PARTITIONS, World, type WorldParts } from '../world/world.js';
import type { Scenario, SimulatedSystem } from './system.js';

/** When all faults end, milliseconds after the start. */
export const HEAL_AT_MS = 30_000;
/** After that everything ends within this time, milliseconds: two turns of the sweep that announces orders again, and all timeouts. */
export const LIVENESS_MS = 300_000;
/** The check for rest looks at everything, so it is made once in so many events. */
const REST_LOOK_EVERY = 8;

export interface Outcome {
  readonly violation: ViolationError | undefined;
  readonly coverage: Coverage;
  /** Empty unless the story was kept. */
  readonly story: readonly string[];
  readonly events: number;
  /** Simulated milliseconds from the start to the end. */
  readonly tookMs: number;
}

/** A system, ready to be run any number of times. */
export class Simulator<Subject> {
  private constructor(
    readonly system: SimulatedSystem<Subject>,
    private readonly parts: WorldParts,
  ) {}

  /** @param tamper see {@link Planner} */
  static async of<Subject>(
    system: SimulatedSystem<Subject>,
    tamper?: (text: string) => string,
  ): Promise<Simulator<Subject>> {
    const { services, catalogue } = system;
    const tables = await offlineTables(services.flatMap(({ entities }) => [...entities]));
    const planners = new Map(services.map(({ name, statements = [] }) => [name, new Planner(statements, tamper)]));
    const topics = [
      ...new Set(services.flatMap(({ name, consumes }) => [...consumes, `${name}.commands`, `${name}.events`])),
    ];
    return new Simulator(system, {
      services,
      catalogue,
      topics,
      tables,
      planners,
      handlersOf: (service, coverage) => service.handlers(coverage),
    });
  }

  plan(seed: number, options: PlanOptions): RunPlan<Subject> {
    const { services, topics } = this.parts;
    const space = {
      services: services.map(({ name }) => name),
      topics,
      partitions: SIMULATED_PARTITIONS,
      askProvider: services.filter(({ asksProvider }) => asksProvider).map(({ name }) => name),
    };
    return drawPlan(seed, options, space, (random, number) => this.system.drawSubject(random, number));
  }

  /** One run. The same plan gives the same outcome, whatever ran before. @param told whether to keep the story, which costs time */
  async run(plan: RunPlan<Subject>, told = false): Promise<Outcome> {
    const world = new World(this.parts, { ...plan, told });
    const { kernel, story } = world;
    const scenario = this.system.begin(world, plan.subjects);
    scheduleFaults(
      world,
      plan.faults,
      () => this.stray(world),
      (service, key) => this.system.unhandled?.(world, service, key),
    );
    kernel.after(HEAL_AT_MS, () => world.heal());
    let ended = false;
    await kernel.run(() => {
      if (world.violation) return true;
      const tookMs = kernel.now - EPOCH;
      if (tookMs < FAULTS_WITHIN_MS) return false;
      if (tookMs > HEAL_AT_MS + LIVENESS_MS) return true;
      return (ended = kernel.events % REST_LOOK_EVERY === 0 && scenario.unended() === 0 && world.isAtRest);
    });
    if (!world.violation && !ended) world.violated(new ViolationError('liveness', notEnded(scenario, kernel.events)));
    if (!world.violation) scenario.atRest();
    if (!world.violation) story.tell(() => 'all is at rest, and every invariant holds');
    return {
      violation: world.violation,
      coverage: world.coverage,
      story: told ? [...this.beginning(plan), ...story.lines] : [],
      events: kernel.events,
      tookMs: kernel.now - EPOCH,
    };
  }

  private stray(world: World): boolean {
    const answer = this.system.strayAnswer?.(world);
    if (answer) world.produce(answer);
    return answer !== undefined;
  }

  private beginning({ seed, instances, subjects, faults }: RunPlan<Subject>): string[] {
    return [
      `${this.system.name}, seed ${seed}: ${instances} of each service`,
      ...subjects.map((subject) => `given  ${this.system.tellSubject(subject)}`),
      ...faults.map((fault) => `fault  ${'at' in fault ? `at ${fault.at} ms: ` : ''}${tellFault(fault)}`),
    ];
  }
}

function notEnded(scenario: Scenario, events: number): string {
  if (events >= EVENTS_MAX) return `it goes round in circles: more than ${EVENTS_MAX} events`;
  const left = scenario.whatIsUnended();
  return left.length > 0
    ? `${left.join('; ')}, ${LIVENESS_MS / 1_000} s after everything was healed`
    : `messages are still under way ${LIVENESS_MS / 1_000} s after everything was healed`;
}
