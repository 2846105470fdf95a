/** A transport of @nestjs/microservices, for applications that want topics as `@EventPattern`s. `@backstep/messaging` does not need it. */
export { BatchHandler } from './batch-handler.js';
export { KafkaBatchStrategy } from './batch-strategy.js';
