import { comeAgain, type FieldError, ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import { loggable, type Logger, REQUEST_ID_HEADER, type RequestContext } from '@backstep/service';
import { errors, Pool } from 'undici';
import type { z } from 'zod';
import { shapeOf } from './shape.js';

/** Limits of the connections to one service. */
export const SERVICE_LIMITS = {
  connectMs: 1_000,
  /** For the answer to begin, and then between two parts of it. */
  answerMs: 10_000,
  /** Shorter than the services keep an idle connection, so that none is closed while a request is on its way. */
  keepAliveMs: 30_000,
  /** Requests at a time, each on a connection of its own, so one that waits for an outcome holds up no other. */
  requestsMax: 1_000,
  /** A page of 100 parked messages of 1 MB is the largest answer there is. */
  answerMaxBytes: 128 * 1024 * 1024,
} as const;

export interface ServiceRequest<Answer extends z.ZodType = z.ZodType> {
  /** As the contract declares the answer. Its shape is checked: what is not there, or of another type, is an `UnexpectedAnswerError`. */
  readonly answer: Answer;
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  /** What is undefined is left out; of headers too. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** A body that is JSON already. */
  readonly json?: string;
  /** Default: `SERVICE_LIMITS.answerMs`. */
  readonly answerMs?: number;
}

export interface ServiceAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

/** A service of ours answers something else than the contract says: one of the two is of another version. No second try mends it. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  constructor(service: string, path: string, wrong: string) {
    super(`the answer of ${service} to ${path} is not as declared${wrong === '' ? '' : `: ${wrong}`}`);
  }
}

/** Asks one of our own services over kept connections, in the trace of the request they are asked for. */
export class ServiceClient {
  private readonly pool: Pool;
  private readonly basePath: string;
  private inFlight = 0;

  constructor(
    readonly name: string,
    baseUrl: string,
    private readonly logger: Logger,
    /** What the service asks for; empty when it asks for nothing. */
    private readonly token = '',
  ) {
    const { origin, pathname } = new URL(baseUrl);
    this.basePath = pathname.replace(/\/$/, '');
    this.pool = new Pool(origin, {
      connections: SERVICE_LIMITS.requestsMax,
      connect: { timeout: SERVICE_LIMITS.connectMs },
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
   * A problem of the service as our client is told it. A client is told to come again only where the service says that it passes, or where
   * it was not the service that answered.
   * @param header of what the problem came with, by its name in lower case
   */
  problem(
    context: RequestContext,
    status: number,
    content: unknown,
    header: (name: string) => string | undefined,
  ): Error {
    if (status < 500) return refusal(status, content, header);
    const type = (content as { readonly type?: unknown } | null)?.type;
    if (type === PROBLEMS.overloaded.type) return refusal(status, content, header);
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
    { method = 'GET', path, query, headers, body, json, answerMs, answer: declared }: ServiceRequest<Answer>,
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
    if (status >= 400) throw this.problem(context, status, content, header);
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

/** A request we put together wrongly, or an answer that our own service may not give. */
const isOurFault = (error: unknown): boolean =>
  error instanceof errors.InvalidArgumentError || error instanceof UnexpectedAnswerError;

const present = <Value>(values: Readonly<Record<string, Value | undefined>> = {}): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));

/** What a client is to see of the headers that came with a problem. */
const PROBLEM_HEADERS = ['retry-after', 'etag'];

/** Members that RFC 9457 or we give a meaning. `instance` and `requestId` become those of the request that our client made. */
const STANDARD_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'instance', 'requestId', 'errors']);

/** A service's problem with all that it says but for where and when. */
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
