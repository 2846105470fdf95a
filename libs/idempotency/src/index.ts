export * from './forget-keys.js';
export * from './http.js';
export * from './idempotency-key.entity.js';
export * from './idempotent.js';
export * from './keyed-request.js';
export * from './tables.js';
