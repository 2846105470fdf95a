import type Stripe from 'stripe';
import { Pool, type Dispatcher } from 'undici';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type HttpResponse = Awaited<ReturnType<HttpClient['makeRequest']>>;
type Handler = Required<Pick<Dispatcher.DispatchHandler, 'onRequestStart' | 'onResponseStart' | 'onResponseData'>> &
  Required<Pick<Dispatcher.DispatchHandler, 'onResponseEnd' | 'onResponseError'>>;

/** An answer of Stripe has some 3 KB. A longer one than this is not read to its end, bytes. */
export const ANSWER_MAX_BYTES = 1024 * 1024;
/** The most that all headers of an answer may have, bytes. */
const HEADERS_MAX_BYTES = 16 * 1024;

/** Has no code that Stripe's package knows, so that the package does not repeat the request: see {@link OneCall}. */
class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  /** Read by Stripe's package, which then names the timeout. */
  readonly code = 'ETIMEDOUT';
}

export interface OneCallOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly connectionsMax: number;
  /** An attempt to connect is given up after this time, milliseconds. Calls that waited for it have timed out by then. */
  readonly connectWithinMs: number;
}

/**
 * The HTTP client of Stripe's package, for which a call is one request with one deadline.
 * - One deadline for connection, request, headers and body together: a server that sends a byte a second does not hold the call.
 *   In Stripe's own client the timeout begins anew with each byte.
 * - No redirect is followed, no encoding opened, no more than {@link ANSWER_MAX_BYTES} kept.
 * - An answer is 200 with a JSON object, or 4xx and 5xx with one that has an `error`. Anything else is no answer. The package would take any
 *   JSON for a success, never settle for a JSON string, and print the server's `Stripe-Notice` header.
 * - Nothing is repeated. The package repeats a request whose connection was closed (`ECONNRESET`, `EPIPE`) even with
 *   `maxNetworkRetries: 0`, without the attempt being counted. It recognises these errors by their code.
 *
 * undici's dispatcher, not `node:http`: 0.08 CPU-ms a call instead of 0.14, with Stripe's package around it (loopback, 16 at once).
 */
export class OneCall implements HttpClient {
  private readonly pool: Pool;

  constructor({ origin, connectionsMax, connectWithinMs }: OneCallOptions) {
    // Without undici's timeouts for an answer: the deadline of the call covers both.
    this.pool = new Pool(origin, {
      connections: connectionsMax,
      pipelining: 1,
      connectTimeout: connectWithinMs,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: HEADERS_MAX_BYTES,
    });
  }

  getClientName(): string {
    return 'backstep';
  }

  makeRequest(...request: Parameters<HttpClient['makeRequest']>): ReturnType<HttpClient['makeRequest']> {
    const [, , path, method, headers, body, , deadlineMs] = request;
    return new Promise<HttpResponse>((resolve, reject) => {
      const call = new Call(deadlineMs, resolve, reject);
      try {
        this.pool.dispatch(
          { path, method: method as Dispatcher.HttpMethod, headers: headers as Record<string, string>, body },
          call,
        );
      } catch (error) {
        call.onResponseError(undefined, error as Error);
      }
    });
  }

  /** Aborts running calls. */
  close(): void {
    void this.pool.destroy();
  }
}

class Call implements Handler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private failure: Error | undefined;
  private status = 0;
  private bytes = 0;
  private readonly chunks: Buffer[] = [];

  constructor(
    deadlineMs: number,
    private readonly resolve: (response: HttpResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.timer = setTimeout(() => this.fail(new DeadlineError(`no answer within ${deadlineMs} ms`)), deadlineMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // The call waited for a connection until its deadline: it is not sent.
    if (this.failure) controller.abort(this.failure);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > ANSWER_MAX_BYTES) this.fail(new NoAnswerError(`an answer of more than ${ANSWER_MAX_BYTES} bytes`));
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    try {
      this.resolve(new Answer(this.status, bodyOf(this.status, Buffer.concat(this.chunks))));
    } catch (error) {
      this.reject(error as Error);
    }
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, cause: Error): void {
    this.fail(new NoAnswerError(cause.message, { cause }));
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    clearTimeout(this.timer);
    this.reject(error);
    this.controller?.abort(error);
  }
}

/** @throws NoAnswerError */
function bodyOf(status: number, bytes: Buffer): object {
  const body = jsonObject(bytes);
  if (!body) throw new NoAnswerError(`${status} with a body that is no JSON object`);
  const { error } = body;
  if (status === 200 && (error === undefined || error === null)) return body;
  if (status >= 400 && typeof error === 'object' && error !== null) return body;
  throw new NoAnswerError(`${status} ${error === undefined ? 'without' : 'with'} an error`);
}

function jsonObject(bytes: Buffer): { readonly error?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Without headers: the package prints one of them, and the others are not needed. */
class Answer implements HttpResponse {
  constructor(
    private readonly status: number,
    private readonly body: object,
  ) {}

  getStatusCode(): number {
    return this.status;
  }

  getHeaders(): Record<string, string> {
    return {};
  }

  /** The package adds the status and the ids of the request to it. */
  getRawResponse(): ReturnType<HttpResponse['getRawResponse']> {
    return {} as ReturnType<HttpResponse['getRawResponse']>;
  }

  toStream(): never {
    throw new Error('answers are not streamed');
  }

  toJSON(): Promise<object> {
    return Promise.resolve(this.body);
  }
}
