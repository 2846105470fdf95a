import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, type ProblemError, type ProblemType } from '@backstep/problems';
import { sendProblem as send } from '@backstep/problems/nest';

/** Asked for and answered: the id under which the log knows a request. */
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

export const sendProblem = (problem: ProblemError, request: FastifyRequest, reply: FastifyReply): void =>
  send(problem, request, reply, request.id);
