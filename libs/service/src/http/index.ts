export * from './request-context.js';
export * from './limits.js';
export { REQUEST_ID_HEADER } from './send-problem.js';
export { ANSWER_HEADERS, type Doors, OPEN_DOORS } from './doors.js';
