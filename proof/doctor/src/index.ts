/** The invariants of the shop, as pure functions over the evidence of its databases and Kafka. */
export * from './evidence.js';
export * from './examine.js';
export * from './invariants/index.js';
export { goneWithTheirLogs } from './invariants/i10-messages-match-their-outbox.js';
export { UNREADABLE } from './invariants/i13-only-poison-is-parked.js';
export { isMessage } from './is-message.js';
export * from './violation.js';
