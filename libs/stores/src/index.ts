export * from './lease.js';
export {
  OutcomeUnknownError,
  VersionConflictError,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
  type VersionedStore,
} from './versioned-store.js';
