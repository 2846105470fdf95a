export * from './config.js';
export { configOrExit } from './config-or-exit.js';
export * from './kafka-security.js';
export * from './platform-config.js';
export * from './values.js';
export * from './token.js';
export * from './doors-config.js';
