import { describe, expect, it } from '@jest/globals';
import { PARTITIONS } from '@backstep/contracts';
import { RESTART } from '@backstep/infrastructure';
import { partitionOf } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLES } from '../demo/samples.js';
import { shareSystem, system } from './shared-system.fixture.spec.js';

/**
 * Goal: services that share processes are the same system: orders end as they do apart, a host owns the same shards of all its services, its
 * gateway calls its order service, the gateway of one host answers while another is down, and an error that nobody catches ends all services of a
 * process, which comes back.
 * Method: two processes with all services in each, as `npm start -- --hosts 2` runs them; a preload of the spec throws when the process is told to.
 */
const THROWS = "process.on('SIGUSR2',()=>{throw(new(Error)('nobody-catches-this'))})";
shareSystem({
  hosts: 2,
  restart: RESTART,
  environment: { host: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(THROWS)}` } },
});

const HOSTS = ['host', 'host-2'];
const ENDS_WITHIN_MS = 60_000;
/** Beside those of the samples. */
const CARDS = ['pm_card_flaky', 'pm_card_slow', 'pm_card_visa'];

interface Line {
  readonly service?: string;
  readonly msg?: string;
  readonly shards?: readonly number[];
}

const linesOf = (host: string): Line[] =>
  readFileSync(join(system.dir, 'logs', `${host}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** The shards of each service, as its last join of the consumer group says. */
const shardsIn = (host: string): Record<string, readonly number[]> =>
  Object.fromEntries(
    linesOf(host)
      .filter(({ msg }) => msg === 'joined the consumer group')
      .map(({ service = '', shards = [] }) => [service, shards]),
  );

/** @returns the id of the order */
async function placedWith(paymentMethod: string, gateway = system.gatewayUrl): Promise<string> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const body = JSON.stringify({ ...SAMPLES[0]?.order, paymentMethod });
  return waitUntil('an order is accepted', async () => {
    const answer = await fetch(`${gateway}/v1/orders`, { method: 'POST', headers, body });
    return answer.status === 202 && ((await answer.json()) as { readonly id: string }).id;
  });
}

async function confirmedWith(paymentMethod: string): Promise<true> {
  const id = await placedWith(paymentMethod);
  const statusOf = async () => (await system.api('GET', `/v1/orders/${id}`)).body['status'];
  return waitUntil(
    `the order with ${paymentMethod} is confirmed`,
    async () => (await statusOf()) === 'CONFIRMED',
    ENDS_WITHIN_MS,
  );
}

describe('services that run together', () => {
  it('services that run together end each sample order as it must, whatever its card does', async () => {
    const { code, stdout, stderr } = await system.backstep('demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/shipment_refused/);
    await Promise.all(CARDS.map(confirmedWith));
  });

  it('a host owns the same shards of all its services', async () => {
    await waitUntil('every shard has its host', () => {
      const [first = {}, second = {}] = HOSTS.map(shardsIn);
      const all = [first, second].flatMap((of) => Object.values(of)).map((shards) => shards.join());
      return all.length === 10 && new Set(Object.values(first).map(String)).size === 1 && new Set(all).size === 2;
    });
    expect(shardsIn('host')['order']).toEqual([0, 1]);
    expect(shardsIn('host-2')['payment']).toEqual([2, 3]);
  });

  it('the gateway of a host places orders without a request to its order service', async () => {
    const metrics = await (await fetch(`${system.environment().services['order']}/metrics`)).text();
    const requests = metrics
      .split('\n')
      .filter((line) => line.startsWith('backstep_http_request_duration_seconds_count{'));
    expect(requests.filter((line) => line.includes('method="GET",route="/orders/:id"'))).not.toEqual([]);
    expect(requests.filter((line) => line.includes('method="POST",route="/orders"'))).toEqual([]);
  });

  it('an order belongs to the host at which it was placed, so that all of its messages can be handed over there', async () => {
    const { gateways = {} } = system.environment();
    for (const host of HOSTS) {
      const ids = await Promise.all(Array.from({ length: 8 }, () => placedWith('pm_card_visa', gateways[host])));
      const own = shardsIn(host)['order'];
      expect(ids.filter((id) => !own?.includes(partitionOf(id, PARTITIONS)))).toEqual([]);
    }
  });

  it('the gateway of one host takes orders while another host is frozen', async () => {
    const { gateways = {} } = system.environment();
    expect(Object.keys(gateways)).toEqual(HOSTS);
    expect(gateways['host']).toBe(system.gatewayUrl);
    system.signal('host', 'SIGSTOP');
    try {
      await placedWith('pm_card_visa', gateways['host-2']);
    } finally {
      system.signal('host', 'SIGCONT');
    }
  });

  it('an error that nobody catches ends all services of a process, drained, and the process comes back', async () => {
    const [before] = system.environment().processes['host'] ?? [];
    system.signal('host', 'SIGUSR2');
    await waitUntil(
      'another process has taken its place',
      () => {
        const [now] = system.environment().processes['host'] ?? [];
        return now !== undefined && now !== before && system.environment().processes['host']?.length === HOSTS.length;
      },
      ENDS_WITHIN_MS,
    );
    const told = linesOf('host').map(({ service, msg }) => `${service}: ${msg}`);
    expect(told).toEqual(expect.arrayContaining(['host: an error that nobody caught', 'host: drained']));
    await confirmedWith('pm_card_visa');
  });

  it('the commands of operators see a system that runs together as one that does not', async () => {
    const { code, stdout } = await system.backstep('doctor');
    expect({ code, stdout }).toMatchObject({ code: 0 });
    const metrics = await system.backstep('metrics', '--json');
    expect(metrics.code).toBe(0);
    for (const service of ['gateway', 'order', 'orchestrator']) expect(metrics.stdout).toContain(`"${service}"`);
  });

  it('the starter takes hosts or instances, and says so', async () => {
    const { code, stderr } = await system.backstep('up', '--hosts', '2', '--instances', '2');
    expect(code).not.toBe(0);
    expect(stderr).toContain("option '--hosts <count>' cannot be used with option '--instances <count>'");
  });
});
