import { CATALOGUE } from '@backstep/contracts';
import { expect } from '@jest/globals';
import { Tables, type Executor } from '@backstep/concurrency';
import { IdempotencyKey } from '@backstep/idempotency';
import { type Message, type WireMessage } from '@backstep/messages';
import { OutboxRelay } from '@backstep/outbox';
import { NamedLocks } from '@backstep/locks';
import { createLogger, Metrics } from '@backstep/service';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { Handlers, MessageConsumer, UnitOfWork } from '@backstep/unit-of-work';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DataSource } from 'typeorm';
import { Account } from '../../accounts/account/account.entity.js';
import { Transfer } from '../../accounts/transfer/transfer.entity.js';
import { ChargePaymentHandler } from '../charge-payment/charge-payment.handler.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { MIGRATIONS } from '../../migrations/index.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import type { PaymentStatus } from '../payment-intent/payment-intent.rules.js';
import { StripeProvider } from '../provider/stripe-provider.js';
import { RefundPaymentHandler } from '../refund-payment/refund-payment.handler.js';
import { ProviderCallDue } from './provider-call-due.js';
import { ProviderMetrics } from './provider-metrics.js';
import { DEFAULT_LIMITS, ProviderWorker, type WorkerLimits } from './provider-worker.js';

/** Not a suite: what the integration specs of the worker share. The provider is the real stand-in, in a process of its own. */
const PROVIDER_MAIN = new URL('../../../../payment-provider/dist/main.js', import.meta.url).pathname;

interface ProviderPayment {
  readonly id: string;
  readonly status: string;
  readonly captured: number;
  readonly refunded: number;
}

export interface ProviderProcess {
  readonly url: string;
  /** What the provider holds for this order: at most one payment, however often it was asked. */
  paymentsOf(orderId: string): Promise<ProviderPayment[]>;
  stop(): Promise<void>;
}

