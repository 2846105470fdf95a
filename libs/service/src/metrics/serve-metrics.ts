import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ANSWER_HEADERS, type Doors, hostCheck, isAllowed } from '../http/doors.js';
import { HTTP_LIMITS } from '../http/limits.js';
import { PROBLEMS } from '@backstep/problems';
import { createGuardedServer } from '../http/server.js';
import { refuse } from '../http/unreadable.js';
import { UntakenAnswers } from '../http/untaken-answers.js';
import type { PlatformParts } from '../lifecycle/platform.module.js';
import { METRICS_CONTENT_TYPE } from './metrics.controller.js';

/** Serves `/metrics` of a public service on a port of its own, which is not published, until the process ends. @returns the port */
export async function serveMetrics(
  { metrics, logger, lifecycle }: PlatformParts,
  { METRICS_PORT: port = 0 }: { readonly METRICS_PORT?: number },
  doors: Doors,
): Promise<number> {
  const asksForUs = hostCheck(doors);
  const tooSlow = PROBLEMS.requestTimeout;
  const server = createGuardedServer(
    (request, response) => {
      const { method, url, headers } = request;
      for (const [name, value] of Object.entries(ANSWER_HEADERS)) response.setHeader(name, value);
      if (!asksForUs(request)) response.writeHead(421).end();
      else if (method !== 'GET' || url !== '/metrics') response.writeHead(404).end();
      else if (!isAllowed(headers.authorization, doors.serviceToken))
        response.writeHead(401, { 'www-authenticate': 'Bearer realm="backstep"' }).end();
      else
        metrics.scrape().then(
          (text) => response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(text),
          () => response.writeHead(500).end(),
        );
    },
    {
      draining: lifecycle.draining,
      untaken: new UntakenAnswers(HTTP_LIMITS.untakenBytesMax),
      refusals: {
        headersTooSlow: (socket) => refuse(socket, tooSlow, HTTP_LIMITS.lingerMs),
        bodyTooSlow: ({ socket }) => refuse(socket, tooSlow, HTTP_LIMITS.lingerMs),
      },
    },
  );
  // Later errors are those of single connections, which Node answers.
  await once(server.listen({ port, host: doors.host }), 'listening');
  server.unref();
  const listening = (server.address() as AddressInfo).port;
  logger.info('metrics', { port: listening, path: '/metrics' });
  return listening;
}
