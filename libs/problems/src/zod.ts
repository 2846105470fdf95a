import type { z } from 'zod';
import { type FieldError, ProblemError, PROBLEMS } from './problems.js';
import { sentenceOf } from './sentence-of.js';

/** Errors in one answer. Of a request with a thousand wrong fields, only the first are named. */
export const FIELD_ERRORS_MAX = 50;

/** Characters that are repeated of an unknown field's name, which the client chose. */
const NAME_MAX_CHARACTERS = 100;

type RequestPart = FieldError['in'];

/** What Nest tells a pipe. Declared here, so that who checks a value without NestJS needs no types of it. */
export interface PipeMetadata {
  readonly type: 'body' | 'query' | 'param' | 'custom';
  readonly data?: string | undefined;
}

/** A pipe of Nest. */
export interface ZodPipe<Output> {
  /** @throws ProblemError `validation` */
  transform(value: unknown, metadata: PipeMetadata): Output;
}

const PLACES: Readonly<Record<PipeMetadata['type'], RequestPart>> = {
  body: 'body',
  query: 'query',
  param: 'path',
  custom: 'header',
};

/**
 * Checks and converts the input of a controller: `@Body(zod(Recipe))`, `@Query(zod(Page))`, `@Param('id', zod(RecipeId))`.
 * Unknown fields are refused when the schema is a `z.strictObject`.
 * @throws ProblemError `validation`, naming each wrong field
 */
export const zod = <Schema extends z.ZodType>(schema: Schema): ZodPipe<z.output<Schema>> => ({
  transform: (value, { type, data }) => check(schema, value, PLACES[type], data),
});

/**
 * Checks input that no pipe gets, such as a header: `check(IdempotencyKey, request.headers['idempotency-key'], 'header', 'Idempotency-Key')`.
 * @throws ProblemError `validation`
 */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: RequestPart,
  name?: string,
): z.output<Schema> {
  if (place === 'body' && value === undefined) {
    throw new ProblemError(PROBLEMS.malformedJson, {
      detail: 'A JSON body is needed; send it with content-type application/json.',
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Parsed once more for the sentences of its errors: with them zod takes twice as long, and most input is valid.
  const { error } = schema.safeParse(value, { error: place === 'query' ? sentenceOfParameter : sentenceOf });
  throw validationProblem(error ?? result.error, place, name);
}

/** The values of a query are text. A list means that a name was sent more than once. */
const sentenceOfParameter = (issue: z.core.$ZodRawIssue): string =>
  Array.isArray(issue.input) ? 'was sent more than once' : sentenceOf(issue);

/** A zod error as the answer to a client. `name` is the parameter or header that was checked, if it was a single one. */
function validationProblem(error: z.ZodError, place: RequestPart, name?: string): ProblemError {
  const errors = error.issues.flatMap((issue) => fieldErrors(issue, place, name)).slice(0, FIELD_ERRORS_MAX);
  const detail = errors.map(({ field, message }) => (field ? `${field}: ${message}` : `The ${place} ${message}`));
  return new ProblemError(PROBLEMS.validation, { detail: detail.slice(0, 3).join('; '), errors, cause: error });
}

function fieldErrors(issue: z.core.$ZodIssue, place: RequestPart, name: string | undefined): readonly FieldError[] {
  const path = [...(name === undefined ? [] : [name]), ...issue.path.map(String)];
  if (issue.code !== 'unrecognized_keys') return [fieldError(place, path, issue.message)];
  // zod lists all unknown keys in one issue about their parent; each is an error of its own field.
  return issue.keys.map((key) => fieldError(place, [...path, shown(key)], 'is not a known field'));
}

/** An unknown field's name is repeated to the client and logged, so long numbers are cut out: they may be card numbers. */
const shown = (name: string): string => name.slice(0, NAME_MAX_CHARACTERS).replaceAll(/\d(?:[^\p{L}]*\d){6,}/gu, '…');

function fieldError(place: RequestPart, path: readonly string[], message: string): FieldError {
  const pointer = path
    .map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
  return { in: place, field: path.join('.'), ...(place === 'body' && { pointer: `#${pointer}` }), message };
}
