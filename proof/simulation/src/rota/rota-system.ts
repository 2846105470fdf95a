import { catalogue } from '@backstep/messages';
import { Handlers } from '@backstep/unit-of-work';
import type { SimulatedSystem } from '../run/system.js';
import { Engineer } from './engineer.entity.js';
import { ROTA_SERVICE, RotaScenario, type ShiftSubject } from './rota-scenario.js';

const PAIRS = ['north', 'south'] as const;
/** How often a shift begins, of 1: whoever has left must come back before somebody can leave again. */
const BEGINS = 0.5;

/** A rule over two rows, each of which is written by who has read the other and holds it. */
export function rotaSystem(): SimulatedSystem<ShiftSubject> {
  return {
    name: 'rota',
    catalogue: catalogue([]),
    services: [{ name: ROTA_SERVICE, consumes: [], entities: [Engineer], handlers: () => new Handlers([]) }],
    drawSubject: (random, number) => {
      const pair = random.pick(PAIRS);
      const [me, other] = random.chance(0.5) ? ['a', 'b'] : ['b', 'a'];
      return { number, me: `${pair}-${me}`, other: `${pair}-${other}`, begins: random.chance(BEGINS) };
    },
    tellSubject: ({ number, me, begins }) => `request ${number}: the shift of ${me} ${begins ? 'begins' : 'ends'}`,
    mustHappen: ['shifts that end', 'stale writes refused'],
    begin: (world, subjects) => {
      const scenario = new RotaScenario(world, PAIRS, subjects);
      world.watch(scenario);
      return scenario;
    },
  };
}
