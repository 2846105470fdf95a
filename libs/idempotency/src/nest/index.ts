export { IdempotencyModule, type IdempotencyModuleOptions } from './idempotency.module.js';
