import { PARTICIPANTS, TOPICS, type ServiceName } from './topics.js';

/** Who asks Kafka for something: the services, and the gateway, which only reads. Kafka's users have these names. */
export type Principal = ServiceName | 'gateway';

/** One thing that a principal may do. What is not listed is refused by Kafka. */
export interface Access {
  readonly principal: Principal;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** Each of them allows to describe it, too. */
  readonly operation: 'read' | 'write';
}

/** Events of another service that a participant follows beside its own commands. */
const FOLLOWS: Readonly<Partial<Record<ServiceName, readonly string[]>>> = { order: ['inventory.events'] };

/** The topics a service reads: its commands; the orchestrator, all events. */
export const topicsReadBy = (service: ServiceName): readonly string[] =>
  service === 'orchestrator'
    ? PARTICIPANTS.map((participant) => `${participant}.events`)
    : [`${service}.commands`, ...(FOLLOWS[service] ?? [])];

/** The topics a service writes: its own events; the orchestrator, all commands. */
export const topicsWrittenBy = (service: ServiceName): readonly string[] =>
  service === 'orchestrator' ? PARTICIPANTS.map((participant) => `${participant}.commands`) : [`${service}.events`];

/** All that the system needs of Kafka: Kafka's ACLs are made of this, and nothing else is allowed. */
export const ACCESS: readonly Access[] = [
  ...([...PARTICIPANTS, 'orchestrator'] as const).flatMap((principal): Access[] => [
    ...topicsReadBy(principal).map((name) => ({ principal, resource: 'topic', name, operation: 'read' }) as const),
    ...topicsWrittenBy(principal).map((name) => ({ principal, resource: 'topic', name, operation: 'write' }) as const),
    { principal, resource: 'group', name: `backstep.${principal}`, operation: 'read' },
  ]),
  // An order's messages are shown from all topics. It has no group, and writes nothing.
  ...TOPICS.map(({ name }) => ({ principal: 'gateway', resource: 'topic', name, operation: 'read' }) as const),
];
