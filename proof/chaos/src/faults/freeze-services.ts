import type { Fault } from './fault.js';
import { drawVictims } from './victims.js';

/**
 * SIGSTOP until the group has given the member up (its session is 6 s), then SIGCONT: it wakes with work in hand that others have taken
 * over, and what it writes then must not count.
 */
export const freezeServices: Fault = {
  name: 'freeze services past their session',
  weight: 4,
  touches: ['services'],
  lastsMs: [7_500, 14_000],
  leaves: [],
  async apply(world, random) {
    const victims = drawVictims(random, world.processesOf);
    await world.sample();
    world.keeper.signal(victims, 'SIGSTOP');
    return {
      what: victims.join(', '),
      heal: () => Promise.resolve(world.keeper.signal(victims, 'SIGCONT')),
    };
  },
};
