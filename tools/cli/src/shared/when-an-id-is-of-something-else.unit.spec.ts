import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOST } from '@backstep/infrastructure';
import { Api } from './api.js';
import { EXIT } from './exit-codes.js';
import { fullId } from './full-id.js';
import { idOf } from './whose-id.js';

/** Goal: the id of a saga given for an order, or the other way round, is told to be that. Method: a server that knows one of each. */
const ORDER = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40';
const SAGA = '6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b41';
const PARKED = '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b42';
const NEITHER = '00000000-0000-7000-8000-000000000000';
let gateway: Server;
let api: Api;

beforeAll(async () => {
  const nothing = { title: 'There is nothing here', detail: 'There is none.' };
  const known: Record<string, unknown> = {
    ...{ [`/v1/orders/${ORDER}`]: { id: ORDER }, [`/v1/sagas/${SAGA}`]: { id: SAGA } },
    '/v1/orders': { items: [{ id: ORDER }], nextCursor: null },
    '/v1/sagas': { items: [{ id: SAGA }], nextCursor: null },
    '/v1/parked': { items: [{ id: PARKED }], nextCursor: null },
  };
  gateway = createServer(({ url = '' }, response) => {
    const found = known[url.split('?', 1)[0] ?? ''];
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? nothing));
  });
  await new Promise<void>((resolve) => gateway.listen(0, HOST, resolve));
  api = new Api(`http://${HOST}:${(gateway.address() as AddressInfo).port}`);
});

afterAll(() => gateway.close().closeAllConnections());

describe('when an id is of something else', () => {
  it.each([
    ['order', SAGA, `${SAGA} is a saga, not an order: \`npx backstep saga ${SAGA}\` shows it.`],
    ['saga', ORDER, `${ORDER} is an order, not a saga: \`npx backstep order ${ORDER}\` shows it.`],
    ['parked message', SAGA, `${SAGA} is a saga, not a parked message: \`npx backstep saga ${SAGA}\` shows it.`],
    ['order', NEITHER, 'There is none. (404)'],
  ] as const)('an id that is given as %s, %s, names what it is of', async (kind, id, message) => {
    const asked = idOf(api, kind, id, () => api.get(`/v1/${kind.replace(' ', '-')}s/${id}`));
    await expect(asked).rejects.toMatchObject({ message, exitCode: EXIT.notFound });
  });

  it.each([
    ['order', '6a2c8f1d7b41', `${SAGA} is a saga, not an order: \`npx backstep saga ${SAGA}\` shows it.`],
    ['saga', '6a2c8f1d7b40', `${ORDER} is an order, not a saga: \`npx backstep order ${ORDER}\` shows it.`],
    ['saga', '6a2c8f1d7b42', `${PARKED} is a parked message, not a saga: \`npx backstep parked\` lists it.`],
    ['order', 'aaaaaaaaaaaa', 'None of the newest 1000 orders ends with aaaaaaaaaaaa: give the whole id.'],
  ] as const)('the end of an id that is given as %s, %s, names what it is of', async (kind, end, message) => {
    await expect(fullId(api, kind, end)).rejects.toMatchObject({ message, exitCode: EXIT.notFound });
  });

  it('the id of an existing thing is shown', async () => {
    expect(await idOf(api, 'order', ORDER, () => api.get(`/v1/orders/${ORDER}`))).toBeDefined();
  });
});
