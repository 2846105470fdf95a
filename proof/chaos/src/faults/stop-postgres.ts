import type { Fault } from './fault.js';

/** PostgreSQL is stopped at once (`-m immediate`, SIGQUIT), killed, or restarted well; all five databases with it. */
export const stopPostgres: Fault = {
  name: 'PostgreSQL away',
  weight: 4,
  touches: ['postgres'],
  lastsMs: [200, 10_000],
  leaves: ['restarts'],
  async apply(world, random) {
    const signal = random.pick(['SIGQUIT', 'SIGQUIT', 'SIGKILL', 'SIGINT'] as const);
    await world.keeper.take(['postgres'], signal);
    return { what: signal, heal: () => Promise.resolve(world.keeper.letUp(['postgres'])) };
  },
};
