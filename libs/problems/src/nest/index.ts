export { ProblemFilter, type ProblemFilterOptions } from './problem-filter.js';
export { pathOf, sendProblem, type HttpReply, type HttpRequest } from './send-problem.js';
