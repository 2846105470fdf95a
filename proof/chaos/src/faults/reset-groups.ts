import { CONSUMER_GROUPS } from '@backstep/infrastructure';
import { forgetGroups } from '../system/groups.js';
import { SERVICES } from '../system/start.js';
import type { Fault } from './fault.js';

/** All consumer groups begin at offset zero again: everything that Kafka still has is delivered once more. */
export const resetGroups: Fault = {
  name: 'all groups reset to offset zero',
  weight: 2,
  touches: ['services', 'kafka'],
  lastsMs: [500, 1_500],
  leaves: ['restarts', 'duplicatesDropped'],
  async apply(world) {
    const consumers = [...new Set(SERVICES.flatMap(world.processesOf))];
    await world.sample();
    await world.keeper.take(consumers, 'SIGKILL');
    const [broker = ''] = world.system.environment().kafka.brokers;
    const left = await forgetGroups(broker, CONSUMER_GROUPS);
    return {
      what: left.length === 0 ? 'all forgotten' : `not forgotten: ${left.join(', ')}`,
      heal: () => Promise.resolve(world.keeper.letUp(consumers)),
    };
  },
};
