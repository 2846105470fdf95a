import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { controlText, FaultRequest } from '@backstep/contracts/http';
import { check, PROBLEM_CONTENT_TYPE, problemBody, ProblemError, PROBLEMS } from '@backstep/problems';
import { HOST } from '../ports.js';
import type { Report } from '../report.js';
import type { Faults } from './faults.js';

export const CONTROL_LIMITS = {
  /** A fault takes some 200 bytes. */
  bodyMaxBytes: 4_096,
  headersMaxBytes: 8_192,
  /** The gateway has a few; each waits for a doctor at most. */
  connectionsMax: 64,
  /** How long a request may take to arrive, ms. */
  requestWithinMs: 5_000,
} as const;

const SECRET_BYTES = 32;
const SOCKET_NAME = 'control.sock';
/** The system's own bound is 104 bytes on macOS and 108 on Linux, with a zero at the end; a longer path would be cut short. */
const SOCKET_PATH_MAX_BYTES = 103;
const OWNER_ONLY = 0o600;

export interface ControlOptions {
  readonly dir: string;
  readonly faults: Faults;
  /** The doctor's report. */
  readonly examine: () => Promise<unknown>;
  readonly report: Report;
}

/**
 * The control socket: HTTP over a Unix socket in the data folder, over a port of this machine where there are none. Whoever has its secret may make
 * faults in the services that this process has started, and nothing else.
 */
export class ControlServer {
  private constructor(
    /** The value of BACKSTEP_CONTROL: secret and address. */
    readonly told: string,
    private readonly server: Server,
    private readonly faults: Faults,
  ) {}

  static async open(options: ControlOptions): Promise<ControlServer> {
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const server = createServer({
      maxHeaderSize: CONTROL_LIMITS.headersMaxBytes,
      requestTimeout: CONTROL_LIMITS.requestWithinMs,
      headersTimeout: CONTROL_LIMITS.requestWithinMs,
    });
    server.maxConnections = CONTROL_LIMITS.connectionsMax;
    server.on('clientError', refuseUnread);
    server.on('request', (request, response) => void serve(request, response, secret, options));
    const socketPath = socketPathIn(options.dir);
    if (socketPath === undefined) server.listen(0, HOST);
    else {
      // Only who holds the folder's run file comes here: a socket that lies there is of a starter that was killed.
      rmSync(socketPath, { force: true });
      server.listen(socketPath);
    }
    await once(server, 'listening');
    if (socketPath !== undefined) chmodSync(socketPath, OWNER_ONLY);
    const at = socketPath === undefined ? { port: (server.address() as AddressInfo).port } : { socketPath };
    return new ControlServer(controlText({ secret, at }), server, options.faults);
  }

  /** Takes back every fault, and answers nothing any more. */
  close(): void {
    this.faults.stop();
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** @returns undefined where a port is listened on instead */
export function socketPathIn(dir: string): string | undefined {
  const path = join(dir, SOCKET_NAME);
  return process.platform === 'win32' || Buffer.byteLength(path) > SOCKET_PATH_MAX_BYTES ? undefined : path;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  options: ControlOptions,
): Promise<void> {
  try {
    if (!hasSecret(request, secret)) throw new ProblemError(PROBLEMS.unauthorized);
    const [status, body] = await answer(request, options);
    send(response, status, 'application/json', body);
  } catch (error) {
    const problem = error instanceof ProblemError ? error : new ProblemError(PROBLEMS.internal, { cause: error });
    if (problem !== error) options.report.note(`✗ the control socket: ${(error as Error).message}`);
    // What of the request was not read is not waited for.
    if (!request.complete) response.setHeader('connection', 'close');
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    send(response, problem.status, PROBLEM_CONTENT_TYPE, problemBody(problem));
  }
}

async function answer(
  request: IncomingMessage,
  { faults, examine }: ControlOptions,
): Promise<[status: number, body: unknown]> {
  const { method, url = '' } = request;
  const [, id] = /^\/faults\/([^/]+)$/.exec(url) ?? [];
  switch (`${method} ${id === undefined ? url : '/faults/{id}'}`) {
    case 'GET /faults':
      return [200, faults.list()];
    case 'POST /faults':
      return [201, faults.make(check(FaultRequest, await jsonOf(request), 'body'))];
    case 'DELETE /faults':
      return [200, { healed: faults.healAll() }];
    case 'DELETE /faults/{id}': {
      const healed = faults.heal(id ?? '');
      if (!healed) throw new ProblemError(PROBLEMS.notFound, { detail: 'There is no such fault.' });
      return [200, healed];
    }
    case 'GET /doctor':
      return [200, await examine()];
    default:
      throw new ProblemError(PROBLEMS.notFound, { detail: `There is no ${method} ${url} here.` });
  }
}

/** @throws ProblemError `payloadTooLarge`, `malformedJson` */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > CONTROL_LIMITS.bodyMaxBytes)
      throw new ProblemError(PROBLEMS.payloadTooLarge, {
        detail: `The body has more than ${CONTROL_LIMITS.bodyMaxBytes} bytes.`,
      });
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  } catch (error) {
    throw new ProblemError(PROBLEMS.malformedJson, { cause: error });
  }
}

function hasSecret({ headers }: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${secret}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const UNREAD: Readonly<Record<string, ProblemError>> = {
  HPE_HEADER_OVERFLOW: new ProblemError(PROBLEMS.headersTooLarge, {
    detail: `The headers have more than ${CONTROL_LIMITS.headersMaxBytes} bytes.`,
  }),
  ERR_HTTP_REQUEST_TIMEOUT: new ProblemError(PROBLEMS.requestTimeout),
};
const NO_HTTP = new ProblemError(PROBLEMS.malformedRequest);

/** What Node's parser does not read gets an answer too. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const problem = UNREAD[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify(problemBody(problem));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.problem.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
