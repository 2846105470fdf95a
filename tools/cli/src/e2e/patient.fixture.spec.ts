import { SERVICES, type ServiceName } from '@backstep/contracts';
import { KafkaPublisher } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { SAMPLES } from '../demo/samples.js';
import { diagnose } from '../doctor/diagnose.js';
import type { Report } from '../doctor/report.js';
import type { Violation } from '@backstep/doctor';
import type { OrderMessage } from '../shared/representations.js';
import { system } from './shared-system.fixture.spec.js';
import type { Answer, TestSystem } from './test-system.fixture.spec.js';

/** How orders end, by what SAMPLES ask for. */
export const KINDS = { confirmed: 0, short: 1, declined: 2, refused: 3 } as const;
export type Kind = keyof typeof KINDS;

export interface Diagnosis {
  readonly code: number | null;
  readonly report: Report;
  readonly violations: readonly Violation[];
}

/** The shared system with orders of every kind, and hands to break each of its parts with. */
export class Patient {
  readonly orders: Record<Kind, string[]> = { confirmed: [], short: [], declined: [], refused: [] };
  private constructor(
    readonly publisher: KafkaPublisher,
    private readonly pools: ReadonlyMap<ServiceName, pg.Pool>,
  ) {}

  static admit(): Patient {
    const { databases, kafka } = system.environment();
    const pools = SERVICES.map(
      (service) => [service, new pg.Pool({ connectionString: databases[service], max: 1 })] as const,
    );
    for (const [, pool] of pools) pool.on('error', () => undefined);
    const publisher = new KafkaPublisher({ brokers: kafka.brokers, clientId: 'breaker' });
    return new Patient(publisher, new Map(pools));
  }

  async discharge(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await this.publisher.disconnect();
  }

  /** Places so many of each kind, and waits for their ends. */
  async place(count: number): Promise<void> {
    const kinds = Object.keys(KINDS) as Kind[];
    await Promise.all(
      kinds.flatMap((kind) =>
        Array.from({ length: count }, async () => this.orders[kind].push(await this.ended(await this.accepted(kind)))),
      ),
    );
  }

  /** The first requests may come before the order service knows the products. */
  accepted(kind: Kind): Promise<string> {
    const headers = { 'idempotency-key': randomUUID() };
    return waitUntil(`an order (${kind}) is accepted`, async () => {
      const { status, body } = await this.request('POST', '/v1/orders', {
        body: SAMPLES[KINDS[kind]]?.order,
        headers,
      });
      return status === 202 && String(body['id']);
    });
  }

  /** @throws Error with all that is known of the order, when it does not end */
  async ended(id: string): Promise<string> {
    let seen: Answer['body'] = {};
    try {
      await waitUntil(`order ${id} has ended`, async () => {
        ({ body: seen } = await this.request('GET', `/v1/orders/${id}`));
        return seen['status'] === 'CONFIRMED' || seen['status'] === 'REJECTED';
      });
    } catch (error) {
      const sagaId = (seen['saga'] as { id?: string } | undefined)?.id;
      const known = await (sagaId ? system.backstep('saga', sagaId) : system.backstep('events', id));
      throw new Error(`${(error as Error).message}\n${known.stdout}${known.stderr}`, { cause: error });
    }
    return id;
  }

  request(...[method, path, options]: Parameters<TestSystem['api']>): Promise<Answer> {
    return system.api(method, path, options);
  }

  async sql<Row extends pg.QueryResultRow>(service: ServiceName, text: string): Promise<Row[]> {
    const { rows } = (await this.pools.get(service)?.query<Row>(text)) ?? { rows: [] };
    return rows;
  }

  /** What Kafka has about an order, of one type. */
  async message(orderId: string, type: string): Promise<OrderMessage> {
    const { body } = await this.request('GET', `/v1/orders/${orderId}/events`);
    const found = (body['items'] as OrderMessage[]).find(({ headers }) => headers['ce_type'] === type);
    if (!found) throw new Error(`Kafka has no ${type} of order ${orderId}`);
    return found;
  }

  /** A request to the provider, as Stripe's client would make it. */
  async provider(path: string, form: Readonly<Record<string, string>>): Promise<void> {
    const response = await fetch(`${system.environment().provider}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_breaker', 'idempotency-key': randomUUID() },
      body: new URLSearchParams(form),
    });
    if (!response.ok) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
  }

  /** `npx backstep doctor --json`. */
  async doctor(settleSeconds: number): Promise<Diagnosis> {
    const { code, stdout, stderr } = await system.backstep('doctor', '--json', '--settle', `${settleSeconds}`);
    if (!stdout) throw new Error(`the doctor said nothing, exit code ${code}: ${stderr}`);
    return diagnosisOf(JSON.parse(stdout) as Report, code);
  }

  /** The same without the start of a process, which takes longer than the look. */
  async look(settleSeconds: number): Promise<Diagnosis> {
    const options = { settleMs: settleSeconds * 1_000, ordersMax: 1_000_000 };
    const report = await diagnose(system.environment(), options);
    return diagnosisOf(report, report.clean ? 0 : 1);
  }

  /**
   * How long the logs of Kafka and the journal of the provider are, and what the inboxes hold: neither can be told to forget,
   * so what was added is cut off their files while they are down. So is what the groups have committed since, and with it goes what the
   * services know: a consumer that stands behind the end of its log would pass over the next message that is written there.
   * @returns what cuts it off
   */
  async remember(): Promise<() => Promise<void>> {
    const kafka = join(system.dir, 'kafka', 'data');
    const logs = (await readdir(kafka, { recursive: true })).filter((file) =>
      /(commands|events|__consumer_offsets)-\d+.+\.log$/.test(file),
    );
    const files = [join(system.dir, 'payment-provider', 'ledger.jsonl'), ...logs.map((log) => join(kafka, log))];
    const sizes = await Promise.all(files.map(async (file) => [file, (await stat(file)).size] as const));
    const [now] = await this.sql<{ now: string }>('order', 'SELECT now()::text AS now');
    return async () => {
      await Promise.all(['kafka', 'payment-provider', ...SERVICES].map((name) => system.kill(name, 'SIGKILL')));
      await Promise.all(sizes.map(([file, size]) => truncate(file, size)));
      for (const service of SERVICES) await this.sql(service, `DELETE FROM inbox WHERE received_at > '${now?.now}'`);
      await Promise.all(['kafka', 'payment-provider'].map((name) => system.restart(name)));
      await Promise.all(SERVICES.map((name) => system.restart(name)));
    };
  }
}

const diagnosisOf = (report: Report, code: number | null): Diagnosis => ({
  code,
  report,
  violations: report.invariants.flatMap(({ violations }) => violations),
});
