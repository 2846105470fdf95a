export { startMongo, startRedis, type Mongo, type Redis } from '@backstep/infrastructure';
export * from './answer-lost.js';
export * from './database.js';
export * from './infrastructure.js';
export * from './wait-until.js';
export * from './start-infrastructure.js';
