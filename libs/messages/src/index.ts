export * from './catalogue.js';
export { decode, encode, encodedBytes, versionOf } from './codec.js';
export type { DeliveredWire, Dictionary, EncodedMessage, WireMessage } from './codec.js';
export * from './errors.js';
export * from './limits.js';
export * from './message.js';
export { newId } from './new-id.js';
export * from './text.js';
export * from './topics.js';
