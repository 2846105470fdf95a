import type { ProblemType } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import type { z } from 'zod';

export type Shape = Readonly<Record<string, z.ZodType>>;

/** One good answer of an operation. */
export interface Answer {
  readonly description: string;
  /** By media type. Left out when the answer has no body. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  /** Names of headers, and what each says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What can be asked next, by a name of its own. A spec follows each. */
  readonly links?: Readonly<Record<string, AnswerLink>>;
}

/** Another operation, and what of this answer it takes as which parameter (OpenAPI runtime expressions: `$response.body#/id`). */
export interface AnswerLink {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * One operation of the public API, declared once. Its Nest route (`@Route`), the check of what it takes in (`@Input`) and
 * its part of the OpenAPI document derive from this: what is documented is what is checked.
 */
export interface Operation<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Headers extends Shape = Shape,
  Body extends z.ZodType = z.ZodType,
> {
  /** Unique: `operationId` in the document, and what generated clients call their method. */
  readonly id: string;
  readonly method: 'GET' | 'PUT' | 'POST';
  /** With parameters in braces: `/v1/orders/{orderId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  /** Answered instead of `validation` when this header is refused. */
  readonly headerProblems: Readonly<Record<string, ProblemType>>;
  /** Answered instead of `validation` when this header is not there. */
  readonly absentHeaders: Readonly<Record<string, ProblemType>>;
  readonly body: Body | undefined;
  /** An operators' function: asks for `OPERATOR_TOKEN`, where one is set. */
  readonly operator: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it answers beside what every operation may (see `common-problems.ts`). */
  readonly problems: readonly ProblemType[];
}

type Optional<T, Keys extends keyof T> = Omit<T, Keys> & Partial<Pick<T, Keys>>;
type Nothing = Readonly<Record<never, never>>;

/** Declares an operation. What is left out is not taken: no parameters, no headers, no body. */
export const operation = <
  Params extends Shape = Nothing,
  Query extends Shape = Nothing,
  Headers extends Shape = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declaration: Optional<
    Operation<Params, Query, Headers, Body>,
    'params' | 'query' | 'headers' | 'headerProblems' | 'absentHeaders' | 'body' | 'operator' | 'problems'
  >,
): Operation<Params, Query, Headers, Body> => ({
  params: {} as Params,
  query: {} as Query,
  headers: {} as Headers,
  headerProblems: {},
  absentHeaders: {},
  body: undefined,
  operator: false,
  problems: [],
  ...declaration,
});

type Values<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> };

/** What a handler gets from `@Input`: checked and converted, and what it asks others in the name of. */
export type InputOf<O> =
  O extends Operation<infer Params, infer Query, infer Headers, infer Body>
    ? {
        readonly params: Values<Params>;
        readonly query: Values<Query>;
        /** By the names they are declared with. */
        readonly headers: Values<Headers>;
        readonly body: z.output<Body>;
        readonly context: RequestContext;
      }
    : never;
