export { allow, type Access } from './acls.js';
export { clusterState, type ClusterState } from './cluster-state.js';
export { BatchConsumer } from './consumer/batch-consumer.js';
export type { LogReset } from './consumer/committed-offsets.js';
export type { BatchConsumerOptions, ConsumerHealth } from './consumer/batch-consumer.js';
export type { ExpressHooks } from './consumer/express-side.js';
export { GroupMembers, type MembersOf } from './group-members.js';
export {
  HandlerMismatchError,
  KafkaAccessError,
  KafkaRefusedError,
  KafkaSilentError,
  KafkaUnavailableError,
  MembershipUnknownError,
  TooManyFollowersError,
  TopicMismatchError,
  UnknownTopicError,
  type KafkaRefusal,
} from './errors.js';
export { GroupPositions, type GroupPosition } from './group-positions.js';
export { readGroups, type ConsumerGroup, type GroupMember, type GroupPartition } from './groups.js';
export { KafkaOverview, type GroupWish, type TopicState } from './kafka-overview.js';
export type { MessageBatch, ReceivedMessage } from './message.js';
export type { KafkaLogger, KafkaOptions } from './options.js';
export { DEFAULT_PARTITIONS, partitionOf } from './partition.js';
export { KafkaPublisher, type PublisherSizes } from './publisher.js';
export { logResets, type KnownResets } from './reader/log-resets.js';
export { LogBrowser, type BrowsedRecord, type FoundRecord, type LogBounds } from './reader/log-browser.js';
export type { TopicPartition } from './reader/log-client.js';
export type { Direction, ScanLimits, ScanPage, ScanPlace, ScanWish } from './reader/log-scan.js';
export { PartitionReader } from './reader/partition-reader.js';
export type { FollowFrom, KeyReading, LogPosition, ReadRange } from './reader/partition-reader.js';
export * from './security.js';
export { createTopics } from './topics.js';
