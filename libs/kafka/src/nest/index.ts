/** The transport of @nestjs/microservices, for who wants topics as `@EventPattern`s. `@backstep/messaging` needs it not. */
export { BatchHandler } from './batch-handler.js';
export { KafkaBatchStrategy } from './batch-strategy.js';
