export { dedupeIdOf, type Delivered } from './delivered.js';
export * from './evidence.js';
export * from './inbox.js';
export * from './migrations.js';
export { inbox } from './once.js';
export * from './park.js';
export * from './parking.js';
export { KEY_CHARACTERS_MAX, parkedKey } from './storable.js';
export * from './tables.js';
