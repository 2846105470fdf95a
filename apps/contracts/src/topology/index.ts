/** Topics and services, by themselves: a command that needs no message does not wait for a tenth of a second until zod is loaded. */
export * from '../topics.js';
export * from '../access.js';
