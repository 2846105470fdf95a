export * from './entity-tag.js';
export * from './page-cursor.js';
export * from './problem-of.js';
export * from './problems.js';
export * from './zod.js';
