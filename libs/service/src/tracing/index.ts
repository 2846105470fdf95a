export * from './random-hex.js';
export * from './traceparent.js';
