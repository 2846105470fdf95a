import { comeAgain, type FieldError, ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import { loggable, type Logger, REQUEST_ID_HEADER, type RequestContext } from '@backstep/service';
import { errors, Pool } from 'undici';

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

export interface ServiceRequest {
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

/**
 * Asks one of our own services over kept connections, in the trace of the request they are asked for. What it answers is trusted to have
 * the shape it is asked for: representations pick from it what is public.
 */
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
   * may have.
   */
  async request<Body>(context: RequestContext, request: ServiceRequest): Promise<ServiceAnswer<Body>> {
    if (this.inFlight >= SERVICE_LIMITS.requestsMax) throw this.unavailable(context, 'too many requests at a time');
    this.inFlight += 1;
    try {
      return await this.send<Body>(context, request);
    } catch (error) {
      // A request we put together wrongly is our own fault, not the service's.
      if (error instanceof ProblemError || error instanceof errors.InvalidArgumentError) throw error;
      throw this.unavailable(context, error);
    } finally {
      this.inFlight -= 1;
    }
  }

  async get<Body>(context: RequestContext, path: string, query: ServiceRequest['query'] = {}): Promise<Body> {
    const { body } = await this.request<Body>(context, { path, query });
    return body;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async send<Body>(
    context: RequestContext,
    { method = 'GET', path, query, headers, body, json, answerMs }: ServiceRequest,
  ): Promise<ServiceAnswer<Body>> {
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
    if (status >= 500) throw this.failure(context, status, content, header);
    if (status >= 400) throw refusal(status, content, header);
    return { status, header, body: content as Body };
  }

  /** A client is told to come again only where the service says that it passes, or where it was not the service that answered. */
  private failure(
    context: RequestContext,
    status: number,
    content: unknown,
    header: (name: string) => string | undefined,
  ): Error {
    const type = (content as { readonly type?: unknown } | null)?.type;
    if (type === PROBLEMS.overloaded.type) return refusal(status, content, header);
    if (type === PROBLEMS.handlerTimeout.type) return new ProblemError(PROBLEMS.handlerTimeout);
    if (type === PROBLEMS.internal.type) {
      const detail = `The ${this.name} service failed; its log has the request id.`;
      return new ProblemError(PROBLEMS.internal, { detail });
    }
    return this.unavailable(context, `status ${status}`, header('retry-after'));
  }

  private unavailable(context: RequestContext, cause: unknown, retryAfter?: string): ProblemError {
    this.logger.debug('a service did not answer', { ...loggable(context), peer: this.name, error: cause });
    const detail = `The ${this.name} service does not answer.`;
    return comeAgain(PROBLEMS.unavailable, { detail, cause, ...(retryAfter !== undefined && { retryAfter }) });
  }
}

const present = <Value>(values: Readonly<Record<string, Value | undefined>> = {}): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));

/** What a client is to see of the headers that came with a problem. */
const PROBLEM_HEADERS = ['retry-after', 'etag'];

/** Members that RFC 9457 or we give a meaning. `instance` and `requestId` become those of the request that our client made. */
const STANDARD_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'instance', 'requestId', 'errors']);

/** A service's problem as ours. @param header of the answer that it came with, by its name in lower case */
export function refusal(status: number, content: unknown, header: (name: string) => string | undefined): Error {
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
