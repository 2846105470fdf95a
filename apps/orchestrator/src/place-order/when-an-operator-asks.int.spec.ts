import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { message, newId, type Message, type MessageDefinition } from '@backstep/messages';
import { CATALOGUE, OrderPlaced, PaymentCharged, StockReserved } from '@backstep/contracts';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { PROBLEMS } from '@backstep/problems';
import { Database, Messaging } from '@backstep/messaging';
import { sagaIdFor } from '@backstep/saga';
import { PostgresSagaStore } from '@backstep/saga/runtime';
import { anOrder } from '@backstep/contracts/testing';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { ORCHESTRATOR_CONFIG } from '../config.js';
import { OrchestratorModule } from '../orchestrator.module.js';
import { placeOrder } from './place-order.saga.js';

/**
 * Goal: every action says who, why and on which version, or is refused with the problem that says what is missing; a dry run changes
 * nothing. Method: the whole service on PostgreSQL; Kafka is away, so what is sent stays in the outbox to be counted.
 */
let database: TestDatabase;
let platform: PlatformApp;
let base: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig(
    { ...platformConfig(0), ...ORCHESTRATOR_CONFIG },
    { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:1', TIMER_POLL_MS: '60000', LOG_LEVEL: 'error' },
  );
  const logger = createLogger({ service: 'orchestrator', level: 'error' });
  platform = await createApp({ name: 'orchestrator', module: OrchestratorModule, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
});
afterAll(async () => {
  await platform.app.close();
  await database.drop();
});

let offset = 0;
const hear = (event: Message): Promise<void> =>
  platform.app
    .get(Messaging)
    .consumer.deliver([{ ...CATALOGUE.encode(event), partition: 0, offset: String(offset++), timestamp: Date.now() }]);

const load = async () => {
  const found = await platform.app.get(PostgresSagaStore).load(sagaId);
  if (!found) throw new Error(`there is no saga ${sagaId}`);
  return found;
};

async function answer(definition: MessageDefinition, data: Record<string, unknown>): Promise<void> {
  const { instance } = await load();
  const commandId = 'awaiting' in instance ? instance.awaiting.commandId : undefined;
  await hear(
    message(definition, { orderId: instance.subject, ...data }, { source: definition.service, sagaId, commandId }),
  );
}

/** A saga at its first step. */
let sagaId: string;
beforeEach(async () => {
  const order = anOrder();
  sagaId = sagaIdFor(placeOrder, order.orderId);
  await hear(message(OrderPlaced, order, { source: 'order' }));
});

async function atThePivot(): Promise<void> {
  await answer(StockReserved, { items: [] });
  await answer(PaymentCharged, { paymentIntentId: newId(), amount: 1, currency: 'EUR', providerReference: 'pi_1' });
}

interface Asked {
  readonly action?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function ask({ action = 'compensate', query = '', headers, body = { reason: 'INC-7' } }: Asked = {}) {
  const { version } = await load();
  const response = await fetch(`${base}/sagas/${sagaId}/${action}${query}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(headers ?? { 'if-match': `"v${version}"`, 'x-operator': 'ada' }),
    },
    body: JSON.stringify(body),
  });
  const content = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body: content };
}

const outbox = async () =>
  (await platform.app.get(Database).pool.query<{ id: string; headers: string }>('SELECT id, headers FROM outbox')).rows;

it('an operator action is carried out, journaled with who and why, and answered with the new version', async () => {
  const done = await ask();
  expect(done).toMatchObject({
    status: 200,
    body: {
      action: 'compensate',
      dryRun: false,
      transition: { from: 'RUNNING', to: 'COMPENSATING' },
      commands: [{ type: 'ReleaseStock', topic: 'inventory.commands' }],
      saga: {
        state: 'COMPENSATING',
        operations: [{ action: 'compensate', by: 'ada', reason: 'INC-7', from: 'RUNNING' }],
      },
    },
  });
  expect(done.headers.get('etag')).toBe('"v2"');
  const [{ id }] = done.body['commands'] as [{ id: string }];
  expect((await outbox()).map((row) => row.id)).toContain(id);
  const shown = (await (await fetch(`${base}/sagas/${sagaId}`)).json()) as Record<string, unknown>;
  expect(shown).toMatchObject({ version: 2, legalActions: ['skip', 'abandon'], operations: [{ by: 'ada' }] });
});

it('the definitions of all sagas are answered', async () => {
  const shown = await fetch(`${base}/sagas/definitions`);
  expect([shown.status, await shown.json()]).toEqual([
    200,
    { items: [expect.objectContaining({ type: 'place-order' }), expect.anything(), expect.anything()] },
  ]);
});

it('a dry run shows the command that the action then sends, and changes nothing', async () => {
  const before = [await load(), await outbox()];
  const dry = await ask({ query: '?dryRun=true' });
  expect(dry).toMatchObject({ status: 200, body: { dryRun: true, saga: { state: 'COMPENSATING' } } });
  expect(dry.headers.get('etag')).toBe('"v1"');
  expect([await load(), await outbox()]).toEqual(before);
  expect((await ask()).body['commands']).toEqual(dry.body['commands']);
});

it('a repeated request acts once: with a key it gets the same answer, without one 412', async () => {
  const keyed = { 'if-match': '"v1"', 'x-operator': 'ada', 'idempotency-key': 'incident-7' };
  expect((await ask({ headers: keyed })).headers.get('idempotency-replayed')).toBeNull();
  const sent = await outbox();
  const again = await ask({ headers: keyed });
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(again.body['commands']).toEqual([]);
  const other = await ask({ headers: keyed, action: 'abandon' });
  expect([other.status, other.body['type']]).toEqual([422, PROBLEMS.idempotencyKeyReused.type]);
  const late = await ask({ headers: { 'if-match': '"v1"', 'x-operator': 'grace' } });
  expect(late).toMatchObject({ status: 412, body: { current: { id: sagaId, version: 2, state: 'COMPENSATING' } } });
  expect(late.headers.get('etag')).toBe('"v2"');
  expect(await outbox()).toEqual(sent);
});

describe('is refused', () => {
  it.each<[string, Asked, number, string]>([
    ['without a version', { headers: { 'x-operator': 'ada' } }, 428, PROBLEMS.preconditionRequired.type],
    [
      'with a version that is none',
      { headers: { 'if-match': '*', 'x-operator': 'ada' } },
      400,
      PROBLEMS.validation.type,
    ],
    ['by nobody', { headers: { 'if-match': '"v1"' } }, 400, PROBLEMS.validation.type],
    ['without a reason', { body: { reason: ' ' } }, 400, PROBLEMS.validation.type],
    ['with a novel for a reason', { body: { reason: 'x'.repeat(501) } }, 400, PROBLEMS.validation.type],
    ['with a query it does not know', { query: '?dry=true' }, 400, PROBLEMS.validation.type],
    ['when there is no such action', { action: 'delete' }, 400, PROBLEMS.validation.type],
  ])('an operator action is refused %s', async (_, asked, status, type) => {
    const refused = await ask(asked);
    expect([refused.status, refused.body['type']]).toEqual([status, type]);
    expect((await load()).version).toBe(1);
  });

  it('an action that is not legal is refused with the legal ones', async () => {
    expect(await ask({ action: 'retry' })).toMatchObject({
      status: 409,
      body: { type: PROBLEMS.conflict.type, state: 'RUNNING', legalActions: ['compensate'] },
    });
    await atThePivot();
    expect(await ask()).toMatchObject({ status: 409, body: { legalActions: ['skip', 'abandon'] } });
  });

  it('an action on an unknown saga is 404', async () => {
    sagaId = newId();
    const response = await fetch(`${base}/sagas/${sagaId}/retry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': '"v1"', 'x-operator': 'ada' },
      body: '{"reason":"INC-7"}',
    });
    expect(response.status).toBe(404);
  });
});

