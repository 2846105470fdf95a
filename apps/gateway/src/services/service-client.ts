import { comeAgain, type FieldError, ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import { loggable, type Logger, REQUEST_ID_HEADER, type RequestContext } from '@backstep/service';
import { errors, Pool } from 'undici';
import type { z } from 'zod';
import { shapeOf } from './shape.js';

/** Limits of the connections to one service. */
export const SERVICE_LIMITS = {
  connectMs: 1_000,
  /** Timeout until the answer begins, and between two parts of it. */
  answerMs: 10_000,
  /** Shorter than the services keep an idle connection, so that none is closed while a request is sent. */
  keepAliveMs: 30_000,
  /** Concurrent requests, each on a connection of its own, so that one that waits for an outcome delays no other. */
  requestsMax: 1_000,
  /** A page of 100 parked messages of 1 MB is the largest answer there is. */
  answerMaxBytes: 128 * 1024 * 1024,
} as const;

export interface ServiceRequest<Answer extends z.ZodType = z.ZodType> {
  /** The contract's declaration of the answer. A missing member, or one of another type, is an `UnexpectedAnswerError`. */
  readonly answer: Answer;
  readonly method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Undefined values are left out, in headers too. A list is sent as one parameter for each of its values. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** A body that is JSON already, or bytes that are passed on as they came. */
  readonly json?: string | Buffer;
  /** Statuses from 400 that are answers all the same, such as the 503 in which a service says why it is not ready. */
  readonly alsoAnswers?: readonly number[];
  /** Default: `SERVICE_LIMITS.answerMs`. */
  readonly answerMs?: number;
}

export interface ServiceAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

/** A service's answer does not match the contract: one of the two has another version. A repetition does not help. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  constructor(service: string, path: string, wrong: string) {
    super(`the answer of ${service} to ${path} is not as declared${wrong === '' ? '' : `: ${wrong}`}`);
  }
}

/** A client of one of our own services, with keep-alive connections, in the trace of the client's request. */
export class ServiceClient {
  private readonly pool: Pool;
  private readonly basePath: string;
  private inFlight = 0;

  constructor(
    readonly name: string,
    baseUrl: string,
    private readonly logger: Logger,
    /** The authorization header that the service requires; empty when it requires none. */
    private readonly token = '',
    /** Of a Unix socket, where the service listens on none of its URL's ports. */
    socketPath?: string,
  ) {
    const { origin, pathname } = new URL(baseUrl);
    this.basePath = pathname.replace(/\/$/, '');
    this.pool = new Pool(origin, {
      connections: SERVICE_LIMITS.requestsMax,
      connect: { timeout: SERVICE_LIMITS.connectMs, ...(socketPath !== undefined && { socketPath }) },
      keepAliveTimeout: SERVICE_LIMITS.keepAliveMs,
      maxResponseSize: SERVICE_LIMITS.answerMaxBytes,
    });
  }

  /**
   * @throws ProblemError the service's own, when it refuses (4xx, or as it has too much to do); `internal` when it fails, which no
   * second try mends; `unavailable` with Retry-After when it cannot be reached, does not answer in time, or has as many requests as it
   * may have. UnexpectedAnswerError.
   */
  async request<Answer extends z.ZodType>(
    context: RequestContext,
    request: ServiceRequest<Answer>,
  ): Promise<ServiceAnswer<z.output<Answer>>> {
    if (this.inFlight >= SERVICE_LIMITS.requestsMax) throw this.unavailable(context, 'too many requests at a time');
    this.inFlight += 1;
    try {
      return await this.send(context, request);
    } catch (error) {
      if (error instanceof ProblemError || isOurFault(error)) throw error;
      throw this.unavailable(context, error);
    } finally {
      this.inFlight -= 1;
    }
  }

  async get<Answer extends z.ZodType>(
    context: RequestContext,
    path: string,
    answer: Answer,
    query: ServiceRequest['query'] = {},
  ): Promise<z.output<Answer>> {
    const { body } = await this.request(context, { path, query, answer });
    return body;
  }

  /**
   * A problem of the service as our client gets it. Retry-After is there only when the service says that the problem passes, or when it was not
   * the service that answered.
   * @param header gives a header of the problem's answer, by its name in lower case
   */
  problem(
    context: RequestContext,
    status: number,
    content: unknown,
    header: (name: string) => string | undefined,
  ): Error {
    if (status < 500) return refusal(status, content, header);
    const type = (content as { readonly type?: unknown } | null)?.type;
    if (type === PROBLEMS.overloaded.type || type === PROBLEMS.contended.type) return refusal(status, content, header);
    if (type === PROBLEMS.handlerTimeout.type) return new ProblemError(PROBLEMS.handlerTimeout);
    if (type === PROBLEMS.internal.type) {
      const detail = `The ${this.name} service failed; its log has the request id.`;
      return new ProblemError(PROBLEMS.internal, { detail });
    }
    return this.unavailable(context, `status ${status}`, header('retry-after'));
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async send<Answer extends z.ZodType>(
    context: RequestContext,
    {
      method = 'GET',
      path,
      query,
      headers,
      body,
      json,
      answerMs,
      answer: declared,
      alsoAnswers = [],
    }: ServiceRequest<Answer>,
  ): Promise<ServiceAnswer<z.output<Answer>>> {
    const sent = json ?? (body === undefined ? null : JSON.stringify(body));
    const answerWithinMs = answerMs ?? SERVICE_LIMITS.answerMs;
    const answer = await this.pool.request({
      method,
      path: `${this.basePath}${path}`,
      query: present(query),
      headers: present({
        ...headers,
        ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
        traceparent: context.traceparent,
        [REQUEST_ID_HEADER]: context.requestId,
        ...(sent !== null && { 'content-type': 'application/json' }),
      }),
      body: sent,
      headersTimeout: answerWithinMs,
      bodyTimeout: answerWithinMs,
    });
    const { statusCode: status } = answer;
    const header = (name: string): string | undefined => [answer.headers[name]].flat()[0];
    const content: unknown = JSON.parse((await answer.body.text()) || 'null');
    if (status >= 400 && !alsoAnswers.includes(status)) throw this.problem(context, status, content, header);
    const wrong = shapeOf(declared)(content);
    if (wrong !== undefined) throw new UnexpectedAnswerError(this.name, path, wrong);
    return { status, header, body: content as z.output<Answer> };
  }

  private unavailable(context: RequestContext, cause: unknown, retryAfter?: string): ProblemError {
    this.logger.debug('a service did not answer', { ...loggable(context), peer: this.name, error: cause });
    const detail = `The ${this.name} service does not answer.`;
    return comeAgain(PROBLEMS.unavailable, { detail, cause, ...(retryAfter !== undefined && { retryAfter }) });
  }
}

/** The gateway's request was wrong, or a service gave an answer that it must not give. */
const isOurFault = (error: unknown): boolean =>
  error instanceof errors.InvalidArgumentError || error instanceof UnexpectedAnswerError;

const present = <Value>(values: Readonly<Record<string, Value | undefined>> = {}): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));

/** Headers of a service's problem that are passed on. */
const PROBLEM_HEADERS = ['retry-after', 'etag'];

/** Members with a meaning of RFC 9457 or of ours. `instance` and `requestId` become those of the client's request. */
const STANDARD_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'instance', 'requestId', 'errors']);

/** A service's problem without its `instance` and `requestId`. */
function refusal(status: number, content: unknown, header: (name: string) => string | undefined): Error {
  const body = (content ?? {}) as Readonly<Record<string, unknown>>;
  const { type, title, detail, errors: fields } = body;
  if (typeof type !== 'string' || typeof title !== 'string') return new Error(`status ${status} without a problem`);
  const problem: ProblemType = { type, status, title, when: '' };
  return new ProblemError(problem, {
    ...(typeof detail === 'string' && { detail }),
    ...(Array.isArray(fields) && { errors: fields as readonly FieldError[] }),
    extensions: Object.fromEntries(Object.entries(body).filter(([name]) => !STANDARD_MEMBERS.has(name))),
    headers: present(Object.fromEntries(PROBLEM_HEADERS.map((name) => [name, header(name)]))),
  });
}
