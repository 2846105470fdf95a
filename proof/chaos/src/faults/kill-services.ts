import type { Fault } from './fault.js';
import { drawVictims } from './victims.js';

/** `kill -9` of one process, or of several at the same moment; they come back when it is over. */
export const killServices: Fault = {
  name: 'kill -9',
  weight: 5,
  touches: ['services'],
  lastsMs: [200, 6_000],
  leaves: ['restarts'],
  async apply(world, random) {
    const victims = drawVictims(random, world.processesOf);
    await world.sample();
    await world.keeper.take(victims, 'SIGKILL');
    return {
      what: victims.join(', '),
      heal: () => Promise.resolve(world.keeper.letUp(victims)),
    };
  },
};
