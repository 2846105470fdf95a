export * from './backoff/index.js';
export * from './errors.js';
export * from './repository.js';
export * from './retry-transaction.js';
export * from './statement.js';
export * from './table.js';
export * from './version.js';
export * from './pause-points/index.js';
