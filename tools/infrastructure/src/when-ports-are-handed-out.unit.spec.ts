import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FreePorts, HOST, portsApart } from './free-ports.js';
import { freePort } from './ports.js';

/**
 * Goal: a port that was handed out is still free when its program binds it, seconds later.
 * Method: two instances of what hands them out stand for two starters at once, and begin to look at the same place.
 */
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listenOn(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await once(server.listen({ port, host: HOST, exclusive: true }), 'listening');
}
const several = (ports: FreePorts, count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => ports.next()));

describe('ports that are handed out', () => {
  it('are none that the system takes for outgoing connections', async () => {
    const range = '/proc/sys/net/ipv4/ip_local_port_range';
    const lowest = process.platform === 'linux' ? Number.parseInt(readFileSync(range, 'utf8'), 10) : 49_152;
    for (const port of await Promise.all(Array.from({ length: 5 }, () => freePort()))) {
      expect(port).toBeLessThan(lowest);
    }
  });

  it('can be bound, and are others each time, also beyond one block', async () => {
    const ports = await several(new FreePorts(), 150);
    expect(new Set(ports).size).toBe(150);
    for (const port of ports.slice(-5)) await listenOn(port);
  });

  it('are never those of another starter, though nobody has bound them yet', async () => {
    const [one, other] = [new FreePorts(0.5), new FreePorts(0.5)];
    const [ports, others] = await Promise.all([several(one, 20), several(other, 20)]);
    expect(ports.filter((port) => others.includes(port))).toEqual([]);
  });

  it('are not those that another program listens on', async () => {
    const ports = new FreePorts();
    const first = await ports.next();
    await listenOn(first + 1);
    const { from, to } = portsApart();
    const second = await ports.next();
    expect(second).not.toBe(first + 1);
    expect(second).toBeGreaterThan(from);
    expect(second).toBeLessThan(to);
  });
});
