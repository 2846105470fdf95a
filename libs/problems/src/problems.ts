/** A type of problem (RFC 9457). `type` is its stable name for programs; `title` is its fixed sentence for people. */
export interface ProblemType {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  /** When a request gets it, for the API's documentation. */
  readonly when: string;
}

const URN = 'urn:backstep:problem:';

/**
 * Declares the problems of a package or an application. The name of each is the end of its `type`.
 *
 *     export const BAKERY_PROBLEMS = declareProblems({ ovenCold: ['oven-cold', 409, 'The oven is cold', 'It was not lit yet'] });
 *
 * @param prefix the beginning of each `type`: a URN or URL of the application
 */
export function declareProblems<
  const P extends Readonly<Record<string, readonly [name: string, status: number, title: string, when: string]>>,
>(problems: P, prefix: string = URN): { readonly [Key in keyof P]: ProblemType } {
  const entries = Object.entries(problems).map(([key, [name, status, title, when]]) => [
    key,
    Object.freeze({ type: prefix + name, status, title, when }),
  ]);
  return Object.freeze(Object.fromEntries(entries)) as { readonly [Key in keyof P]: ProblemType };
}

/** The problems of any service. An application declares its own with {@link declareProblems}. */
export const PROBLEMS = declareProblems({
  // Answers of the chassis itself, in every service.
  malformedRequest: [
    'malformed-request',
    400,
    'The request is not valid HTTP',
    'The URL or the HTTP message cannot be read',
  ],
  malformedJson: ['malformed-json', 400, 'The body is not JSON', 'The body is empty or cannot be parsed'],
  validation: [
    'validation',
    400,
    'The request is not valid',
    'A field is missing, wrong or unknown; `errors` names each',
  ],
  notFound: ['not-found', 404, 'There is nothing here', 'No route has this path, or there is nothing with this id'],
  methodNotAllowed: [
    'method-not-allowed',
    405,
    'This method is not allowed here',
    'The path exists; `Allow` lists its methods',
  ],
  requestTimeout: ['request-timeout', 408, 'The request came too slowly', 'The whole request did not arrive in time'],
  payloadTooLarge: [
    'payload-too-large',
    413,
    'The body is too large',
    'The body has more than 64 KB, or makes a message larger than Kafka takes',
  ],
  misdirected: [
    'misdirected',
    421,
    'This is another host',
    '`Host` does not name this service, by which a page of another site would get at it',
  ],
  uriTooLong: ['uri-too-long', 414, 'The URL is too long', 'A part of the path has more than 255 characters'],
  unsupportedMediaType: [
    'unsupported-media-type',
    415,
    'This content type is not understood',
    'The body is not application/json, nor, for a PATCH, application/merge-patch+json',
  ],
  headersTooLarge: ['headers-too-large', 431, 'The headers are too large', 'The headers have more than 16 KB'],
  internal: ['internal', 500, 'Something went wrong here', 'A fault of the service; its log has the request id'],
  unavailable: [
    'unavailable',
    503,
    'A dependency does not answer',
    'The database or another service is away; try again after `Retry-After`',
  ],
  overloaded: [
    'overloaded',
    503,
    'More is under way than can be done soon',
    'Nothing was done; try again after `Retry-After`',
  ],
  contended: [
    'contended',
    503,
    'Somebody else holds what this would change',
    'Others change the same, or hold it, for too long; nothing was done, try again after `Retry-After`',
  ],
  locked: [
    'locked',
    409,
    'Somebody else holds this at the moment',
    'What the request needs is not waited for any longer; nothing was done, try again after `Retry-After`',
  ],
  handlerTimeout: [
    'handler-timeout',
    503,
    'The answer took too long',
    'The service gave up waiting; the outcome is unknown, read before you try again',
  ],

  // Answers of an API's operations.
  unauthorized: ['unauthorized', 401, 'Credentials are needed', 'The credentials are missing or wrong'],
  forbidden: ['forbidden', 403, 'This is not allowed', 'A page of another site asks for a change'],
  idempotencyKeyMissing: [
    'idempotency-key-missing',
    400,
    'Idempotency-Key is needed',
    'The header is missing, empty or longer than 255 characters',
  ],
  idempotencyKeyReused: [
    'idempotency-key-reused',
    422,
    'This Idempotency-Key was used for another request',
    'The key is known with another body',
  ],
  outOfRange: [
    'out-of-range',
    422,
    'A number would become too large',
    'What the request adds up to is beyond the bound that `errors` names',
  ],
  preconditionRequired: [
    'precondition-required',
    428,
    'If-Match is needed',
    'A change must say which version it changes',
  ],
  preconditionFailed: [
    'precondition-failed',
    412,
    'It has changed in the meantime',
    'If-Match names another version than the present one: `current` has that, `changedSince` says what changed',
  ],
  conflict: [
    'conflict',
    409,
    'The present state does not allow this',
    'The operation does not apply to the present state',
  ],
  gone: ['gone', 410, 'This is there no more', 'It was there, and is deleted'],
  tooManyRequests: ['too-many-requests', 429, 'Too many requests', 'A limit is reached; try again after `Retry-After`'],
});

