export * from './changes.js';
export * from './consumer.js';
export * from './errors.js';
export * from './executor.js';
export * from './handler.js';
export * from './needs.js';
export * from './observer.js';
export { UnitOfWork, DEFAULT_LIMITS, type UnitOfWorkLimits } from './unit-of-work.js';
export type { BatchEnvironment } from './batch.js';
