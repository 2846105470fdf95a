import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PortsTakenError, PortTakenError, SetupError } from './errors.js';
import { assertAllFree, freePort, HOST } from './ports.js';

/** Goal: who starts a second system is told in one line of every port that is in the way, and of every setting that moves one. */
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function taken(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await once(server.listen(0, HOST), 'listening');
  return (server.address() as AddressInfo).port;
}
const wanted = (what: string, port: number) => ({ what, port, setting: `${what.toUpperCase()}_PORT` });

describe('when ports are taken', () => {
  it('occupied ports are all named at once', async () => {
    const [gateway, order, free] = [await taken(), await taken(), await freePort()];
    const asked = assertAllFree([wanted('gateway', gateway), wanted('order', order), wanted('payment', free)]);
    const error = await asked.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PortsTakenError);
    expect(error).toBeInstanceOf(SetupError);
    expect((error as Error).message).toBe(
      `Ports ${gateway} (gateway), ${order} (order) are taken, perhaps by Backstep from another clone: stop it there, ` +
        'or set GATEWAY_PORT, ORDER_PORT to free ports.',
    );
  });

  it('a single occupied port is named alone, and none is no error', async () => {
    const free = wanted('payment', await freePort());
    await expect(assertAllFree([wanted('order', await taken()), free])).rejects.toThrow(PortTakenError);
    await assertAllFree([free]);
  });
});
