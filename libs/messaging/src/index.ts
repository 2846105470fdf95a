export { Database, type DatabaseOptions, type Schema } from './database.js';
export { declarationOf } from './declaration-of.js';
export * from './host.js';
export { Messaging } from './messaging.js';
export * from './messaging-options.js';
export { MessagingModule, type AsyncMessagingOptions } from './messaging.module.js';
export { PeriodicJobs } from './periodic-jobs.js';
