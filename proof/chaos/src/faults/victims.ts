import type { Random } from '@backstep/simulation';
import { SERVICES } from '../system/start.js';

/** Kinds of which there may be two, and those of which there is one. */
const SINGLE = ['gateway', 'payment-provider'];
/** Most often one dies; sometimes so many that nothing is left which could answer for them. */
const HOW_MANY = [1, 1, 1, 2, 2, 3, 5];
/** A whole kind at once, not one instance of it. */
const WHOLE_KIND_CHANCE = 0.4;

/** One process, or several at once. */
export function drawVictims(random: Random, processesOf: (kind: string) => readonly string[]): string[] {
  const victims = new Set<string>();
  for (let left = random.pick(HOW_MANY); left > 0; left--) {
    const kind = random.pick([...SERVICES, ...SERVICES, ...SINGLE]);
    const instances = processesOf(kind);
    const chosen = random.chance(WHOLE_KIND_CHANCE) ? instances : [random.pick(instances)];
    for (const name of chosen) victims.add(name);
  }
  return [...victims];
}
