import { consumerGroupOf, PROCESSES, SERVICES, TOPICS, type ServiceName } from './topics.js';

/** Users that read all topics and write none: the gateway, and the operator of `npx backstep`. */
const READERS = ['gateway', 'operator'] as const;

/** The users of Kafka, by name. */
export type Principal = ServiceName | (typeof READERS)[number];

export const PRINCIPALS: readonly Principal[] = [...SERVICES, ...READERS];

/** The prefix of the consumer groups of `npx backstep`. */
export const CLI_GROUP_PREFIX = 'backstep.cli.';

/** One thing that a principal may do. What is not listed is refused by Kafka. */
export interface Access {
  readonly principal: Principal;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** Applies to every name with this prefix. */
  readonly prefix?: true;
  /** `read` and `write` include `describe`. `describeConfigs` allows to read the configuration, such as the largest size of a message. */
  readonly operation: 'read' | 'write' | 'describe' | 'describeConfigs';
}

/** The topics that a service reads, as it declares. */
export const topicsReadBy = (service: ServiceName): readonly string[] => PROCESSES[service].consumes;

/** The topics that a service writes, as it declares. */
export const topicsWrittenBy = (service: ServiceName): readonly string[] => PROCESSES[service].provides;

/** All that the system needs of Kafka. The ACLs are made from this list; nothing else is allowed. */
export const ACCESS: readonly Access[] = [
  ...SERVICES.flatMap((principal): Access[] => [
    ...topicsReadBy(principal).map((name) => ({ principal, resource: 'topic', name, operation: 'read' }) as const),
    ...topicsWrittenBy(principal).flatMap((name): Access[] => [
      { principal, resource: 'topic', name, operation: 'write' },
      // Writers limit their batches by the size that the topic accepts.
      { principal, resource: 'topic', name, operation: 'describeConfigs' },
    ]),
    { principal, resource: 'group', name: consumerGroupOf(principal), operation: 'read' },
    // Express between processes: who reads what, and by which key its processes are known.
    ...SERVICES.filter((other) => other !== principal).map(
      (other) => ({ principal, resource: 'group', name: consumerGroupOf(other), operation: 'describe' }) as const,
    ),
  ]),
  ...READERS.flatMap((principal) =>
    TOPICS.map(({ name }) => ({ principal, resource: 'topic', name, operation: 'read' }) as const),
  ),
  // How long a topic keeps its messages, which the console shows.
  ...TOPICS.map(
    ({ name }) => ({ principal: 'gateway', resource: 'topic', name, operation: 'describeConfigs' }) as const,
  ),
  // The console, and `npx backstep groups`.
  ...READERS.flatMap((principal) =>
    SERVICES.map(
      (service) => ({ principal, resource: 'group', name: consumerGroupOf(service), operation: 'describe' }) as const,
    ),
  ),
  // `npx backstep events --follow`: a group of its own each time.
  { principal: 'operator', resource: 'group', name: CLI_GROUP_PREFIX, prefix: true, operation: 'read' },
];