it('a saga whose version is not deployed is marked in lists, metrics and legal actions', async () => {
  const { pool } = platform.app.get(Database);
  await pool.query(
    `UPDATE saga_instance SET instance = jsonb_set(instance::jsonb, '{definitionVersion}', '99'), version = version + 1 WHERE id = $1`,
    [sagaId],
  );
  const blockedBecause = 'version 99 of place-order is not registered: nothing moves it';
  const { items } = (await (await fetch(`${base}/sagas?state=RUNNING`)).json()) as { items: Record<string, unknown>[] };
  expect(items.find(({ id }) => id === sagaId)).toMatchObject({ blockedBecause });
  const metrics = await (await fetch(`${base}/metrics`)).text();
  expect(metrics).toMatch(/backstep_saga_instances\{.*state="UNREGISTERED".*\} 1\n/);
  expect(await ask()).toMatchObject({ status: 409, body: { legalActions: ['abandon'] } });
  expect(await ask({ action: 'abandon' })).toMatchObject({
    status: 200,
    body: { commands: [], saga: { state: 'ABANDONED' } },
  });
});

it.each(['nonsense', `sagas.1.${'-'.repeat(36)}`, `orders.${newId()}`])(
  'the list of sagas refuses the foreign cursor %s',
  async (cursor) => {
    const response = await fetch(`${base}/sagas?cursor=${cursor}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ in: 'query', field: 'cursor' }] });
  },
);
