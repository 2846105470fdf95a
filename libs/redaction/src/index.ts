export { holdsCardNumber } from './card-number.js';
export * from './redact.js';
