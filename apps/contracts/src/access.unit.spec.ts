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
    'the ACLs let only %s write its events, and only the orchestrator write its commands',
    (service) => {
      expect(who('write', `${service}.events`)).toEqual([service]);
      expect(who('write', `${service}.commands`)).toEqual(['orchestrator']);
      expect(who('read', `${service}.commands`)).toEqual(['gateway', 'operator', service].sort());
      expect(who('read', `${service}.events`)).toContain('orchestrator');
    },
  );

  it.each([
    ['gateway', ['read', 'describeConfigs']],
    ['operator', ['read']],
  ] as const)('the ACLs let the %s read every topic and write none', (reader, operations) => {
    const topics = ACCESS.filter(({ principal, resource }) => principal === reader && resource === 'topic');
    expect(new Set(topics.map(({ name }) => name))).toEqual(new Set(TOPICS.map(({ name }) => name)));
    expect(new Set(topics.map(({ operation }) => operation))).toEqual(new Set(operations));
    expect(topics).toHaveLength(TOPICS.length * operations.length);
  });

  it('the ACLs show the configuration of a topic to its writers, who limit batches by it, and to the gateway, which shows it', () => {
    for (const { name } of TOPICS)
      expect(who('describeConfigs', name)).toEqual([...who('write', name), 'gateway'].sort());
  });

  it('the ACLs name each user and no others', () => {
    expect(new Set(ACCESS.map(({ principal }) => principal))).toEqual(new Set(PRINCIPALS));
  });

  it('the ACLs give each service its own group, let it look at those of the others, and give commands groups of no service', () => {
    const groups = ACCESS.filter(({ resource }) => resource === 'group');
    expect(groups.map(({ principal, name, prefix, operation }) => [principal, name, prefix, operation])).toEqual([
      ...SERVICES.flatMap((service) => [
        [service, `backstep.${service}`, undefined, 'read'],
        ...SERVICES.filter((other) => other !== service).map((other) => [
          service,
          `backstep.${other}`,
          undefined,
          'describe',
        ]),
      ]),
      // They look at them, and cannot move them.
      ...['gateway', 'operator'].flatMap((reader) =>
        SERVICES.map((service) => [reader, `backstep.${service}`, undefined, 'describe']),
      ),
      ['operator', 'backstep.cli.', true, 'read'],
    ]);
  });
});
