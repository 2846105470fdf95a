export * from './in-memory-rows.js';
