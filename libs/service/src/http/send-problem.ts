import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE, problemBody, type ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';

export const REQUEST_ID_HEADER = 'x-request-id';

/** The problems of requests that Fastify refuses before a handler runs, by Fastify's error code. */
export const FASTIFY_PROBLEMS: Readonly<Record<string, ProblemType>> = {
  FST_ERR_BAD_URL: PROBLEMS.malformedRequest,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: PROBLEMS.malformedRequest,
  FST_ERR_CTP_BODY_TOO_LARGE: PROBLEMS.payloadTooLarge,
  FST_ERR_CTP_EMPTY_JSON_BODY: PROBLEMS.malformedJson,
  FST_ERR_CTP_EMPTY_TYPE: PROBLEMS.unsupportedMediaType,
  FST_ERR_CTP_INVALID_JSON_BODY: PROBLEMS.malformedJson,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: PROBLEMS.unsupportedMediaType,
  FST_ERR_MAX_PARAM_LENGTH: PROBLEMS.uriTooLong,
};

export function sendProblem(problem: ProblemError, request: FastifyRequest, reply: FastifyReply): void {
  const body = JSON.stringify(problemBody(problem, { instance: pathOf(request), requestId: request.id }));
  void reply
    .status(problem.status)
    .headers(problem.headers)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    // As bytes, because Fastify adds a charset to text, which this media type does not have.
    .send(Buffer.from(body));
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';
