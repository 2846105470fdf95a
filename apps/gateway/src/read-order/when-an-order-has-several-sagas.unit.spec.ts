import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger, type RequestContext } from '@backstep/service';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceClient } from '../services/service-client.js';
import { sagasOf } from './sagas-of.js';

/**
 * Goal: an order shows all its sagas, and what placed it first: a later one that was compensated does not make a confirmed order look
 * undone. Method: a server answers as the orchestrator does, the newest first.
 */
const context: RequestContext = {
  requestId: 'r-1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const summary = (id: string, type: string, createdAt: string) => ({
  ...{ id, type, createdAt, updatedAt: createdAt, subject: 'o', state: 'RUNNING', version: 1, definitionVersion: 1 },
  ...{ failure: null, blockedBecause: null, deadlineAt: null, stuckBecause: null },
  ...{ legalActions: [], refusedActions: [], awaiting: null, steps: [], operations: [] },
});
const SAGAS = [
  summary('s3', 'redeem-points', '2026-03-01T00:00:02.000Z'),
  summary('s2', 'place-order', '2026-03-01T00:00:01.000Z'),
  summary('s1', 'thank-customer', '2026-03-01T00:00:01.000Z'),
];
let server: Server | undefined;
let client: ServiceClient | undefined;

afterEach(async () => {
  await client?.close();
  server?.close().closeAllConnections();
});

async function orchestratorWith(items: readonly { id: string }[], status = 200): Promise<ServiceClient> {
  server = createServer(({ url = '' }, response) => {
    const id = /^\/sagas\/([^?]+)/.exec(url)?.[1];
    const body = id === undefined ? { items, nextCursor: null } : items.find((saga) => saga.id === id);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (client = new ServiceClient('orchestrator', url, createLogger({ service: 'gateway', level: 'error' })));
}

describe('when an order has several sagas', () => {
  it('all sagas of an order are shown: place-order first, then in the order in which they began', async () => {
    const sagas = await sagasOf(await orchestratorWith(SAGAS), context, 'o');
    expect(sagas?.map(({ type }) => type)).toEqual(['place-order', 'thank-customer', 'redeem-points']);
  });

  it('an order without a saga is told from one whose orchestrator is away', async () => {
    expect(await sagasOf(await orchestratorWith([]), context, 'o')).toEqual([]);
    server?.close().closeAllConnections();
    await client?.close();
    expect(await sagasOf(await orchestratorWith([], 503), context, 'o')).toBeNull();
  });
});
