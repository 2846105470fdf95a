import { expect } from '@jest/globals';
import { PARTITIONS, type ServiceName } from '@backstep/contracts';
import { OPERATOR } from '@backstep/infrastructure';
import { partitionOf } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { createHmac, randomUUID } from 'node:crypto';
import pg from 'pg';
import { SAMPLES } from '../../demo/samples.js';
import { LAB } from '../../up/lab.js';
import { startTestSystem, type TestSystem } from '../test-system.fixture.spec.js';
import { ApiDocument, type Operation } from './api-document.fixture.spec.js';
import { ask, type Answer, type Asked } from './http-requests.fixture.spec.js';

/** What is other than in a request that is right. An undefined header is left out. */
export interface Change {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly json?: unknown;
  readonly body?: string;
}

const SKU = 'teapot';
/** The provider's, of its webhooks. */
const WEBHOOK_SECRET = 'whsec_of_the_specs';
/** A gateway that asks operators for a token, and that can be seen to drain. */
const GATEWAY = { OPERATOR_TOKEN: OPERATOR.defaultToken, DRAIN_DELAY_MS: '5000', SHUTDOWN_GRACE_MS: '10000' };

/** The running system, its document, and an order that has ended: what the provocations are made with. */
export class Situation {
  private constructor(
    readonly system: TestSystem,
    readonly api: ApiDocument,
    /** Values of path parameters that lead to something that exists. */
    private readonly known: Readonly<Record<string, string>>,
  ) {}

  static async begin(): Promise<Situation> {
    const system = await startTestSystem({
      lab: LAB,
      environment: {
        gateway: GATEWAY,
        payment: { STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
        'payment-provider': { WEBHOOK_SECRET },
      },
    });
    const api = new ApiDocument((await system.api('GET', '/openapi.json')).body as never);
    const beginning = new Situation(system, api, {});
    const wait = { json: SAMPLES[0]?.order, headers: { prefer: 'wait=25', 'idempotency-key': randomUUID() } };
    const order = await waitUntil('an order is confirmed', async () => {
      const { status, body } = await beginning.ask('placeOrder', wait);
      const { id, status: state } = body as { id: string; status: string };
      return status === 202 && state === 'CONFIRMED' && id;
    });
    const saga = await waitUntil('its saga has ended', async () => {
      const { body } = await beginning.ask('listSagas', { query: `orderId=${order}&state=COMPLETED` });
      return (body as { items: { id: string }[] }).items[0]?.id;
    });
    await beginning.ask('putSetting', { path: { name: 'notice' } });
    const customerId = randomUUID();
    await new Situation(system, api, { customerId }).ask('putCustomer');
    const opened = await Promise.all([beginning.ask('openAccount'), beginning.ask('openAccount')]);
    const [from, to] = opened.map(({ body }) => (body as { id: string }).id);
    const transfer = await beginning.ask('requestTransfer', { json: { from, to, amount: 1 } });
    const known = {
      customerId,
      accountId: from ?? '',
      transferId: (transfer.body as { id: string }).id,
      orderId: order,
      paymentIntentId: order,
      sku: SKU,
      name: 'notice',
      sagaId: saga,
      messageId: randomUUID(),
      faultId: randomUUID(),
      // Of its first message.
      topic: 'order.events',
      partition: String(partitionOf(order, PARTITIONS)),
      offset: '0',
      groupId: 'backstep.order',
      service: 'inventory',
      entity: 'Stock',
      key: SKU,
      file: (await filesOfConsole(system.gatewayUrl)).script,
    };
    return new Situation(system, api, known);
  }

  /** A request that is right as far as the document tells, with one change. */
  request(id: string, change: Change = {}): Asked {
    const { method, path, parameters, example } = this.api.operation(id);
    const values: Readonly<Record<string, string>> = { ...this.known, ...change.path };
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    const body = change.body ?? bodyOf('json' in change ? change.json : example);
    const headers: Readonly<Record<string, string | undefined>> = {
      authorization: `Bearer ${OPERATOR.defaultToken}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...requiredHeaders(parameters, body ?? ''),
      ...change.headers,
    };
    return {
      method,
      path: change.query === undefined ? filled : `${filled}?${change.query}`,
      headers: Object.fromEntries(
        Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined),
      ),
      ...(body !== undefined && { body }),
    };
  }

  ask(id: string, change: Change = {}): Promise<Answer> {
    return ask(this.system.gatewayUrl, this.request(id, change));
  }

  /** Asks for each what must be answered so, all at once. @throws what was answered instead */
  async provoke(provocations: readonly (readonly [answer: string, change: Change])[]): Promise<void> {
    const answers = await Promise.all(
      provocations.map(async ([expected, change]) =>
        this.judge(idOf(expected), await this.ask(idOf(expected), change)),
      ),
    );
    expect(answers).toEqual(provocations.map(([expected]) => expected));
  }

  /** One of them, when its answer is needed. */
  async get<Body>(expected: string, change: Change = {}): Promise<{ readonly body: Body; readonly etag: string }> {
    const answer = await this.ask(idOf(expected), change);
    expect(this.judge(idOf(expected), answer)).toBe(expected);
    return { body: answer.body as Body, etag: String(answer.headers.etag) };
  }

  judge(id: string, answer: Answer): string {
    return this.api.judge(id, answer);
  }

  /** Documented answers of this kind. */
  answersOf(...kinds: readonly string[]): string[] {
    return this.api.answers.filter((answer) => kinds.includes(answer.split(' ').at(-1) ?? ''));
  }

  /** With a database that refuses whatever is written to these tables, with this SQLSTATE. */
  async whileRefused(
    service: ServiceName,
    tables: readonly string[],
    state: string,
    work: () => Promise<void>,
  ): Promise<void> {
    await this.sql(
      service,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused' USING ERRCODE = '${state}'; END $$;
       ${tables.map((table) => `CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse();`).join('\n')}`,
    );
    try {
      await work();
    } finally {
      await this.sql(service, 'DROP FUNCTION refuse() CASCADE');
    }
  }

  async sql(service: ServiceName, text: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: this.system.environment().databases[service] });
    await client.connect();
    await client.query(text, values).finally(() => client.end());
  }
}

/** As its page names them. @throws when the page names none */
export async function filesOfConsole(gateway: string) {
  const page = await (await fetch(`${gateway}/orders`)).text();
  const named = (type: string): string => {
    const [, file] = new RegExp(`"/assets/([^"]+[.]${type})"`).exec(page) ?? [];
    if (file === undefined) throw new Error(`the console's page names no ${type}: ${page}`);
    return file;
  };
  return { script: named('js'), style: named('css'), icon: named('svg') };
}

export const idOf = (answer: string): string => answer.split(' ', 1)[0] ?? '';

const bodyOf = (json: unknown): string | undefined => (json === undefined ? undefined : JSON.stringify(json));

/** By Stripe's scheme. */
function signatureOf(body: string): string {
  const time = Math.floor(Date.now() / 1_000);
  return `t=${time},v1=${createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${body}`).digest('hex')}`;
}

const REQUIRED: Readonly<Record<string, (body: string) => string>> = {
  'Idempotency-Key': () => randomUUID(),
  'X-Operator': () => 'ada',
  'If-Match': () => '"v1"',
  'Stripe-Signature': signatureOf,
};

const requiredHeaders = (parameters: Operation['parameters'], body: string): Record<string, string> =>
  Object.fromEntries(
    parameters
      .filter((one) => one.in === 'header' && one.required)
      .map(({ name }) => [name.toLowerCase(), REQUIRED[name]?.(body) ?? '']),
  );
