import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Connection, type Refusals } from './connection.js';
import { HTTP_LIMITS, type HttpLimits } from './limits.js';
import type { UntakenAnswers } from './untaken-answers.js';

export interface ServerOptions {
  readonly draining: AbortSignal;
  readonly refusals: Refusals;
  readonly untaken: UntakenAnswers;
  readonly limits?: HttpLimits;
}

/** Node's HTTP server, with a bound on what a client can make it hold: see `HTTP_LIMITS`. */
export function createGuardedServer(handle: RequestListener, options: ServerOptions): Server {
  const { draining, refusals, untaken, limits = HTTP_LIMITS } = options;
  const connections = new Map<Socket, Connection>();
  // `Connection` keeps the time of requests: Node's timers count the time in which we do not read, and end when the server closes.
  const server = createServer(
    { headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: limits.keepAliveMs },
    (request: IncomingMessage, response: ServerResponse) => {
      const connection = connections.get(request.socket);
      connection?.begin(request, response);
      response.once('close', () => {
        untaken.delete(response);
        connection?.end(response);
      });
      handle(request, response);
    },
  );
  server.maxConnections = limits.connectionsMax;
  // Node would leave the 2,001st out in silence. Their number is bounded by the bytes of all.
  server.maxHeadersCount = 0;
  server.on('drop', () => server.closeIdleConnections());
  server.on('connection', (socket: Socket) => {
    const connection = Connection.of(socket, limits);
    connections.set(socket, connection);
    socket.once('close', () => {
      connections.delete(socket);
      // Node tells only the answer in front. Those behind it would be kept by all who wait for their end, such as timers.
      setImmediate(() => [...connection.answersDue].forEach((response) => response.emit('close')));
    });
  });
  const checking = setInterval(() => {
    const now = performance.now();
    for (const connection of connections.values()) connection.check(now, draining.aborted, refusals);
  }, limits.checkMs);
  checking.unref();
  server.once('close', () => clearInterval(checking));
  return server;
}
