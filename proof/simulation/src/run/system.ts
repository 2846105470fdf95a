import type { Catalogue, WireMessage } from '@backstep/messages';
import type { SimulatedService } from '../service/service.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';

/** The scenario of one run. */
export interface Scenario {
  /** How many subjects have not ended. Read after every event, so the number must be kept and not counted. */
  unended(): number;
  /** Describes the unended subjects, for the story. */
  whatIsUnended(): string[];
  /** Checks the invariants that hold only at rest. */
  atRest(): void;
}

/** A system of services, as it is simulated. */
export interface SimulatedSystem<Subject = unknown> {
  readonly name: string;
  readonly services: readonly SimulatedService[];
  /** Every message of the system. */
  readonly catalogue: Catalogue;
  /** Draws one subject (an order, say) from the seed: plain data. @param number 1 for the first */
  drawSubject(random: Random, number: number): Subject;
  tellSubject(subject: Subject): string;
  /** Puts the first rows into the stores, schedules the subjects, and watches over its own invariants. */
  begin(world: World, subjects: readonly Subject[]): Scenario;
  /** An answer to a command that was never sent, for a saga that waits for such an event; undefined when no saga waits. */
  strayAnswer?(world: World): WireMessage | undefined;
  /** A message about `key` that `service` can read and its handler cannot handle; undefined when there is none. */
  unhandled?(world: World, service: string, key: string): WireMessage | undefined;
  /** What must have happened in a long enough batch of runs, by the names of the coverage. */
  readonly mustHappen: readonly string[];
}
