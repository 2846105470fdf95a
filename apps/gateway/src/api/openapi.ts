import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { PROBLEM_CONTENT_TYPE, PROBLEMS, type ProblemType } from '@backstep/problems';
import { REQUEST_ID_HEADER } from '@backstep/service';
import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import { problemsOf, UNROUTED } from './common-problems.js';
import type {
  Content,
  HeaderObject,
  MediaTypeObject,
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  ResponseObject,
  SchemaObject,
} from './openapi-types.js';
import type { Answer, Operation, Shape } from './operation.js';
import { Problem } from './problem.js';
import { reference, Schemas } from './schemas.js';

const text = (description: string): HeaderObject => ({ description, schema: { type: 'string' } });

/** The headers that every request may have, and every answer has. */
const REQUEST_HEADERS: Readonly<Record<string, string>> = {
  'X-Request-Id': 'Becomes the id of the request in logs and problems; without it, a new one does',
  traceparent: 'W3C Trace Context: the order, its messages and all logs continue this trace',
};
const REQUEST_ID = { [REQUEST_ID_HEADER]: text('The id of the request in logs and problems') };

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } };
/** Headers by problem type: a passing problem has Retry-After. */
const PROBLEM_HEADERS: Readonly<Record<string, Readonly<Record<string, HeaderObject>>>> = {
  [PROBLEMS.unauthorized.type]: {
    'WWW-Authenticate': text('`Bearer`, and what is wrong with the token (RFC 6750)'),
  },
  [PROBLEMS.preconditionFailed.type]: { ETag: text('The present version, when there is one') },
  [PROBLEMS.tooManyRequests.type]: RETRY_AFTER,
  [PROBLEMS.overloaded.type]: RETRY_AFTER,
  [PROBLEMS.contended.type]: RETRY_AFTER,
  [PROBLEMS.locked.type]: RETRY_AFTER,
  [SHOP_PROBLEMS.inProgress.type]: RETRY_AFTER,
  [PROBLEMS.unavailable.type]: RETRY_AFTER,
};

/**
 * The OpenAPI 3.1 document of these operations: every parameter, status, header and problem type, from the declarations
 * that also make the routes and check the requests.
 */
export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const schemas = new Schemas([Problem, ...operations.flatMap(bodiesOf)]);
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describeOperation(operation, schemas);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Backstep',
      version,
      description:
        'Orders across services that share no database, never left half done.\n\n' +
        'Errors are `application/problem+json` (RFC 9457). Unknown fields and parameters are refused by name. ' +
        `Outside of these operations: ${UNROUTED.map(({ type, status }) => `\`${type}\` (${status})`).join(', ')}.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      parameters: commonParameters(),
      securitySchemes: {
        operator: { type: 'http', scheme: 'bearer', description: '`OPERATOR_TOKEN`, where the gateway is given one' },
      },
    },
  };
}

const bodiesOf = ({ body, answers }: Operation): z.ZodType[] => [
  ...(body ? [body] : []),
  ...Object.values(answers).flatMap(({ content }) => Object.values(content ?? {})),
];

const commonParameters = (): Readonly<Record<string, ParameterObject>> =>
  Object.fromEntries(
    Object.entries(REQUEST_HEADERS).map(([name, description]) => [
      name,
      { name, in: 'header', required: false, ...text(description) },
    ]),
  );

function describeOperation(operation: Operation, schemas: Schemas): OperationObject {
  const { id, tag, summary, description, params, query, headers, body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    parameters: [
      ...describeParameters('path', params, schemas),
      ...describeParameters('query', query, schemas),
      // OpenAPI ignores a parameter named Accept: the content types of the answers say it.
      ...describeParameters('header', headers, schemas).filter(({ name }) => name !== 'Accept'),
      ...Object.keys(REQUEST_HEADERS).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(body && { requestBody: { required: true, content: contentOf(operation.method, schemas.of(body)) } }),
    // Without OPERATOR_TOKEN, as on one's own machine, no token is required.
    ...(operation.operator && { security: [{ operator: [] }, {}] }),
    responses: describeAnswers(operation, schemas),
  };
}

/** A PATCH is a JSON Merge Patch (RFC 7386), and may be sent as plain JSON too. */
const contentOf = (method: Operation['method'], schema: SchemaObject): Content => ({
  ...(method === 'PATCH' && { 'application/merge-patch+json': { schema } }),
  'application/json': { schema },
});

const describeParameters = (place: ParameterObject['in'], shape: Shape, schemas: Schemas): ParameterObject[] =>
  Object.entries(shape).map(([name, schema]) => {
    const { description, ...described } = schemas.ofParameter(schema);
    const required = !schema.safeParse(undefined).success;
    return { name, in: place, required, ...(description !== undefined && { description }), schema: described };
  });

/** A status may mean an answer, problems, or both: the 503 of readiness has a body of its own. */
function describeAnswers(operation: Operation, schemas: Schemas): OperationObject['responses'] {
  const problems = problemsOf(operation);
  const statuses = [...Object.keys(operation.answers).map(Number), ...problems.map(({ status }) => status)];
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => {
      const ofStatus = problems.filter((problem) => problem.status === status);
      return [status, describeStatus(status, operation.answers[status], ofStatus, schemas)];
    }),
  );
}

function describeStatus(
  status: number,
  answer: Answer | undefined,
  problems: readonly ProblemType[],
  schemas: Schemas,
): ResponseObject {
  const content: Content = {
    ...Object.fromEntries(
      Object.entries(answer?.content ?? {}).map(([type, schema]) => [type, { schema: schemas.of(schema) }]),
    ),
    ...(problems.length > 0 && { [PROBLEM_CONTENT_TYPE]: describeProblems(problems) }),
  };
  const headers = Object.entries(answer?.headers ?? {}).map(
    ([name, description]) => [name, text(description)] as const,
  );
  const title = answer?.description ?? STATUS_CODES[status] ?? '';
  return {
    description: [title, ...problems.map(({ type, when }) => `- \`${type}\`: ${when}`)].join('\n'),
    headers: Object.assign(
      { ...REQUEST_ID, ...Object.fromEntries(headers) },
      ...problems.map(({ type }) => PROBLEM_HEADERS[type]),
    ) as ResponseObject['headers'],
    ...(Object.keys(content).length > 0 && { content }),
    ...(answer?.links && { links: answer.links }),
  };
}

const describeProblems = (problems: readonly ProblemType[]): MediaTypeObject => ({
  schema: {
    allOf: [reference('Problem')],
    properties: { type: { enum: problems.map(({ type }) => type) } },
  },
  examples: Object.fromEntries(
    problems.map(({ type, title, status, when }) => [
      type.split(':').at(-1),
      { summary: when, value: { type, title, status } },
    ]),
  ),
});
