import { describe, expect, it } from '@jest/globals';
import { environmentOfHost, HOSTED, hostsOf, pidsOf } from './hosts.js';
import { describeRunning } from './running-environment.js';
import { startSystem } from './system.js';
import { PORT_NAMES, portsFromSettings, type Deployment, type Ports } from './topology.js';

/** Goal: in a process of several services, each is told what is its own under its prefix, and nothing that opens another's door. */
const deployment: Deployment = {
  dir: '/data',
  instance: 'this-one',
  ports: portsFromSettings({}),
  databases: { backstep_order: 'postgres://order', backstep_payment: 'postgres://payment' },
  brokers: ['127.0.0.1:9092'],
  webhookSecret: 'whsec_1',
};
const elsewhere = Object.fromEntries(PORT_NAMES.map((name, index) => [name, 20_000 + index])) as unknown as Ports;

describe('a host', () => {
  it('a host is told the port and the database of each service under its prefix', () => {
    const environment = environmentOfHost('host', deployment.ports, deployment);
    expect(environment).toMatchObject({
      BACKSTEP_HOST: 'host',
      BACKSTEP_SERVICES: 'gateway,order,inventory,payment,shipment,orchestrator',
      GATEWAY_PORT: '3000',
      ORDER_PORT: '3001',
      ORDER_DATABASE_URL: 'postgres://order',
      PAYMENT_DATABASE_URL: 'postgres://payment',
      PAYMENT_STRIPE_API_BASE: 'http://127.0.0.1:3006',
      KAFKA_BROKERS: '127.0.0.1:9092',
      INSTANCE_ID: 'this-one',
    });
    for (const shared of ['PORT', 'DATABASE_URL', 'STRIPE_WEBHOOK_SECRET'])
      expect(environment).not.toHaveProperty(shared);
  });

  it('the services of a host hand their messages over, unless the environment says otherwise', () => {
    expect(environmentOfHost('host', deployment.ports, deployment)['EXPRESS']).toBe('true');
    process.env['EXPRESS'] = 'false';
    try {
      expect(environmentOfHost('host', deployment.ports, deployment)['EXPRESS']).toBe('false');
    } finally {
      delete process.env['EXPRESS'];
    }
  });

  it('the gateway of a second host asks the services of its own process', () => {
    const environment = environmentOfHost('host-2', elsewhere, deployment);
    expect(environment['ORDER_URL']).toBe(`http://127.0.0.1:${elsewhere.order}`);
    expect(environment['ORDER_PORT']).toBe(String(elsewhere.order));
  });

  it('a second host has ports of its own, and both gateways are told', async () => {
    const hosts = await hostsOf(2, deployment.ports);
    const [first, second] = hosts;
    expect(first).toEqual({ name: 'host', ports: deployment.ports });
    const ports = HOSTED.map((name) => second?.ports[name] ?? 0);
    expect(new Set([...ports, ...Object.values(deployment.ports)]).size).toBe(HOSTED.length + PORT_NAMES.length);
    expect(second?.ports.postgres).toBe(deployment.ports.postgres);
    const running = describeRunning(deployment, [], [], hosts);
    expect(running.gateway).toBe('http://127.0.0.1:3000');
    expect(running.gateways).toEqual({
      host: running.gateway,
      'host-2': `http://127.0.0.1:${second?.ports.gateway}`,
    });
    expect(describeRunning(deployment, [], [], hosts.slice(0, 1))).not.toHaveProperty('gateways');
  });

  it('a host gives the secret of webhooks to payment alone', () => {
    const holders = Object.entries(environmentOfHost('host', deployment.ports, deployment))
      .filter(([, value]) => value === deployment.webhookSecret)
      .map(([name]) => name);
    expect(holders).toEqual(['PAYMENT_STRIPE_WEBHOOK_SECRET']);
  });

  it('the pids of a service are those of its own processes, or those of the hosts', () => {
    expect(pidsOf({ order: [1, 2] }, 'order')).toEqual([1, 2]);
    expect(pidsOf({ order: [], host: [3] }, 'order')).toEqual([3]);
    expect(pidsOf({ order: [] }, 'order')).toEqual([]);
  });

  it.each([
    [{ hosts: 0 }, 'There may be 1 to 4 hosts, not 0.'],
    [{ hosts: 2, instances: { order: 2 } }, 'leave out the instances of order, or the hosts'],
  ] as const)('a system is not started with %j', async (options, said) => {
    const start = startSystem({ dir: '/nowhere', topics: [], createTopics: () => Promise.resolve(), ...options });
    await expect(start).rejects.toThrow(said);
  });

  it('a host runs everything but the stand-in for the provider', () => {
    expect(HOSTED).not.toContain('payment-provider');
  });
});
