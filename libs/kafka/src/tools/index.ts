/** What a command line needs of Kafka: without NestJS, which takes a second to load. */
export { BatchConsumer } from '../consumer/batch-consumer.js';
export { clusterState, type ClusterState } from '../cluster-state.js';
export * from '../errors.js';
export { readGroups, type ConsumerGroup, type GroupMember, type GroupPartition } from '../groups.js';
export type { ReceivedMessage } from '../message.js';
export type { KafkaOptions } from '../options.js';
export { partitionOf } from '../partition.js';
export { logResets, type KnownResets } from '../reader/log-resets.js';
export { PartitionReader } from '../reader/partition-reader.js';
export * from '../security.js';
export { allow } from '../acls.js';
export { createTopics } from '../topics.js';
