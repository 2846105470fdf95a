export * from './database.js';
export * from './messaging-config.js';
export * from './messaging.js';
export * from './messaging.module.js';
