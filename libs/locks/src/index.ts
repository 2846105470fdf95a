export { fencedBy, LOCKS, takes, type FenceOptions, type LockDemand, type TakeOptions } from './demands.js';
export * from './errors.js';
export type { Held } from './held.js';
export type { Lease } from './lease.js';
export * from './limits.js';
export { NamedLocks, type LocksOptions, type NamedLocksParts } from './named-locks.js';
export { fencePart } from './parts.js';
export * from './tables.js';
export type { Throttle, ThrottleAnswer } from './throttle.js';