export async function startProvider(port = 0): Promise<ProviderProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'payment-int-'));
  const child = spawn(process.execPath, [PROVIDER_MAIN], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      METRICS_PORT: '0',
      PROVIDER_DATA_FILE: join(folder, 'provider.jsonl'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = await Promise.race([
    listening(child.stdout),
    exited.then(([code]) => Promise.reject(new Error(`it exited with ${code}`))),
  ]);
  return {
    url,
    paymentsOf: async (orderId) => {
      const response = await fetch(`${url}/ledger?orderId=${orderId}`);
      return ((await response.json()) as { intents: ProviderPayment[] }).intents;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function listening(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    if (msg === 'listening' && url) {
      output.resume();
      return url;
    }
  }
  throw new Error('the provider never listened');
}

export interface Row {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly amount: number;
  readonly attempts: number;
  readonly leased: boolean;
  readonly providerReference: string | null;
  readonly problem: string | null;
  readonly version: number;
}

/** A database of the payment service, and as many instances of the service on it as a spec wants. Kafka is a list. */
export class PaymentKit {
  readonly published: WireMessage[] = [];
  readonly tables: Tables;
  private readonly stops: (() => Promise<void>)[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly dataSource: DataSource,
  ) {
    this.tables = new Tables(dataSource);
  }

  static async start(): Promise<PaymentKit> {
    const database = await createTestDatabase();
    const dataSource = new DataSource({
      type: 'postgres',
      url: database.url,
      entities: [Account, Transfer, PaymentIntent, LedgerEntry, IdempotencyKey],
      migrations: MIGRATIONS,
      poolSize: 2,
    });
    await dataSource.initialize();
    await dataSource.runMigrations();
    return new PaymentKit(database, dataSource);
  }

  get executor(): Executor {
    return this.database.pool;
  }

  instance(
    apiBase: string,
    { limits, deadlineMs = 4_000 }: { limits?: Partial<WorkerLimits>; deadlineMs?: number } = {},
  ) {
    const relay = new OutboxRelay(this.executor, {
      publish: async (messages) => void this.published.push(...messages),
    });
    const { tables } = this;
    const environment = { tables, source: 'payment', shardOf: () => 0, now: Date.now };
    const unitOfWork = new UnitOfWork(this.database.pool, environment, relay);
    const logger = createLogger({ service: 'payment', level: 'error' });
    const metrics = new Metrics('payment', logger);
    const provider = new StripeProvider({ apiBase, secretKey: 'sk_test_backstep', connectionsMax: 32, deadlineMs });
    const parts = {
      executor: this.executor,
      tables,
      locks: new NamedLocks({ executor: this.executor }),
      unitOfWork,
      provider,
      metrics: new ProviderMetrics(metrics),
      logger,
    };
    const worker = new ProviderWorker(parts, { ...DEFAULT_LIMITS, ...limits });
    unitOfWork.on(ProviderCallDue, (intents) => worker.take(intents));
    const consumer = new MessageConsumer(
      unitOfWork,
      new Handlers([new ChargePaymentHandler(), new RefundPaymentHandler()]),
      CATALOGUE,
    );
    let offset = 0;
    const deliver = (...messages: Message[]): Promise<void> =>
      consumer.deliver(
        messages.map((message) => ({
          ...CATALOGUE.encode(message),
          partition: 0,
          offset: String(offset++),
          timestamp: Date.now(),
        })),
      );
    const stop = async (withinMs = 5_000): Promise<void> => {
      await worker.stop(withinMs);
      await unitOfWork.idle();
      await relay.stop(1_000);
      provider.close();
    };
    this.stops.push(stop);
    return { deliver, worker, unitOfWork, metrics, parts, stop };
  }

  async row(id: string): Promise<Row> {
    const { rows } = await this.database.pool.query<Row>(
      `SELECT id, status, amount::float8 AS amount, attempts,
         EXISTS (SELECT FROM named_lock AS l WHERE l.name = 'payment/' || id AND l.until > now()) AS leased, provider_reference AS "providerReference", state ->> 'problem' AS problem, version::float8 AS version FROM payment_intent WHERE id = $1`,
      [id],
    );
    expect(rows).toHaveLength(1);
    return rows[0] as Row;
  }

  until(id: string, ...statuses: PaymentStatus[]): Promise<Row> {
    return waitUntil(`the payment to be ${statuses.join(' or ')}`, async () => {
      const row = await this.row(id);
      if (!statuses.includes(row.status)) throw new Error(`it is ${JSON.stringify(row)}`);
      return row;
    });
  }

  /** The events told about the order, oldest first, once `count` are out. */
  async told(
    orderId: string,
    count: number,
  ): Promise<{ type: string | undefined; data: Record<string, unknown>; headers: WireMessage['headers'] }[]> {
    const events = await waitUntil(`${count} events`, () => {
      const found = this.published.filter(({ key }) => key === orderId);
      return found.length >= count && found;
    });
    return events.map(({ headers, value }) => ({
      type: headers['ce_type'],
      data: JSON.parse(value) as Record<string, unknown>,
      headers,
    }));
  }

  /** Time travel: what the database remembers of this payment is that much older. */
  async age(id: string, interval: string): Promise<void> {
    await this.database.pool.query(
      `WITH aged AS (UPDATE named_lock SET until = until - $2::interval, changed_at = changed_at - $2::interval WHERE name = 'payment/' || $1)
       UPDATE payment_intent SET next_attempt_at = next_attempt_at - $2::interval, created_at = created_at - $2::interval,
         state = CASE WHEN state -> 'since' IS NULL THEN state
           ELSE jsonb_set(state, '{since}', to_jsonb((state ->> 'since')::float8 - extract(epoch FROM $2::interval)::float8 * 1000)) END
       WHERE id = $1::text::uuid`,
      [id, interval],
    );
  }

  async ledgerOf(id: string): Promise<{ account: string; amount: number }[]> {
    const { rows } = await this.database.pool.query<{ account: string; amount: number }>(
      'SELECT account, amount::float8 AS amount FROM ledger_entry WHERE payment_intent_id = $1 ORDER BY made_at, account',
      [id],
    );
    return rows;
  }

  async stop(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
    await this.dataSource.destroy();
    await this.database.drop();
  }
}

/** Holds the first who comes to a pause point, until let go. */
export class Hold {
  private letGo: (() => void) | undefined;
  private held = false;

  constructor(private readonly name: string) {}

  readonly listener = (name: string): Promise<void> => {
    if (name !== this.name || this.held) return Promise.resolve();
    this.held = true;
    return new Promise((resolve) => (this.letGo = resolve));
  };

  reached(): Promise<boolean> {
    return waitUntil(`somebody at ${this.name}`, () => this.held);
  }

  release(): void {
    this.letGo?.();
  }
}
