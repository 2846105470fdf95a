import type { Fault } from './fault.js';

const STORES = new Set(['kafka', 'postgres']);

/** Every service is started anew while Kafka is absent; Kafka comes later. */
export const startWithoutKafka: Fault = {
  name: 'Kafka absent at start',
  weight: 1,
  touches: ['kafka', 'services'],
  lastsMs: [10_000, 18_000],
  leaves: ['restarts'],
  async apply(world) {
    const { keeper } = world;
    const services = keeper.names.filter((name) => !STORES.has(name));
    await world.sample();
    await keeper.take([...services, 'kafka'], 'SIGKILL');
    keeper.letUp(services);
    return { what: 'all services killed and started', heal: () => Promise.resolve(keeper.letUp(['kafka'])) };
  },
};
