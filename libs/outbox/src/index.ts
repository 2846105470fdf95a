export type { BatchSizes } from './batch-size.js';
export { unsentOfKey, type UnsentEvidence } from './evidence.js';
export type { Express, ExpressOptions } from './express.js';
export { refusalOf, type Refusal } from './send-policy.js';
export { parkedInOutbox, type Refused } from './held-keys.js';
export {
  acknowledgedPart,
  findUnsentPredecessors,
  outboxBacklog,
  outboxPart,
  type CommittedWrite,
  type OutboxBacklog,
  type OutboxMessage,
} from './outbox.js';
export * from './relay-limits.js';
export * from './relay.js';
export { connectionOf, DEFAULT_SHARD_LOCK_LIMITS, ShardLocks, type ShardLockLimits } from './shard-locks.js';
export { headersOf, type StoredHeaders } from './stored-headers.js';
export * from './tables.js';
export { OUTBOX_MIGRATIONS, OUTBOX_TABLES_SQL } from './standalone/migrations.js';
export {
  DEFAULT_OUTBOX_LIMITS,
  Outbox,
  type OutboxEvents,
  type OutboxLimits,
  type OutboxOptions,
} from './standalone/outbox.js';
export {
  InvalidOutgoingMessageError,
  MessageTooLargeError,
  SHARDS as STANDALONE_SHARDS,
  type OutgoingMessage,
} from './standalone/outgoing.js';
