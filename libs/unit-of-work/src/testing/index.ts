export { offlineTables } from '@backstep/concurrency';
export * from './in-memory-rows.js';