/** One field that is wrong. */
export interface FieldError {
  readonly in: 'body' | 'query' | 'path' | 'header';
  /** Its name as a path: `items.0.quantity`. Empty for the whole part. */
  readonly field: string;
  /** In a body: its JSON Pointer as a URI fragment (RFC 6901), `#/items/0/quantity`. */
  readonly pointer?: string;
  readonly message: string;
}

/** What a {@link ProblemError} says beside its type. All of it but `cause` reaches the client. */
export interface ProblemOptions {
  /** What is wrong this time, for people. The client gets it, so it must hold nothing internal. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Further members of the body, such as `current`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Headers of the answer, such as `Retry-After` or `ETag`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * Thrown anywhere below a controller, it becomes the answer: `application/problem+json` with the status of its type. `ProblemFilter` of
 * `@backstep/problems/nest` makes that answer; without it, Nest's own filter answers with the same status and the detail.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly errors: readonly FieldError[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly problem: ProblemType,
    { detail, errors, extensions = {}, headers = {}, cause }: ProblemOptions = {},
  ) {
    super(detail ?? problem.title, cause === undefined ? undefined : { cause });
    this.errors = errors;
    this.extensions = extensions;
    this.headers = headers;
  }

  get status(): number {
    return this.problem.status;
  }

  /** With `status` and `expose`, this is the signature of `http-errors`, from which Nest's own filter and Express read an error's status. */
  get statusCode(): number {
    return this.problem.status;
  }

  /** The message may reach a client. */
  get expose(): boolean {
    return true;
  }
}

/** The default `Retry-After`, in seconds, when a dependency is away or the service is overloaded. */
export const RETRY_AFTER_SECONDS = 2;

/** A transient problem, with `Retry-After` in seconds. */
export const comeAgain = (
  problem: ProblemType,
  { retryAfter = RETRY_AFTER_SECONDS, ...options }: { detail?: string; cause?: unknown; retryAfter?: number | string },
): ProblemError => new ProblemError(problem, { ...options, headers: { 'retry-after': String(retryAfter) } });

/** The media type of problem details (RFC 9457). */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The members that RFC 9457 defines, and ours. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** The path of the request. */
  readonly instance?: string;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
  readonly [extension: string]: unknown;
}

/** The body of the answer. Extensions cannot replace the standard members. */
export function problemBody(
  error: ProblemError,
  occurrence: { readonly instance?: string; readonly requestId?: string } = {},
): ProblemBody {
  const { problem, message, errors, extensions } = error;
  return {
    ...extensions,
    type: problem.type,
    title: problem.title,
    status: problem.status,
    ...(message !== problem.title && { detail: message }),
    ...occurrence,
    ...(errors && { errors }),
  };
}
