export * from './access.js';
export * from './catalogue.js';
export * from './fields.js';
export * from './messages/index.js';
export * from './topics.js';
