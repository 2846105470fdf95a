import type { Catalogue, WireMessage } from '@backstep/messages';
import type { SimulatedService } from '../service/service.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';

/** What one run is about, while it runs. */
export interface Scenario {
  /** How many of its subjects have not come to their end. Asked after every event: it must be a number that is kept, not counted. */
  unended(): number;
  /** For the story, when they never end. */
  whatIsUnended(): string[];
  /** Checks what only holds when all is over. */
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
  /** An answer to a command that nobody has sent, to a saga that waits for one of its kind. undefined: none waits. */
  strayAnswer?(world: World): WireMessage | undefined;
  /** A message about `key` that `service` can read and its handler cannot handle. undefined: there is none. */
  unhandled?(world: World, service: string, key: string): WireMessage | undefined;
  /** What must have happened in a long enough batch of runs, by the names of the coverage. */
  readonly mustHappen: readonly string[];
}
