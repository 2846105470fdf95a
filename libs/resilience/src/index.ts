export * from './backoff.js';
export * from './pause-points.js';
export * from './transient.js';
export * from './thread-load.js';
