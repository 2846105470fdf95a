import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { ProblemError, PROBLEMS } from './problems.js';
import { sendProblem } from './send-problem.js';

/** The requests whose bodies are being received: nothing of Fastify runs for them that could notice that they do not end. */
export class RequestsUnderWay {
  private readonly known = new WeakMap<
    IncomingMessage,
    { readonly request: FastifyRequest; readonly reply: FastifyReply }
  >();

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const { headers, raw } = request;
      if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
        this.known.set(raw, { request, reply });
      done();
    });
  }

  /** Answers 408 and closes the connection. */
  refuse(raw: IncomingMessage): void {
    const known = this.known.get(raw);
    if (!known || known.reply.sent) {
      raw.destroy();
      return;
    }
    void known.reply.header('connection', 'close');
    sendProblem(new ProblemError(PROBLEMS.requestTimeout), known.request, known.reply);
  }
}
