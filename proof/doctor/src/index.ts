/** What must hold of the shop, whatever happened to it: invariants as pure functions over what was found in its databases and in Kafka. */
export * from './evidence.js';
export * from './examine.js';
export * from './invariants/index.js';
export { goneWithTheirLogs } from './invariants/i10-messages-match-their-outbox.js';
export { UNREADABLE } from './invariants/i13-only-poison-is-parked.js';
export { isMessage } from './is-message.js';
export * from './violation.js';
