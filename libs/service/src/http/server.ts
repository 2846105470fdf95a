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

/** Node's HTTP server, with bounds on the time and memory that a client can take: see `HTTP_LIMITS`. */
export function createGuardedServer(handle: RequestListener, options: ServerOptions): Server {
  const { draining, refusals, untaken, limits = HTTP_LIMITS } = options;
  const connections = new Map<Socket, Connection>();
  // `Connection` times the requests: Node's timers also count the time in which we do not read, and stop when the server closes.
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
  // Node would drop the 2,001st header in silence. The bytes of all headers bound their number.
  server.maxHeadersCount = 0;
  server.on('drop', () => server.closeIdleConnections());
  server.on('connection', (socket: Socket) => {
    const connection = Connection.of(socket, limits);
    connections.set(socket, connection);
    socket.once('close', () => {
      connections.delete(socket);
      // Node emits 'close' only on the first due answer. The others would never end for their listeners, such as timers.
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
