import { openCluster } from './reader/open-cluster.js';
import type { KafkaOptions } from './options.js';

/** Which broker leads and coordinates what, as the brokers say now. Brokers by node id. */
export interface ClusterState {
  /** How many partitions of the topics a broker leads. Brokers that lead none are missing. */
  readonly leads: ReadonlyMap<number, number>;
  /** The groups that a broker coordinates. Brokers that coordinate none are missing. */
  readonly coordinates: ReadonlyMap<number, readonly string[]>;
  /** How many partitions have a replica that is not in sync, or no leader. */
  readonly behind: number;
}

/** The coordinator of a group, not of a transaction. kafkajs needs it, and leaves it out of its types. */
const GROUP = 0;

/** @throws what kafkajs throws while partitions have no leader or Kafka is away */
export async function clusterState(
  options: KafkaOptions,
  topics: readonly string[],
  groups: readonly string[],
): Promise<ClusterState> {
  const cluster = await openCluster(options);
  try {
    await cluster.addMultipleTargetTopics([...topics]);
    const partitions = topics.flatMap((topic) => cluster.findTopicPartitionMetadata(topic));
    const leads = new Map<number, number>();
    for (const { leader } of partitions) leads.set(leader, (leads.get(leader) ?? 0) + 1);
    const coordinates = new Map<number, string[]>();
    for (const groupId of groups) {
      const which = { groupId, coordinatorType: GROUP };
      const { nodeId } = (await cluster.findGroupCoordinatorMetadata(which)).coordinator;
      coordinates.set(nodeId, [...(coordinates.get(nodeId) ?? []), groupId]);
    }
    const behind = partitions.filter(({ leader, isr, replicas }) => leader < 0 || isr.length < replicas.length).length;
    return { leads, coordinates, behind };
  } finally {
    await cluster.disconnect();
  }
}
