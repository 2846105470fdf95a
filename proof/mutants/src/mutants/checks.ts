import type { Fault } from '@backstep/simulation';
import type { ChaosCheck, SimulationCheck, SpecCheck } from '../mutant.js';

/** The specs of one file, which is named from the root of the repository. */
export const spec = (file: `${string}.${'unit' | 'int'}.spec.ts`): SpecCheck => ({ kind: 'spec', file });

/** What most mutants are given: as many runs as a protection may stay unnoticed for. */
export const SIMULATED: SimulationCheck = { kind: 'simulation', seed: 1, runs: 300, orders: 3 };

/** Two of each service: what only matters when two meet at a row. */
export const TWO_INSTANCES: SimulationCheck = { ...SIMULATED, instances: 2 };

/** All services are one process, and hand messages to each other by express. */
export const EXPRESS: SimulationCheck = { ...SIMULATED, express: true };

/** Twice as many runs: it is rare that a message fails by express while a later one of its key waits, and is committed before it. */
export const LONGER_EXPRESS: SimulationCheck = { ...EXPRESS, runs: 600 };

/** Twice as many orders and five times the runs: it is rare that a row goes from one to the other while the first still decides from it. */
export const TWO_BUSY_INSTANCES: SimulationCheck = { ...TWO_INSTANCES, runs: 1_500, orders: 6 };

/** Every batch reads: a row that has moved since is met by its version alone. */
export const NOTHING_REMEMBERED: SimulationCheck = {
  ...TWO_INSTANCES,
  given: [
    {
      file: 'libs/unit-of-work/src/unit-of-work.ts',
      find: 'let rows = works.some(isReplay) ? readRows : this.memory.rowSource();',
      replace: 'let rows: RowSource = readRows;',
    },
  ],
};

const lostAfterCommit = (service: string, nth: number): readonly Fault[] => [
  { kind: 'window', service, window: 'after commit', nth, act: 'lose', ms: 0 },
];

/** In every run the answer to a commit is lost, and only who waited for it knows. */
export const LOST_ANSWERS: SimulationCheck = {
  ...SIMULATED,
  storms: ['order', 'inventory', 'payment', 'orchestrator'].flatMap((service) =>
    [1, 2, 3, 4].map((nth) => lostAfterCommit(service, nth)),
  ),
};

/** Answers lie in Kafka, are late, and are lost with its disk before anybody has read them. */
export const LOST_EVENTS: SimulationCheck = {
  ...SIMULATED,
  storms: ['inventory', 'payment', 'shipment', 'order'].map((service): readonly Fault[] => [
    ...[0, 1].map((partition): Fault => ({ kind: 'delay', at: 600, topic: `${service}.events`, partition, ms: 3_000 })),
    { kind: 'log lost', at: 2_500 },
  ]),
};

/** Pending orders are announced again while their sagas are under way. */
export const ANNOUNCED_SOON: SimulationCheck = {
  ...SIMULATED,
  given: [
    {
      file: 'proof/shop-simulation/src/services.ts',
      find: 'const ANNOUNCE_AGAIN_AFTER_MS = 60_000;',
      replace: 'const ANNOUNCE_AGAIN_AFTER_MS = 3_000;',
    },
    // As when the inbox has forgotten the first announcement: it drops the second one else.
    {
      file: 'apps/order/src/announce-again/announce-again.ts',
      find: '{ id: orderPlacedId(orderId), ',
      replace: '{ ',
    },
  ],
};

/** A deadline that comes within a run. */
const SOON = {
  file: 'apps/orchestrator/src/place-order/place-order.saga.ts',
  find: 'deadline: minutes(10),',
  replace: 'deadline: seconds(3),',
};

export const DEADLINES: SimulationCheck = { ...SIMULATED, given: [SOON] };

/** What the orchestrator asks for just before the deadline is lost on its way to Kafka; it learns that after the deadline. */
export const LOST_AT_THE_DEADLINE: SimulationCheck = {
  ...DEADLINES,
  storms: [2, 3, 4, 5].flatMap((nth) =>
    [1_500, 2_000, 2_500].map((ms): readonly Fault[] => [
      ...[0, 1].map((partition): Fault => ({ kind: 'delay', at: 100, topic: 'inventory.events', partition, ms })),
      { kind: 'window', service: 'orchestrator', window: 'before publish', nth, act: 'lose', ms: 0 },
    ]),
  ),
};

/** Steps that can be taken back are given up after one attempt. With three, everything is healed before. */
export const IMPATIENT: SimulationCheck = {
  ...SIMULATED,
  given: [
    {
      file: 'libs/saga/src/definition/retry-policy.ts',
      find: 'RetryOptions = { attempts: 3,',
      replace: 'RetryOptions = { attempts: 1,',
    },
  ],
};

/** In every run a service gets messages that it cannot handle. */
export const POISONED: SimulationCheck = {
  ...SIMULATED,
  storms: ['order', 'inventory', 'payment', 'orchestrator'].map((service) =>
    [750, 800, 900, 1_200, 2_000].map((at): Fault => ({ kind: 'poison', at, service })),
  ),
};

/** For what the simulation has its own of: `libs/kafka`. */
export const DATABASES_AWAY: ChaosCheck = {
  kind: 'chaos',
  seed: 1,
  minutes: 0.5,
  instances: 1,
  faults: ['PostgreSQL away'],
};
