import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { check, ProblemError } from '@backstep/problems';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { InputOf, Operation } from './operation.js';

/** Makes a controller's method the route of an operation. It answers the first declared status unless it sets another. */
export const Route = (operation: Operation): MethodDecorator =>
  applyDecorators(
    RequestMapping({ method: RequestMethod[operation.method], path: operation.path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    HttpCode(Number(Object.keys(operation.answers)[0])),
    RouteConfig({ operator: operation.operator, rawBody: operation.rawBody }),
  );

/**
 * Gives the method the declared input of its operation, checked. Nothing of a request reaches a handler unchecked, but a body that is passed on
 * unread (`rawBody`), which `@Body()` gives.
 */
export const Input = createParamDecorator((operation: Operation, context: ExecutionContext) =>
  readInput(operation, context.switchToHttp().getRequest<FastifyRequest>()),
);

/** @throws ProblemError `validation` naming each wrong field, or the problem that the operation declares for a header. */
export function readInput<O extends Operation>(
  operation: O,
  request: Pick<FastifyRequest, 'params' | 'query' | 'headers' | 'body' | 'requestContext'>,
): InputOf<O> {
  const { headers, body, rawBody } = operation;
  const { params, query } = schemasOf(operation);
  return {
    params: check(params, request.params, 'path'),
    query: check(query, request.query, 'query'),
    headers: Object.fromEntries(
      Object.keys(headers).map((name) => [name, readHeader(operation, name, request.headers)]),
    ),
    body: body === undefined || rawBody ? undefined : check(body, request.body, 'body'),
    context: request.requestContext,
  } as InputOf<O>;
}

interface Schemas {
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
}

const schemas = new WeakMap<Operation, Schemas>();

/** Made once for each operation: zod compiles a schema when it is first used, which takes longer than all checks of a request. */
function schemasOf(operation: Operation): Schemas {
  let made = schemas.get(operation);
  if (!made) {
    made = { params: z.object(operation.params), query: z.strictObject(operation.query) };
    schemas.set(operation, made);
  }
  return made;
}

function readHeader(
  { headers, headerProblems, absentHeaders }: Operation,
  name: string,
  given: FastifyRequest['headers'],
): unknown {
  const schema = headers[name] as z.ZodType;
  const problem = headerProblems[name];
  const value = given[name.toLowerCase()];
  const absent = absentHeaders[name];
  if (value === undefined && absent !== undefined) throw new ProblemError(absent);
  try {
    return check(schema, value, 'header', name);
  } catch (error) {
    if (problem === undefined || !(error instanceof ProblemError)) throw error;
    const { message: detail, errors = [], cause } = error;
    throw new ProblemError(problem, { detail, errors, cause });
  }
}
