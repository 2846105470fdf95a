export * from './batch-size.js';
export { refusalOf, type Refusal } from './caution.js';
export { parkedInOutbox, type Refused } from './held-keys.js';
export * from './outbox.js';
export * from './relay-limits.js';
export * from './relay.js';
export * from './tables.js';
