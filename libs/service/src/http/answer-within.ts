import type { FastifyInstance } from 'fastify';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { sendProblem } from './send-problem.js';

/**
 * Answers 503 when a handler has not answered within `ms`. The time begins when the whole request has arrived. A reply that its handler has
 * taken over (`reply.hijack()`) is left alone.
 *
 * Fastify's `handlerTimeout` does the same, but aborts a signal at the end of every request, even without a listener. The DOMException and
 * its stack took a twelfth of the gateway's time.
 */
export function answerWithin(fastify: FastifyInstance, ms: number): void {
  fastify.addHook('preHandler', (request, reply, done) => {
    const timer = setTimeout(() => {
      if (reply.sent) return;
      // The answer has begun and cannot become a problem any more.
      if (reply.raw.headersSent) reply.raw.destroy();
      else sendProblem(new ProblemError(PROBLEMS.handlerTimeout), request, reply);
    }, ms);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}
