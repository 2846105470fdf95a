import type { FastifyInstance, FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { sendProblem } from './send-problem.js';

const REPLY = Symbol('reply');

/** A property of the request itself: a WeakMap of all requests under way took a tenth of the gateway's time, most of it garbage collection. */
interface Received extends IncomingMessage {
  [REPLY]?: FastifyReply;
}

/** The requests whose bodies are being received. No code of Fastify runs for them that could notice that they never end. */
export class RequestsUnderWay {
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const { headers, raw } = request;
      if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
        (raw as Received)[REPLY] = reply;
      done();
    });
  }

  /** Answers 408 and closes the connection. */
  refuse(raw: IncomingMessage): void {
    const reply = (raw as Received)[REPLY];
    if (!reply || reply.sent) {
      raw.destroy();
      return;
    }
    void reply.header('connection', 'close');
    sendProblem(new ProblemError(PROBLEMS.requestTimeout), reply.request, reply);
  }
}
