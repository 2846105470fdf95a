export type {
  ContendedKey,
  ContentionBody,
  ContentionHealth,
  ContentionOfEntity,
  ContentionSlot,
  DecisionBody,
  KeySlot,
} from './contention-body.js';
export type { ContentionKeyBody, ContentionOfService } from './contention-of-service.js';
export { Database, type DatabaseOptions, type Schema } from './database.js';
export { declarationOf } from './declaration-of.js';
export type { EvidenceDeclaration, RowEvidence, TimerEvidence } from './evidence/declaration.js';
export type { DroppedEvidence } from './evidence/dropped-duplicates.js';
export { EVIDENCE_MAX, type EvidenceBody } from './evidence/evidence.js';
export type { GroupEvidence } from './evidence/group-standing.js';
export {
  MESSAGING_LOGGER,
  MESSAGING_METRICS,
  type Gauges,
  type HealthHost,
  type HealthResult,
  type LifecycleHost,
  type MessagingHost,
  type MessagingLogger,
  type MetricsHost,
} from './host.js';
export { Messaging } from './messaging.js';
export {
  KAFKA_RETENTION_DAYS,
  type MessagingRuntime,
  type RetentionOptions,
  type ServiceDeclaration,
} from './messaging-options.js';
export { MessagingModule, type AsyncMessagingOptions } from './messaging.module.js';
export { FOREIGN_ROWS_KEPT_MS, leastLeftoverMs, LINGER_MAX_MS, type ExpressRuntime } from './express.js';
export type { ExpressSocketOptions } from './express-socket/index.js';
export { Neighbours, type Neighbour } from './neighbours.js';
export type { StandingBody } from './standing.js';
export { PeriodicJobs } from './periodic-jobs.js';
