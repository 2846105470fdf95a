/** Topics and services without messages: a command that needs no message does not load zod, which takes a tenth of a second. */
export * from '../topics.js';
export * from '../access.js';
