import { describe, expect, it } from '@jest/globals';
import { ACCESS, PRINCIPALS, type Access } from './access.js';
import { PARTICIPANTS, SERVICES, TOPICS } from './topics.js';

/** Goal: what Kafka allows is what the topology needs: each topic has its writers and readers, and no service another's voice. */
const who = (operation: Access['operation'], topic: string) =>
  ACCESS.filter((one) => one.resource === 'topic' && one.operation === operation && one.name === topic)
    .map(({ principal }) => principal)
    .sort();

describe('access to Kafka', () => {
  it.each(PARTICIPANTS)(
    'gives the events of %s to it alone to write, and its commands to the orchestrator',
    (service) => {
      expect(who('write', `${service}.events`)).toEqual([service]);
      expect(who('write', `${service}.commands`)).toEqual(['orchestrator']);
      expect(who('read', `${service}.commands`)).toEqual(['gateway', 'operator', service].sort());
      expect(who('read', `${service}.events`)).toContain('orchestrator');
    },
  );

  it.each(['gateway', 'operator'])('lets the %s read every topic, and do nothing else with one', (reader) => {
    const topics = ACCESS.filter(({ principal, resource }) => principal === reader && resource === 'topic');
    expect(topics.map(({ name }) => name)).toEqual(TOPICS.map(({ name }) => name));
    expect(new Set(topics.map(({ operation }) => operation))).toEqual(new Set(['read']));
  });

  it('tells how a topic is set to those who write it, as they cut batches by it, and to nobody else', () => {
    for (const { name } of TOPICS) expect(who('describeConfigs', name)).toEqual(who('write', name));
  });

  it('has something for each user, and nobody beside them', () => {
    expect(new Set(ACCESS.map(({ principal }) => principal))).toEqual(new Set(PRINCIPALS));
  });

  it("gives each service its own group, and a command groups that are no service's", () => {
    const groups = ACCESS.filter(({ resource }) => resource === 'group');
    expect(groups.map(({ principal, name, prefix, operation }) => [principal, name, prefix, operation])).toEqual([
      ...SERVICES.map((service) => [service, `backstep.${service}`, undefined, 'read']),
      // It looks at them, and cannot move them.
      ...SERVICES.map((service) => ['operator', `backstep.${service}`, undefined, 'describe']),
      ['operator', 'backstep.cli.', true, 'read'],
    ]);
  });
});
