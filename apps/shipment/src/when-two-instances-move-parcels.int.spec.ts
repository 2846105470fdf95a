import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelShipment } from '@backstep/contracts';
import { newId, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { PROBLEMS } from '@backstep/problems';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import {
  UnitOfWork,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { CancelShipmentHandler } from './cancel-shipment/cancel-shipment.handler.js';
import { CarrierClock } from './carrier-clock/carrier-clock.js';
import { SHIPMENT_CONFIG } from './config.js';
import { ShipmentModule } from './shipment.module.js';

/**
 * Goal: whoever comes first wins, at whichever instance: a parcel is handed over or its shipment is cancelled, and what happened is told once.
 * Method: two whole applications on one PostgreSQL. Kafka is away, so that every event stays in the outbox, where it is counted.
 */
const NEVER_MS = 86_400_000;
let database: TestDatabase;
let instances: PlatformApp[] = [];
let urls: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const { app } of instances) await app.close();
  [instances, urls] = [[], []];
  await database.pool.query('TRUNCATE shipment, outbox, idempotency_key');
});
afterAll(() => database.drop());

async function start(carrier: { readonly handsOverAfterMs: number; readonly deliversAfterMs: number }): Promise<void> {
  for (const name of ['one', 'two']) {
    const config = loadConfig(
      { ...platformConfig(0), ...SHIPMENT_CONFIG },
      {
        DATABASE_URL: database.url,
        KAFKA_BROKERS: '127.0.0.1:1',
        LOG_LEVEL: 'error',
        CARRIER_HANDS_OVER_AFTER_MS: String(carrier.handsOverAfterMs),
        CARRIER_DELIVERS_AFTER_MS: String(carrier.deliversAfterMs),
      },
    );
    const logger = createLogger({ service: `shipment ${name}`, level: 'error' });
    const instance = await createApp({ name: 'shipment', module: ShipmentModule, config, logger });
    instances.push(instance);
    await instance.app.listen(0, '127.0.0.1');
    urls.push(await instance.app.getUrl());
  }
}

/** Shipments that the carrier has taken on, so many milliseconds ago. */
async function created(count: number, ageMs = 0): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await database.pool.query(
    `INSERT INTO shipment (order_id, shipment_id, status, tracking_number, items, address, created_at, version)
     SELECT id, id, 'CREATED', 'BS1', '[{"sku":"cup","quantity":1}]', '{"country":"DE"}',
            now() - make_interval(secs => $2::double precision / 1000), 1
     FROM unnest($1::uuid[]) AS id`,
    [ids, ageMs],
  );
  return ids;
}

/** How often each event was told, by order. */
async function told(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await database.pool.query<{ key: string; types: string[] }>(
    `SELECT key, array_agg(split_part(headers, '|', 2) ORDER BY split_part(headers, '|', 2)) AS types FROM outbox GROUP BY key`,
  );
  return new Map(rows.map(({ key, types }) => [key, types]));
}

async function statuses(): Promise<Readonly<Record<string, number>>> {
  const { rows } = await database.pool.query<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM shipment GROUP BY status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly replayed: string | null;
  readonly body: {
    readonly status?: string;
    readonly version?: number;
    readonly type?: string;
    readonly detail?: string;
    readonly current?: { readonly status: string };
  };
}

