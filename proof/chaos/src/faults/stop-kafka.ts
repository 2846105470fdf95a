import type { Fault } from './fault.js';

/** Kafka is away for a while: killed, or stopped well. */
export const stopKafka: Fault = {
  name: 'Kafka away',
  weight: 3,
  touches: ['kafka'],
  lastsMs: [500, 15_000],
  leaves: ['restarts'],
  async apply({ keeper }, random) {
    const signal = random.pick(['SIGKILL', 'SIGKILL', 'SIGTERM'] as const);
    await keeper.take(['kafka'], signal);
    return { what: signal, heal: () => Promise.resolve(keeper.letUp(['kafka'])) };
  },
};
