import { catalogue } from '@backstep/messages';
import { EVERYBODY, Lane, lane, LaneEntry } from '@backstep/lanes';
import { Handlers } from '@backstep/unit-of-work';
import type { SimulatedSystem } from '../run/system.js';
import type { SimulatedProcess } from '../world/process.js';
import { Jar, move, Moved, type Move } from './jar.entity.js';
import { COINS, JARS, LANE_SERVICE, LaneScenario, type MoveSubject } from './lane-scenario.js';
import { laneStatements } from './lane-statements.js';

const POLL_MS = 250;
const CALLERS = 3;
/** How often a move skips the queue, of 1. */
const DIRECT = 0.2;

/** A lane of moves between three jars. Without a lock: in half of the runs two workers apply its entries at once. */
export function laneSystem(): SimulatedSystem<MoveSubject> {
  const definition = lane('moves', move, { batch: 4, pollMs: POLL_MS });
  const lanes = new WeakMap<SimulatedProcess, Lane<Move>>();
  return {
    name: 'moves',
    catalogue: catalogue([]),
    services: [
      {
        name: LANE_SERVICE,
        consumes: [],
        entities: [Jar, Moved, LaneEntry],
        statements: laneStatements,
        handlers: () => new Handlers([]),
        start: ({ process, unitOfWork, executor, store, every }) => {
          const made = new Lane<Move>(definition as never, { unitOfWork, executor, owner: EVERYBODY });
          lanes.set(process, made);
          made.wakeOnEnqueue(() => undefined);
          const entries = store.of(LaneEntry).rows;
          const nothingIsQueued = (): boolean => ![...entries.values()].some(({ state }) => state === 'QUEUED');
          every(POLL_MS, () => made.worker.poll(), nothingIsQueued);
        },
      },
    ],
    drawSubject: (random, number) => {
      const from = random.pick(JARS);
      return {
        number,
        caller: random.below(CALLERS),
        from,
        to: random.pick(JARS.filter((name) => name !== from)),
        coins: random.between(1, COINS),
        direct: random.chance(DIRECT),
      };
    },
    tellSubject: ({ number, caller, from, to, coins, direct }) =>
      `move ${number} of caller ${caller}: ${coins} from ${from} to ${to}${direct ? ', directly' : ''}`,
    mustHappen: ['entries APPLIED', 'entries REJECTED', 'stale writes refused'],
    begin: (world, subjects) => {
      const scenario = new LaneScenario(world, subjects, ({ process }) => lanes.get(process));
      world.watch(scenario);
      return scenario;
    },
  };
}
