import { describe, expect, it } from '@jest/globals';
import { ACCESS } from './access.js';
import { PARTICIPANTS, SERVICES, TOPICS } from './topics.js';

/** Goal: what Kafka allows is what the topology needs: each topic has its writers and readers, and no service another's voice. */
const who = (operation: 'read' | 'write', topic: string) =>
  ACCESS.filter((one) => one.resource === 'topic' && one.operation === operation && one.name === topic)
    .map(({ principal }) => principal)
    .sort();

describe('access to Kafka', () => {
  it.each(PARTICIPANTS)(
    'gives the events of %s to it alone to write, and its commands to the orchestrator',
    (service) => {
      expect(who('write', `${service}.events`)).toEqual([service]);
      expect(who('write', `${service}.commands`)).toEqual(['orchestrator']);
      expect(who('read', `${service}.commands`)).toEqual(['gateway', service].sort());
      expect(who('read', `${service}.events`)).toContain('orchestrator');
    },
  );

  it('lets the gateway read every topic, and do nothing else', () => {
    const gateway = ACCESS.filter(({ principal }) => principal === 'gateway');
    expect(gateway.map(({ name }) => name)).toEqual(TOPICS.map(({ name }) => name));
    expect(new Set(gateway.map(({ operation }) => operation))).toEqual(new Set(['read']));
  });

  it('gives each service its own group', () => {
    const groups = ACCESS.filter(({ resource }) => resource === 'group');
    expect(groups.map(({ principal, name }) => [principal, name])).toEqual(
      [...SERVICES].map((service) => [service, `backstep.${service}`]),
    );
  });
});
