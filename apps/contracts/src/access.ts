import { consumerGroupOf, PROCESSES, SERVICES, TOPICS, type ServiceName } from './topics.js';

/** They read all topics and write nothing: the gateway, and who looks at all messages with `npx backstep`. */
const READERS = ['gateway', 'operator'] as const;

/** Who asks Kafka for something. Kafka's users have these names. */
export type Principal = ServiceName | (typeof READERS)[number];

export const PRINCIPALS: readonly Principal[] = [...SERVICES, ...READERS];

/** What the groups of `npx backstep` begin with. */
export const CLI_GROUP_PREFIX = 'backstep.cli.';

/** One thing that a principal may do. What is not listed is refused by Kafka. */
export interface Access {
  readonly principal: Principal;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** Every name that begins so. */
  readonly prefix?: true;
  /** `read` and `write` each allow to `describe` it, too: to ask where a group is. `describeConfigs`: to ask how it is set, such as how large a message may be. */
  readonly operation: 'read' | 'write' | 'describe' | 'describeConfigs';
}

/** The topics that a service reads, as it declares. */
export const topicsReadBy = (service: ServiceName): readonly string[] => PROCESSES[service].consumes;

/** The topics that a service writes, as it declares. */
export const topicsWrittenBy = (service: ServiceName): readonly string[] => PROCESSES[service].provides;

/** All that the system needs of Kafka: Kafka's ACLs are made of this, and nothing else is allowed. */
export const ACCESS: readonly Access[] = [
  ...SERVICES.flatMap((principal): Access[] => [
    ...topicsReadBy(principal).map((name) => ({ principal, resource: 'topic', name, operation: 'read' }) as const),
    ...topicsWrittenBy(principal).flatMap((name): Access[] => [
      { principal, resource: 'topic', name, operation: 'write' },
      // Batches are cut by what the topic takes.
      { principal, resource: 'topic', name, operation: 'describeConfigs' },
    ]),
    { principal, resource: 'group', name: consumerGroupOf(principal), operation: 'read' },
  ]),
  ...READERS.flatMap((principal) =>
    TOPICS.map(({ name }) => ({ principal, resource: 'topic', name, operation: 'read' }) as const),
  ),
  // `npx backstep groups`.
  ...SERVICES.map(
    (service) =>
      ({ principal: 'operator', resource: 'group', name: consumerGroupOf(service), operation: 'describe' }) as const,
  ),
  // `npx backstep events --follow`: a group of its own each time.
  { principal: 'operator', resource: 'group', name: CLI_GROUP_PREFIX, prefix: true, operation: 'read' },
];
