import type { ProblemType } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import type { z } from 'zod';

export type Shape = Readonly<Record<string, z.ZodType>>;

/** One successful answer of an operation. */
export interface Answer {
  readonly description: string;
  /** By media type. Left out when the answer has no body. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  /** The headers, each with its description. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Links to further operations, by name. A spec follows each. */
  readonly links?: Readonly<Record<string, AnswerLink>>;
}

/** Another operation, with its parameters taken from this answer (OpenAPI runtime expressions: `$response.body#/id`). */
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
  /** Unique: `operationId` in the document, and the name of the method in generated clients. */
  readonly id: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/v1/orders/{orderId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  /** The problem instead of `validation` when this header is invalid. */
  readonly headerProblems: Readonly<Record<string, ProblemType>>;
  /** The problem instead of `validation` when this header is missing. */
  readonly absentHeaders: Readonly<Record<string, ProblemType>>;
  readonly body: Body | undefined;
  /** The body is passed on as the bytes that came, unread: who checks its signature reads it. `body` only documents it. */
  readonly rawBody: boolean;
  /** No service is asked before the answer begins: none can fail. */
  readonly local: boolean;
  /**
   * The answer lies in this process's memory: parameters are not checked, as whatever they say has an answer, and no service behind it can
   * fail.
   */
  readonly fromMemory: boolean;
  /** For operators only: requires `OPERATOR_TOKEN`, where one is set. */
  readonly operator: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Its problems beside those of every operation (see `common-problems.ts`). */
  readonly problems: readonly ProblemType[];
}

type Optional<T, Keys extends keyof T> = Omit<T, Keys> & Partial<Pick<T, Keys>>;
type Nothing = Readonly<Record<never, never>>;

/** Declares an operation. Parameters, headers or a body that are not declared are not accepted. */
export const operation = <
  Params extends Shape = Nothing,
  Query extends Shape = Nothing,
  Headers extends Shape = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declaration: Optional<
    Operation<Params, Query, Headers, Body>,
    | 'params'
    | 'query'
    | 'headers'
    | 'headerProblems'
    | 'absentHeaders'
    | 'body'
    | 'rawBody'
    | 'local'
    | 'fromMemory'
    | 'operator'
    | 'problems'
  >,
): Operation<Params, Query, Headers, Body> => ({
  params: {} as Params,
  query: {} as Query,
  headers: {} as Headers,
  headerProblems: {},
  absentHeaders: {},
  body: undefined,
  rawBody: false,
  local: false,
  fromMemory: false,
  operator: false,
  problems: [],
  ...declaration,
});

type Values<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> };

/** What a handler gets from `@Input`: the checked and converted input, and the context for requests to services. */
export type InputOf<O> =
  O extends Operation<infer Params, infer Query, infer Headers, infer Body>
    ? {
        readonly params: Values<Params>;
        readonly query: Values<Query>;
        /** The headers, by their declared names. */
        readonly headers: Values<Headers>;
        readonly body: z.output<Body>;
        readonly context: RequestContext;
      }
    : never;
