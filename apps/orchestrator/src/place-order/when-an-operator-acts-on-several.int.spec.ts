import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { message, newId } from '@backstep/messages';
import { CATALOGUE, OrderPlaced } from '@backstep/contracts';
import { SagaOperationViews, SagaView } from '@backstep/contracts/http';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { PROBLEMS } from '@backstep/problems';
import { Database, Messaging } from '@backstep/messaging';
import { sagaIdFor } from '@backstep/saga';
import { anOrder } from '@backstep/contracts/testing';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { ORCHESTRATOR_CONFIG } from '../config.js';
import { OrchestratorModule } from '../orchestrator.module.js';
import { placeOrder } from './place-order.saga.js';

/**
 * Goal: several sagas are acted on by name, each on the version that was seen of it and answered by itself; and all that operators did is listed.
 * Method: the whole service on PostgreSQL; Kafka is away, so what is sent stays in the outbox to be looked at.
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
/** Three sagas at their first step, each at version 1. */
let sagas: [string, string, string];
let orders: string[];
beforeEach(async () => {
  await platform.app.get(Database).pool.query('TRUNCATE saga_operation');
  const placed = [anOrder(), anOrder(), anOrder()];
  orders = placed.map(({ orderId }) => orderId);
  sagas = orders.map((orderId) => sagaIdFor(placeOrder, orderId)) as typeof sagas;
  await platform.app.get(Messaging).consumer.deliver(
    placed.map((order) => ({
      ...CATALOGUE.encode(message(OrderPlaced, order, { source: 'order' })),
      ...{ partition: 0, offset: String(offset++), timestamp: Date.now() },
    })),
  );
});

interface Item {
  readonly sagaId: string;
  readonly status: number;
  readonly replayed: boolean;
  readonly operation: { readonly dryRun: boolean; readonly commands: readonly { readonly id: string }[] } | null;
  readonly problem: Record<string, unknown> | null;
}

