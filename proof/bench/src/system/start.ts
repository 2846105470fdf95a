import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { TOPICS } from '@backstep/contracts';
import {
  DATABASES,
  HOST_PROCESS,
  PROCESS_NAMES,
  ROOT,
  startSystem,
  type System,
  type SystemOptions,
} from '@backstep/infrastructure';
import { createTopics } from '@backstep/kafka';
import { Names } from '../brokers/names.js';
import { CURRENCY, PLENTY, PRICE, PRODUCTS, skuOf, SOLD_OUT, spread } from '../load/orders.js';
import { Outcomes } from '../load/outcomes.js';
import { Shop } from '../load/shop.js';

/** Prices reach the order service by events. */
const SOLD_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Compiled, also when this file runs under Jest: the services are plain Node. */
const inside = (file: string): string =>
  `--import ${pathToFileURL(join(ROOT, 'proof', 'bench', 'dist', 'inside', file)).href}`;

export interface Wanted {
  /** Of each service with a database. */
  readonly instances: number;
  /** So many processes of all services instead. */
  readonly hosts?: number | undefined;
  /** Whether services hand their messages over, beside Kafka; default: as `npm start` does. */
  readonly express?: boolean | undefined;
  readonly oneAtATime: boolean;
  /** The folder for CPU profiles, if any are wanted. */
  readonly profiles: string | undefined;
  /** Three brokers instead of one, whose clients are told their addresses or names that {@link Names} answers. */
  readonly cluster?: 'addresses' | Names;
  /** A server to use instead of one that belongs to the system, with a login that may create roles and databases. */
  readonly databaseUrl?: string;
}

export interface Started {
  readonly system: System;
  readonly outcomes: Outcomes;
  /** Of each host; of services apart, the only one. */
  readonly gatewayUrls: readonly string[];
  /** Where the system keeps its data. */
  readonly dir: string;
  stop(): Promise<void>;
}

/** The whole system as `npm start` runs it, on ports and in a folder of its own, with something to sell. */
export async function start(wanted: Wanted, signal: AbortSignal): Promise<Started> {
  const { instances, hosts, cluster } = wanted;
  const dir = mkdtempSync(join(tmpdir(), 'backstep-bench-'));
  const system = await startSystem({
    dir,
    ports: 'free',
    topics: TOPICS.map(({ name }) => name),
    createTopics: (brokers) => createTopics(brokers, TOPICS),
    ...(hosts === undefined
      ? { instances: Object.fromEntries(DATABASES.map(({ process }) => [process, instances])) }
      : { hosts }),
    environment: environmentOf(wanted),
    databaseUrl: wanted.databaseUrl,
    ...(cluster && { kafkaCluster: cluster === 'addresses' ? cluster : ('names' as const) }),
    signal,
  });
  const outcomes = new Outcomes(system.environment().kafka.brokers);
  outcomes.start();
  const stop = async (): Promise<void> => {
    await outcomes.stop();
    await system.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await listProducts(system.gatewayUrl);
    await untilSold(system.gatewayUrl, outcomes);
  } catch (error) {
    await stop();
    throw error;
  }
  const gatewayUrls = Object.values(system.environment().gateways ?? { gateway: system.gatewayUrl });
  return { system, outcomes, gatewayUrls, dir, stop };
}

/** What the services are started with, beyond what the topology says. */
function environmentOf({ oneAtATime, express, profiles, cluster }: Wanted): NonNullable<SystemOptions['environment']> {
  const withDatabase = new Set<string>([...DATABASES.map(({ process }) => process), HOST_PROCESS]);
  return Object.fromEntries(
    [...PROCESS_NAMES, HOST_PROCESS].map((name) => {
      const switches = withDatabase.has(name) && express !== undefined ? { EXPRESS: String(express) } : {};
      const loads = [
        ...(oneAtATime && withDatabase.has(name) ? [inside('one-at-a-time.js')] : []),
        ...(profiles === undefined ? [] : [inside('profiler.js')]),
        ...(cluster instanceof Names ? [inside('names.js')] : []),
      ];
      if (loads.length === 0) return [name, switches];
      return [
        name,
        {
          ...switches,
          NODE_OPTIONS: loads.join(' '),
          ...(profiles !== undefined && { BACKSTEP_BENCH_PROFILES: profiles }),
          ...(cluster instanceof Names && { BACKSTEP_BENCH_NAMES: cluster.folder }),
        },
      ];
    }),
  );
}

async function listProducts(gatewayUrl: string): Promise<void> {
  const products = Array.from({ length: PRODUCTS }, (_, number) => ({ sku: skuOf(number), onHand: PLENTY }));
  await Promise.all(
    [...products, { sku: SOLD_OUT, onHand: 0 }].map(async ({ sku, onHand }) => {
      const response = await fetch(`${gatewayUrl}/v1/products/${sku}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Product ${sku}`, currency: CURRENCY, price: PRICE, onHand }),
      });
      if (!response.ok) throw new Error(`${sku} could not be listed: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    }),
  );
}

/** Places orders until each product has been sold once: then prices are known everywhere, and their ends are seen. */
async function untilSold(gatewayUrl: string, outcomes: Outcomes): Promise<void> {
  const shop = new Shop([gatewayUrl], 16);
  const until = performance.now() + SOLD_WITHIN_MS;
  try {
    for (let number = 0; number < PRODUCTS;) {
      const { orderId } = await shop.place(spread({ next: () => number / PRODUCTS }));
      if (orderId !== undefined) {
        const ended = new Promise<true>((resolve) => outcomes.whenEnded(orderId, () => resolve(true)));
        const tooLate = delay(Math.max(0, until - performance.now()), false, { ref: false });
        if (!(await Promise.race([ended, tooLate])))
          throw new Error(`order ${orderId} does not end: see the services' logs`);
        // The rest of them are known by then: their events came before, or at the same time.
        number += Math.ceil(PRODUCTS / 10);
        continue;
      }
      if (performance.now() > until) throw new Error('the order service does not know the prices');
      await delay(LOOK_EVERY_MS);
    }
  } finally {
    shop.close();
  }
}
