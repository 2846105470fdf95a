import type { FastifyInstance } from 'fastify';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { sendProblem } from './send-problem.js';

/**
 * Answers for a handler that does not within `ms`, with 503. Its time begins when the whole request is there. A reply that was taken over (`reply.hijack()`) is on its own.
 *
 * Fastify's `handlerTimeout` does the same, and aborts a signal at the end of every request, also when nobody listens: a DOMException
 * with its stack for each was a twelfth of the gateway's time.
 */
export function answerWithin(fastify: FastifyInstance, ms: number): void {
  fastify.addHook('preHandler', (request, reply, done) => {
    const timer = setTimeout(() => {
      if (reply.sent) return;
      // Begun, and not ended: what is there cannot become a problem any more.
      if (reply.raw.headersSent) reply.raw.destroy();
      else sendProblem(new ProblemError(PROBLEMS.handlerTimeout), request, reply);
    }, ms);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}
