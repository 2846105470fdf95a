import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { startProvider, type ProviderProcess } from '../settle-payment/payment-service.fixture.spec.js';

/** Not a suite: two processes of the payment service on one database, each with a slow road of its own to one provider. Kafka is away. */
const PAYMENT_MAIN = new URL('../../../dist/main.js', import.meta.url).pathname;
const SLOW_MS = 120;

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly etag: string;
  readonly replayed: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

interface AtProvider {
  readonly paymentIntentId?: string;
  readonly captured: number;
}

/** Passes requests on to the provider, late, and their answers late again. */
class SlowRoad {
  /** Called when the provider has carried a request out, and nobody knows the answer yet. */
  onCarriedOut: ((path: string) => Promise<void>) | undefined;
  private constructor(private readonly server: Server) {}

  static async to(provider: string): Promise<SlowRoad> {
    const server = createServer();
    const road = new SlowRoad(server);
    server.on('request', (request, response) => {
      void (async () => {
        const body = await text(request);
        await delay(Math.random() * SLOW_MS);
        const headers = Object.entries(request.headers).filter(
          (one): one is [string, string] =>
            typeof one[1] === 'string' && !/^(host|connection|content-length)$/.test(one[0]),
        );
        const { method = 'GET', url = '/' } = request;
        const answer = await fetch(`${provider}${url}`, { method, headers, ...(body && { body }) });
        const content = await answer.text();
        await road.onCarriedOut?.(url);
        await delay(Math.random() * SLOW_MS);
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(content);
      })().catch(() => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return road;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

interface Instance {
  readonly road: SlowRoad;
  readonly child: ChildProcess;
  readonly url: string;
}

export class PaymentProcesses {
  private constructor(
    readonly database: TestDatabase,
    private readonly provider: ProviderProcess,
    readonly instances: readonly Instance[],
  ) {}

  static async start(): Promise<PaymentProcesses> {
    const [database, provider] = await Promise.all([createTestDatabase(), startProvider()]);
    // At once: whichever is first makes the tables, and the other waits for it.
    const instances = await Promise.all([0, 1].map(() => instance(database.url, provider.url)));
    return new PaymentProcesses(database, provider, instances);
  }

  async ask(
    at: number,
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const answer = await fetch(`${this.instances[at % this.instances.length]?.url}/payment-intents${path}`, {
      method,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const content = (await answer.json()) as Answered['body'];
    return {
      status: answer.status,
      type: String(content['type']).split(':').at(-1) ?? '',
      etag: answer.headers.get('etag') ?? '',
      replayed: answer.headers.get('idempotency-replayed') === 'true',
      body: content,
    };
  }

  /** What the provider has captured, by payment intent. */
  async captures(): Promise<Map<string, number[]>> {
    const { intents } = (await (await fetch(`${this.provider.url}/ledger?limit=10000`)).json()) as {
      intents: AtProvider[];
    };
    const captures = new Map<string, number[]>();
    for (const { paymentIntentId = '', captured } of intents)
      captures.set(paymentIntentId, [...(captures.get(paymentIntentId) ?? []), captured]);
    return captures;
  }

  async kill(at: number): Promise<void> {
    const child = this.instances[at]?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((_, at) => this.kill(at)));
    for (const { road } of this.instances) road.stop();
    await this.provider.stop();
    await this.database.drop();
  }
}

async function instance(databaseUrl: string, providerUrl: string): Promise<Instance> {
  const road = await SlowRoad.to(providerUrl);
  const child = spawn(process.execPath, [PAYMENT_MAIN], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      METRICS_PORT: '0',
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: '127.0.0.1:1',
      STRIPE_API_BASE: road.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    if (msg !== 'listening' || !url) continue;
    child.stdout.resume();
    return { road, child, url };
  }
  throw new Error('a payment process never listened');
}
