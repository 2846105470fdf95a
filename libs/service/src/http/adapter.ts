import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '@backstep/messages';
import { holdsCardNumber } from '@backstep/redaction';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { answerWithin } from './answer-within.js';
import { ANSWER_HEADERS, type Doors, OPEN_DOORS, watchDoors } from './doors.js';
import { HTTP_LIMITS, type HttpLimits } from './limits.js';
import { refuseAmbiguousRequests } from './one-reading.js';
import { FASTIFY_PROBLEMS, REQUEST_ID_HEADER, sendProblem } from './send-problem.js';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { loggable, newContext } from './request-context.js';
import { RequestsUnderWay } from './requests-under-way.js';
import { createGuardedServer } from './server.js';
import { answerUnreadable, refuse } from './unreadable.js';
import { UntakenAnswers } from './untaken-answers.js';

const REQUEST_ID = /^[\w.:/-]{1,128}$/;

/** What {@link createHttpAdapter} uses of its service. */
export interface HttpDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  readonly limits?: HttpLimits;
  readonly doors?: Doors;
}

/** Fastify under Nest, with our limits. Each request gets an id, a context and a measurement. */
export function createHttpAdapter({
  logger,
  metrics,
  lifecycle,
  limits = HTTP_LIMITS,
  doors = OPEN_DOORS,
}: HttpDependencies): FastifyAdapter {
  const untaken = new UntakenAnswers(limits.untakenBytesMax);
  const receiving = new RequestsUnderWay();
  const refusals = {
    headersTooSlow: (socket: Socket) => refuse(socket, PROBLEMS.requestTimeout, limits.lingerMs),
    bodyTooSlow: (request: IncomingMessage) => receiving.refuse(request),
  };
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: limits.bodyBytes,
    serverFactory: (handle: RequestListener) =>
      createGuardedServer(handle, { draining: lifecycle.draining, refusals, untaken, limits }),
    // Because of our own `serverFactory`, Fastify would otherwise leave idle connections open when it closes.
    forceCloseConnections: 'idle',
    // A client's claims about itself are not trusted: not its address, and its request id only when it is well-formed.
    trustProxy: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    // While draining, a request on an open connection is still answered, with `connection: close`. Fastify's own 503 would be no problem+json.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: limits.pathPartCharacters },
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, limits.lingerMs),
    frameworkErrors: answerUnroutable,
    // Express-style middleware is not used. Without its support each request runs one hook less.
    skipMiddie: true,
    // Zod checks the input. Fastify would load Ajv and a serializer generator: 230 modules, a fifth of a service's start time.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  fastify.removeContentTypeParser('text/plain');
  addContext(fastify);
  watchDoors(fastify, doors);
  receiving.watch(fastify);
  refuseAmbiguousRequests(fastify);
  answerWithin(fastify, limits.answerMs);
  measure(fastify, metrics, logger);
  closeWhileDraining(fastify, lifecycle);
  countUntaken(fastify, untaken);
  return adapter;
}

function noSchemas(): never {
  throw new Error('Fastify schemas are not used here: check input with zod()');
}

/** The client's request id when it is well-formed and no card number, because it is logged and passed on. Otherwise a new one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) && !holdsCardNumber(given) ? given : newId();
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
 * While it drains, Fastify sends `connection: close` with new requests, but not with those in flight. Their idle connections would then
 * hold up the drain until the client closes them, long after the grace is over.
 */
function closeWhileDraining(fastify: FastifyInstance, { draining }: Lifecycle): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining.aborted) void reply.header('connection', 'close');
    done();
  });
}

function countUntaken(fastify: FastifyInstance, untaken: UntakenAnswers): void {
  fastify.addHook('onSend', (_request, { raw }, payload, done) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) untaken.add(raw, payload.length);
    done();
  });
}

function measure(fastify: FastifyInstance, metrics: Metrics, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    // The route's pattern and not the path, because a label must have few values.
    const route = request.routeOptions.url ?? 'unmatched';
    const { method } = request;
    const status = String(reply.statusCode);
    metrics.httpDuration.observe({ method, route, status }, reply.elapsedTime / 1_000);
    const durationMs = Math.round(reply.elapsedTime);
    logger.debug('request', { method, route, status, durationMs, ...loggable(request.requestContext) });
    done();
  });
}

/** Answers a URL that the router cannot read. Neither hooks nor Nest's error handling run for it. */
function answerUnroutable(error: { readonly code: string }, request: unknown, reply: unknown): void {
  const problem = new ProblemError(FASTIFY_PROBLEMS[error.code] ?? PROBLEMS.malformedRequest);
  const { id } = request as FastifyRequest;
  void (reply as FastifyReply).headers({ ...ANSWER_HEADERS, [REQUEST_ID_HEADER]: id });
  sendProblem(problem, request as FastifyRequest, reply as FastifyReply);
}
