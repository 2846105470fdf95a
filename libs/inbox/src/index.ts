export * from './delivered.js';
export * from './inbox.js';
export * from './parking.js';
export * from './tables.js';
