import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountView, TransferView } from '@backstep/contracts/http';
import { newId } from '@backstep/messages';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { PAYMENT_CONFIG } from '../../config.js';
import { PaymentModule } from '../../payment.module.js';

/**
 * Goal: a transfer that is asked for over HTTP is queued or decided, once for a key, and read at any time.
 * Method: the whole application on PostgreSQL; Kafka and the provider are away, which must not matter.
 */
let database: TestDatabase;
let platform: PlatformApp;
let base: string;
beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig(
    { ...platformConfig(0), ...PAYMENT_CONFIG },
    { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:1', LOG_LEVEL: 'error' },
  );
  const logger = createLogger({ service: 'payment', level: 'error' });
  platform = await createApp({ name: 'payment', module: PaymentModule, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
});
afterAll(async () => {
  await platform.app.close();
  await database.drop();
});

interface Answer<T> {
  readonly status: number;
  readonly replayed: string | null;
  readonly etag: string | null;
  readonly body: T;
}

async function ask<T>(path: string, body?: object, key: string = newId()): Promise<Answer<T>> {
  const response = await fetch(`${base}${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...(body && { 'content-type': 'application/json', 'idempotency-key': key }) },
  });
  const { status, headers } = response;
  return {
    status,
    replayed: headers.get('idempotency-replayed'),
    etag: headers.get('etag'),
    body: (await response.json()) as T,
  };
}

const open = async (openingBalance: number, change: object = {}): Promise<string> =>
  (await ask<AccountView>('/accounts', { currency: 'EUR', openingBalance, ...change })).body.id;
const move = (from: string, to: string, amount: number, { skip = false, key }: { skip?: boolean; key?: string } = {}) =>
  ask<TransferView>(`/transfers${skip ? '?skipQueue=true' : ''}`, { from, to, amount }, key);
const balance = async (id: string) => (await ask<AccountView>(`/accounts/${id}`)).body.balance;
const decided = (id: string) =>
  waitUntil('the transfer is decided', async () => {
    const { body } = await ask<TransferView>(`/transfers/${id}`);
    return body.status !== 'QUEUED' && body;
  });

describe('an account', () => {
  it('an account is opened and read with its balance and version, once for a key', async () => {
    const body = { currency: 'EUR', openingBalance: 500, overdraftLimit: 20 };
    const first = await ask<AccountView>('/accounts', body, 'one-account');
    expect(first).toMatchObject({ status: 201, etag: '"v1"', body: { balance: 500, overdraftLimit: 20, version: 1 } });
    expect(await ask('/accounts', body, 'one-account')).toMatchObject({ replayed: 'true', body: first.body });
    expect(await ask(`/accounts/${first.body.id}`)).toMatchObject({ status: 200, etag: '"v1"', body: first.body });
    expect(await ask(`/accounts/${newId()}`)).toMatchObject({ status: 404 });
  });
});

describe('a transfer', () => {
  it('a transfer is QUEUED with 202, and APPLIED soon; with skipQueue it is APPLIED with 200', async () => {
    const [ada, bob] = [await open(1_000), await open(0)];
    const queued = await move(ada, bob, 300);
    expect(queued).toMatchObject({
      status: 202,
      body: { from: ada, to: bob, amount: 300, currency: 'EUR', status: 'QUEUED', reason: null, settledAt: null },
    });
    expect(await decided(queued.body.id)).toMatchObject({ status: 'APPLIED', amount: 300 });
    expect(await move(ada, bob, 200, { skip: true })).toMatchObject({ status: 200, body: { status: 'APPLIED' } });
    expect([await balance(ada), await balance(bob)]).toEqual([500, 500]);
  });

  it('a transfer that the account does not cover is REJECTED, whichever way it comes', async () => {
    const [ada, bob] = [await open(100, { overdraftLimit: 50 }), await open(0)];
    const queued = await move(ada, bob, 151);
    expect(await decided(queued.body.id)).toMatchObject({ status: 'REJECTED', reason: 'insufficient_funds' });
    expect(await move(ada, bob, 151, { skip: true })).toMatchObject({
      status: 200,
      body: { status: 'REJECTED', reason: 'insufficient_funds' },
    });
    expect(await balance(ada)).toBe(100);
  });

  it('a key is one transfer, though it comes fifty times at once, either way; with another body it is refused', async () => {
    const [ada, bob] = [await open(1_000), await open(0)];
    const key = newId();
    const fifty = Array.from({ length: 50 }, (_, n) => move(ada, bob, 100, { key, skip: n % 2 === 1 }));
    const all = await Promise.all(fifty);
    const [{ id } = { id: '' }] = all.map(({ body }) => body);
    expect(new Set(all.map(({ body }) => body.id))).toEqual(new Set([id]));
    await decided(id);
    expect(await move(ada, bob, 100, { key })).toMatchObject({ status: 200, replayed: 'true', body: { id } });
    await waitUntil('nothing is queued', async () => {
      const { rows } = await database.pool.query(`SELECT FROM lane_entry WHERE state = 'QUEUED'`);
      return rows.length === 0;
    });
    expect([await balance(ada), await balance(bob)]).toEqual([900, 100]);
    expect(await move(ada, bob, 101, { key })).toMatchObject({ status: 422, body: { title: expect.any(String) } });
  });

  it.each([
    ['an unknown payer', 'from', () => [newId(), newId()], 422],
    ['an unknown payee', 'to', async () => [await open(1), newId()], 422],
    ['another currency', 'to', async () => [await open(1), await open(1, { currency: 'USD' })], 422],
    ['one account twice', 'to', async () => ((id) => [id, id])(await open(1)), 400],
  ] as const)(
    'a transfer with %s is refused before it is queued, by the field %s',
    async (_, field, parties, status) => {
      const [from = '', to = ''] = await parties();
      for (const skip of [false, true]) {
        const refused = await move(from, to, 1, { skip });
        expect(refused).toMatchObject({ status, body: { errors: [{ in: 'body', field, pointer: `#/${field}` }] } });
      }
    },
  );

  it('a transfer that the lane could not carry out is REJECTED, and says so', async () => {
    const [ada, bob] = [await open(10), await open(0)];
    await database.pool.query(
      'CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE check_violation; END $$;' +
        'CREATE TRIGGER refuse BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    const queued = await move(ada, bob, 1);
    const settled = await decided(queued.body.id);
    await database.pool.query('DROP FUNCTION refuse CASCADE');
    expect(settled).toMatchObject({ status: 'REJECTED', reason: 'not_applied' });
    expect(await balance(ada)).toBe(10);
  });

  it('a transfer that nobody asked for is 404', async () => {
    expect(await ask(`/transfers/${newId()}`)).toMatchObject({ status: 404 });
    expect(await ask('/transfers/not-an-id')).toMatchObject({ status: 400 });
  });
});