async function ask(changes: { body?: object; query?: string; headers?: Record<string, string> } = {}) {
  const { body = {}, query = '', headers = {} } = changes;
  const targets = sagas.map((sagaId) => ({ sagaId, ifMatch: '"v1"' }));
  const response = await fetch(`${base}/sagas/operations${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'ada', ...headers },
    body: JSON.stringify({ action: 'compensate', reason: 'INC-7', targets, ...body }),
  });
  const answer = (await response.json()) as { items: Item[] } & Record<string, unknown>;
  return { status: response.status, body: answer, items: answer.items };
}

const outbox = async () =>
  (await platform.app.get(Database).pool.query<{ id: string }>('SELECT id FROM outbox')).rows.map(({ id }) => id);

const read = async (sagaId: string) => SagaView.parse(await (await fetch(`${base}/sagas/${sagaId}`)).json());

const listed = async (query = '') => {
  const response = await fetch(`${base}/sagas/operations${query}`);
  return SagaOperationViews.parse(await response.json());
};

const commandsOf = (items: readonly Item[]) => items.flatMap(({ operation }) => operation?.commands ?? []);

describe('an action on several sagas', () => {
  it('a dry run of several shows the commands that the action then sends, and changes nothing', async () => {
    const before = await outbox();
    const dry = await ask({ query: '?dryRun=true' });
    expect(dry.items.map(({ status, operation }) => [status, operation?.dryRun])).toEqual(sagas.map(() => [200, true]));
    expect(await outbox()).toEqual(before);
    const done = await ask();
    expect(commandsOf(done.items)).toEqual(commandsOf(dry.items));
    expect(await outbox()).toEqual(expect.arrayContaining(commandsOf(dry.items).map(({ id }) => id)));
    const kept = await Promise.all(sagas.map(async (id) => (await read(id)).operations[0]?.commandIds));
    expect(kept.flat()).toEqual(commandsOf(dry.items).map(({ id }) => id));
  });

  it('a saga that has moved on is left alone, and is answered as it is now; the others go on', async () => {
    const [moved, unknown, right] = [sagas[0], newId(), sagas[2]];
    await ask({
      body: { targets: [{ sagaId: moved, ifMatch: '"v1"' }], reason: 'by grace' },
      headers: { 'x-operator': 'grace' },
    });
    const { items } = await ask({
      body: {
        targets: [
          { sagaId: moved, ifMatch: '"v1"' },
          { sagaId: unknown, ifMatch: '"v1"' },
          { sagaId: sagas[1], ifMatch: '"v9"' },
          { sagaId: right, ifMatch: '"v1.0123456789abcdef"' },
        ],
      },
    });
    expect(items.map(({ sagaId, status }) => [sagaId, status])).toEqual([
      [moved, 412],
      [unknown, 404],
      [sagas[1], 412],
      [right, 200],
    ]);
    expect(items[0]).toMatchObject({
      operation: null,
      problem: { type: PROBLEMS.preconditionFailed.type, current: { id: moved, version: 2, state: 'COMPENSATING' } },
    });
    expect([await read(moved), await read(sagas[1])]).toMatchObject([
      { version: 2, operations: [{ by: 'grace' }] },
      { version: 1, operations: [] },
    ]);
  });

  it('an action that is not legal for a saga is refused with those that are', async () => {
    const { items } = await ask({ body: { action: 'retry' } });
    expect(items[0]).toMatchObject({
      status: 409,
      problem: { type: PROBLEMS.conflict.type, legalActions: ['compensate'], state: 'RUNNING' },
    });
  });

  it('a repeated request with a key is done once to each saga', async () => {
    const keyed = { headers: { 'idempotency-key': 'incident-7' } };
    await ask(keyed);
    const sent = await outbox();
    const again = await ask(keyed);
    expect(again.items.map(({ status, replayed }) => [status, replayed])).toEqual(sagas.map(() => [200, true]));
    expect(await outbox()).toEqual(sent);
    const other = await ask({ ...keyed, body: { reason: 'another' } });
    expect(other.items.map(({ status }) => status)).toEqual([422, 422, 422]);
  });

  it.each<[string, object, string]>([
    ['no target', { targets: [] }, 'targets'],
    [
      'more targets than it may have',
      { targets: Array.from({ length: 101 }, () => ({ sagaId: newId(), ifMatch: '"v1"' })) },
      'targets',
    ],
    ['a target without its version', { targets: [{ sagaId: newId() }] }, 'targets.0.ifMatch'],
    ['a version that is none', { targets: [{ sagaId: newId(), ifMatch: '*' }] }, 'targets.0.ifMatch'],
    [
      'a version beyond all numbers',
      { targets: [{ sagaId: newId(), ifMatch: '"v9999999999999999"' }] },
      'targets.0.ifMatch',
    ],
    ['no reason', { reason: ' ' }, 'reason'],
    ['an action that there is not', { action: 'delete' }, 'action'],
    ['a wish for all that match', { all: true }, 'all'],
  ])('a request with %s is refused as a whole', async (_, body, field) => {
    const { status, body: problem } = await ask({ body });
    expect([status, problem['errors']]).toEqual([
      400,
      expect.arrayContaining([expect.objectContaining({ in: 'body', field })]),
    ]);
  });

  it('a saga that is named twice, in whatever letters, is refused', async () => {
    const targets = [sagas[0], sagas[0].toUpperCase()].map((sagaId) => ({ sagaId, ifMatch: '"v1"' }));
    expect((await ask({ body: { targets } })).status).toBe(400);
    expect((await read(sagas[0])).version).toBe(1);
  });

  it('a saga that is named in capitals is acted on', async () => {
    const { items } = await ask({ body: { targets: [{ sagaId: sagas[0].toUpperCase(), ifMatch: '"v1"' }] } });
    expect(items[0]?.status).toBe(200);
    expect((await read(sagas[0])).version).toBe(2);
  });
});

describe('the list of what operators did', () => {
  it('what was done is listed with who, why and what was sent, in pages', async () => {
    await ask({ headers: { 'x-request-id': 'request-7' } });
    const first = await listed('?limit=2');
    expect(first.items).toHaveLength(2);
    expect(first.items[0]).toMatchObject({
      ...{
        action: 'compensate',
        by: 'ada',
        reason: 'INC-7',
        from: 'RUNNING',
        to: 'COMPENSATING',
        step: 'reserve-stock',
      },
      ...{ direction: 'forward', commandIds: [expect.any(String)], requestId: 'request-7' },
    });
    const second = await listed(`?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([second.items.length, second.nextCursor]).toEqual([1, null]);
    const all = [...first.items, ...second.items].map(({ sagaId }) => sagaId);
    expect(all.sort()).toEqual([...sagas].sort());
  });

  it('what was done is listed by who, by action and by order; a dry run is not', async () => {
    await ask({ query: '?dryRun=true' });
    expect((await listed()).items).toEqual([]);
    await ask();
    expect((await listed('?by=grace')).items).toEqual([]);
    expect((await listed('?by=ada&action=compensate')).items).toHaveLength(3);
    expect((await listed('?action=skip')).items).toEqual([]);
    expect((await listed(`?subject=${orders[1] ?? ''}`)).items).toMatchObject([
      { sagaId: sagas[1], subject: orders[1] },
    ]);
  });

  it.each(['?cursor=sagas.1', '?action=delete', '?limit=101', '?nonsense=1'])(
    'the query %s is refused',
    async (query) => {
      expect((await fetch(`${base}/sagas/operations${query}`)).status).toBe(400);
    },
  );
});

describe('the list of sagas', () => {
  it('sagas are listed by when they began, and those that wait for an operator', async () => {
    const { pool } = platform.app.get(Database);
    await pool.query(
      `UPDATE saga_instance SET instance = jsonb_set(instance::jsonb, '{definitionVersion}', '99'), version = version + 1 WHERE id = $1`,
      [sagas[0]],
    );
    const ids = async (query: string) => {
      const { items } = (await (await fetch(`${base}/sagas?limit=100${query}`)).json()) as { items: { id: string }[] };
      return items.map(({ id }) => id);
    };
    expect(await ids('&waitsFor=operator')).toEqual([sagas[0]]);
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect(await ids(`&from=${soon}`)).toEqual([]);
    expect(await ids(`&to=${soon}`)).toEqual(expect.arrayContaining([...sagas]));
  });
});
