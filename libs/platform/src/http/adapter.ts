import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '@backstep/contracts';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { answerWithin } from './answer-within.js';
import { takeOneReadingOnly } from './one-reading.js';
import { FASTIFY_PROBLEMS, sendProblem } from './send-problem.js';
import { PROBLEM_CONTENT_TYPE, problemBody, ProblemError, PROBLEMS, type ProblemType } from './problems.js';
import { loggable, newContext } from './request-context.js';

/** Limits of every HTTP server here. */
export const HTTP_LIMITS = {
  bodyBytes: 64 * 1024,
  /** For the whole request to arrive, headers and body. */
  receiveMs: 10_000,
  /** For the answer to begin. A stream of events takes its reply over (`reply.hijack()`) and is then on its own. */
  answerMs: 30_000,
  /** How long an idle connection is kept. */
  keepAliveMs: 72_000,
  pathPartCharacters: 255,
  /** Connections that wait to be accepted while the process is busy. Of more, the kernel drops some, whose clients wait for nothing. */
  backlog: 4_096,
} as const;

export const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID = /^[\w.:/-]{1,128}$/;

export interface HttpDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

/** Fastify under Nest, with our limits, and for each request an id, a context and a measurement. */
export function createHttpAdapter({ logger, metrics, lifecycle }: HttpDependencies): FastifyAdapter {
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: HTTP_LIMITS.bodyBytes,
    requestTimeout: HTTP_LIMITS.receiveMs,
    keepAliveTimeout: HTTP_LIMITS.keepAliveMs,
    // Nothing a client says about itself is believed: not its address, and its request id only when it looks like one.
    trustProxy: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    // While draining, a request on a connection that is still open is answered, and told to close. Fastify's own 503 is not ours to shape.
    return503OnClosing: false,
    routerOptions: { maxParamLength: HTTP_LIMITS.pathPartCharacters },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnroutable,
    // Express-style middleware is not used; without it each request is a hook shorter.
    skipMiddie: true,
    // Zod checks what comes in. Fastify would load Ajv and a serializer generator: 230 modules, a fifth of the time a service needs to start.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  fastify.removeContentTypeParser('text/plain');
  answerWithin(fastify, HTTP_LIMITS.answerMs);
  addContext(fastify);
  takeOneReadingOnly(fastify);
  measure(fastify, metrics, logger);
  closeWhileDraining(fastify, lifecycle);
  return adapter;
}

function noSchemas(): never {
  throw new Error('Fastify schemas are not used here: check input with zod()');
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

function addContext(fastify: FastifyInstance): void {
  fastify.decorateRequest('requestContext');
  fastify.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    request.requestContext = newContext(request.id, typeof traceparent === 'string' ? traceparent : undefined);
    void reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}

/**
 * Fastify tells new requests to close their connection while it drains, but not those in flight. Their idle connections
 * would then hold the drain until the client lets go of them, long after the grace is over.
 */
function closeWhileDraining(fastify: FastifyInstance, { draining }: Lifecycle): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining.aborted) void reply.header('connection', 'close');
    done();
  });
}

function measure(fastify: FastifyInstance, metrics: Metrics, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the path: a label must have few values.
    const route = request.routeOptions.url ?? 'unmatched';
    const { method } = request;
    const status = String(reply.statusCode);
    metrics.httpDuration.observe({ method, route, status }, reply.elapsedTime / 1_000);
    const durationMs = Math.round(reply.elapsedTime);
    logger.debug('request', { method, route, status, durationMs, ...loggable(request.requestContext) });
    done();
  });
}

/** Answers a URL the router cannot read. No hook has run for it, nor will Nest's error handling. */
function answerUnroutable(error: { readonly code: string }, request: unknown, reply: unknown): void {
  const problem = new ProblemError(FASTIFY_PROBLEMS[error.code] ?? PROBLEMS.malformedRequest);
  sendProblem(problem, request as FastifyRequest, reply as FastifyReply);
}

const UNREADABLE: Readonly<Record<string, ProblemType>> = {
  ERR_HTTP_REQUEST_TIMEOUT: PROBLEMS.requestTimeout,
  HPE_HEADER_OVERFLOW: PROBLEMS.headersTooLarge,
};

/** Answers what Node could not read as HTTP: there is no request and no reply, only the socket. */
function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new ProblemError(UNREADABLE[error.code ?? ''] ?? PROBLEMS.malformedRequest);
  const body = JSON.stringify(problemBody(problem));
  const head = `HTTP/1.1 ${problem.status} ${problem.problem.title}\r\ncontent-type: ${PROBLEM_CONTENT_TYPE}\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`, () =>
    socket.destroy(),
  );
}
