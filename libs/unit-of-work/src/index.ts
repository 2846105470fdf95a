export {
  afterCommit,
  emit,
  insert,
  remove,
  reply,
  toMessage,
  update,
  type Change,
  type FollowingEffect,
  type OutgoingMessage,
  type RowChange,
} from './changes.js';
export * from './consumer.js';
export { effect, type Effect, type EffectListener } from './effects.js';
export * from './errors.js';
export * from './executor.js';
export * from './handler.js';
export * from './needs.js';
export * from './observer.js';
export { UnitOfWork, DEFAULT_LIMITS, type UnitOfWorkLimits } from './unit-of-work.js';
export { Batch, type BatchEnvironment } from './batch.js';
export * from './tables.js';
