export { dedupeIdOf, type Delivered } from './delivered.js';
export * from './evidence.js';
export * from './inbox.js';
export * from './migrations.js';
export { inbox } from './once.js';
export {
  operationsPart,
  PARKED_ACTIONS,
  ParkedOperations,
  type OperatedMessage,
  type OperationsQuery,
  type ParkedAction,
  type ParkedOperation,
  type ParkedOperator,
  type ParkedOutcome,
  type StoredOperation,
} from './operations.js';
export * from './park.js';
export * from './parking.js';
export { KEY_CHARACTERS_MAX, parkedKey } from './storable.js';
export * from './tables.js';