async function ask(method: string, path: string, at = 0, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${urls[at % 2]}${path}`, { method, headers });
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    replayed: response.headers.get('idempotency-replayed'),
    body: (await response.json()) as Answer['body'],
  };
}
const handOver = (id: string, at = 0, headers: Record<string, string> = {}) =>
  ask('POST', `/shipments/${id}/hand-over`, at, headers);

/** The command's own handler, asked as a request: Kafka is away. Answers what the command is answered. */
class CancelByRequest implements RequestHandler<
  Message<typeof CancelShipment>,
  string,
  ReturnType<CancelShipmentHandler['needs']>
> {
  private readonly handler = new CancelShipmentHandler();

  needs(command: Message<typeof CancelShipment>) {
    return this.handler.needs(command);
  }

  decide(
    command: Message<typeof CancelShipment>,
    state: LoadedNeeds<ReturnType<CancelShipmentHandler['needs']>>,
    context: DecideContext,
  ): { answer: string; changes: Change[] } {
    const changes = this.handler.decide(command, state, context);
    const sent = changes.find((one) => one.change === 'send');
    return { answer: sent && 'definition' in sent ? sent.definition.name : 'nothing', changes };
  }
}

function cancel(orderId: string, at: number): Promise<string> {
  const unitOfWork = instances[at % 2]?.app.get(UnitOfWork, { strict: false });
  if (!unitOfWork) throw new Error('no instance');
  return unitOfWork.request(new CancelByRequest(), aMessage(CancelShipment, { orderId }));
}

describe('a cancellation and a hand-over at once', () => {
  it('exactly one of a cancellation and a hand-over wins at two instances, in 200 rounds', async () => {
    await start({ handsOverAfterMs: NEVER_MS, deliversAfterMs: NEVER_MS });
    const ids = await created(200);
    const outcomes: string[] = [];
    for (const [round, id] of ids.entries()) {
      const asked = round % 2 === 0 ? [cancel(id, 0), handOver(id, 1)] : [handOver(id, 0), cancel(id, 1)];
      const [one, other] = await Promise.all(asked);
      const [cancelled, moved] = (typeof one === 'string' ? [one, other] : [other, one]) as [string, Answer];
      outcomes.push(`${cancelled} ${moved.status} ${moved.body.current?.status ?? moved.body.status}`);
    }
    const HANDED_OVER = 'ShipmentCancellationRefused 200 HANDED_OVER';
    const CANCELLED = 'ShipmentCancelled 409 CANCELLED';
    expect(outcomes.filter((outcome) => outcome !== HANDED_OVER && outcome !== CANCELLED)).toEqual([]);
    const handedOver = outcomes.filter((outcome) => outcome === HANDED_OVER).length;
    // Both sides win some rounds, else the two would not have met.
    expect([handedOver > 0, handedOver < 200]).toEqual([true, true]);
    expect(await statuses()).toEqual({ HANDED_OVER: handedOver, CANCELLED: 200 - handedOver });
    const events = await told();
    expect(ids.map((id) => (events.get(id) ?? []).join(' ')).sort()).toEqual(
      [
        ...Array<string>(200 - handedOver).fill('ShipmentCancelled'),
        ...Array<string>(handedOver).fill('ShipmentCancellationRefused ShipmentHandedOver'),
      ].sort(),
    );
  }, 120_000);

  it('ten operators hand one parcel over at two instances: one does, nine are told that it is handed over', async () => {
    await start({ handsOverAfterMs: NEVER_MS, deliversAfterMs: NEVER_MS });
    const [id = ''] = await created(1);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => handOver(id, n, { 'if-match': '"v1"' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, etag, body } of answers.filter((one) => one.status !== 200)) {
      expect([status, etag, body.type]).toEqual([412, '"v2"', PROBLEMS.preconditionFailed.type]);
      expect(body.current).toMatchObject({ status: 'HANDED_OVER' });
    }
    expect((await told()).get(id)).toEqual(['ShipmentHandedOver']);
  });
});

describe('the clock of the carrier', () => {
  it('two clocks hand over and deliver 1,200 parcels, each once', async () => {
    const ids = await created(1_200, 60_000);
    await start({ handsOverAfterMs: 200, deliversAfterMs: 200 });
    await waitUntil('all parcels are delivered', async () => (await statuses())['DELIVERED'] === ids.length);
    const events = await told();
    const wrong = ids.filter((id) => events.get(id)?.join(' ') !== 'ShipmentDelivered ShipmentHandedOver');
    expect(wrong).toEqual([]);
  }, 60_000);

  it('a parcel that is not due stays where it is, and one that is due is not kept by it', async () => {
    const [young = ''] = await created(1, 0);
    const [old = ''] = await created(1, 600_000);
    await start({ handsOverAfterMs: 300_000, deliversAfterMs: NEVER_MS });
    // A turn does nothing while the other instance makes one.
    await waitUntil('the parcel that is due is handed over', async () => {
      await instances[0]?.app.get(CarrierClock, { strict: false }).turn();
      return (await ask('GET', `/shipments/${old}`)).body.status === 'HANDED_OVER';
    });
    expect((await ask('GET', `/shipments/${young}`)).body.status).toBe('CREATED');
    expect((await told()).get(young)).toBeUndefined();
  });

  it('a clock whose instance died with its lease is replaced by the other instance', async () => {
    await start({ handsOverAfterMs: 200, deliversAfterMs: NEVER_MS });
    await database.pool.query(
      `INSERT INTO named_lock (name, holder, epoch, until, changed_at)
       VALUES ('carrier-clock', $1, nextval('named_lock_epoch'), now() + interval '1 second', now())
       ON CONFLICT (name) DO UPDATE SET holder = $1, epoch = nextval('named_lock_epoch'), until = now() + interval '1 second'`,
      [newId()],
    );
    const [id = ''] = await created(1, 60_000);
    await waitUntil('the parcel is handed over', async () => {
      return (await ask('GET', `/shipments/${id}`)).body.status === 'HANDED_OVER';
    });
    expect((await told()).get(id)).toEqual(['ShipmentHandedOver']);
  });
});

describe('an operator', () => {
  it('a move is answered with the shipment, once for a key, and an illegal one with 409 and the present state', async () => {
    await start({ handsOverAfterMs: NEVER_MS, deliversAfterMs: NEVER_MS });
    const [id = ''] = await created(1);
    const key = { 'idempotency-key': 'k', 'if-match': '"v1"' };
    expect(await ask('POST', `/shipments/${id}/deliver`)).toMatchObject({
      status: 409,
      body: {
        type: PROBLEMS.conflict.type,
        detail: 'The shipment is CREATED: only one that is HANDED_OVER is delivered.',
        current: { status: 'CREATED' },
      },
    });
    expect(await handOver(id, 0, key)).toMatchObject({ status: 200, etag: '"v2"', body: { status: 'HANDED_OVER' } });
    expect(await handOver(id, 1, key)).toMatchObject({ status: 200, replayed: 'true', body: { version: 2 } });
    expect(await ask('POST', `/shipments/${id}/deliver`, 1, { 'if-match': '"v1"' })).toMatchObject({ status: 412 });
    expect(await ask('POST', `/shipments/${id}/deliver`, 1, { 'if-match': '"v2"' })).toMatchObject({
      status: 200,
      body: { status: 'DELIVERED', version: 3 },
    });
    expect((await told()).get(id)).toEqual(['ShipmentDelivered', 'ShipmentHandedOver']);
  });

  it('a shipment that is not there, and a move that there is none of, are told so', async () => {
    await start({ handsOverAfterMs: NEVER_MS, deliversAfterMs: NEVER_MS });
    expect(await handOver(newId(), 0, { 'if-match': '"v1"' })).toMatchObject({ status: 404 });
    expect(await ask('GET', `/shipments/${newId()}`)).toMatchObject({ status: 404 });
    const [id = ''] = await created(1);
    expect(await ask('POST', `/shipments/${id}/lose`)).toMatchObject({ status: 400 });
  });
});
