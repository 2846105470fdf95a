export * from './adapter.js';
export * from './problem-filter.js';
export * from './problems.js';
export * from './request-context.js';
export * from './routes.js';
export * from './unavailable.js';
export * from './zod.js';
export * from './entity-tag.js';
