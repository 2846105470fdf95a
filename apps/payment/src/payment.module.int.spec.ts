import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE, ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId, type Message } from '@backstep/messages';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { Messaging } from '@backstep/messaging';
import { aMessage } from '@backstep/messages/testing';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import { PAYMENT_CONFIG } from './config.js';
import { PaymentModule } from './payment.module.js';
import { startProvider, type ProviderProcess } from './intents/settle-payment/payment-service.fixture.spec.js';

/** Goal: the service as it is put together. Method: the whole application on PostgreSQL and the stand-in; Kafka is away, which must not matter. */
let database: TestDatabase;
let provider: ProviderProcess;
let platform: PlatformApp;
let base: string;

beforeAll(async () => {
  [database, provider] = await Promise.all([createTestDatabase(), startProvider()]);
  const config = loadConfig(
    { ...platformConfig(0), ...PAYMENT_CONFIG },
    { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:1', STRIPE_API_BASE: provider.url, LOG_LEVEL: 'error' },
  );
  platform = await createApp({
    name: 'payment',
    module: PaymentModule,
    config,
    logger: createLogger({ service: 'payment', level: 'error' }),
  });
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
});
afterAll(async () => {
  await platform.app.close();
  await provider.stop();
  await database.drop();
});

const deliver = (message: Message): Promise<void> =>
  platform.app
    .get(Messaging)
    .consumer.deliver([{ ...CATALOGUE.encode(message), partition: 0, offset: '0', timestamp: Date.now() }]);

async function read(id: string): Promise<{ status: number; etag: string | null; body: Record<string, unknown> }> {
  const response = await fetch(`${base}/payment-intents/${id}`);
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    body: (await response.json()) as Record<string, unknown>,
  };
}
const readWhen = (id: string, status: string) =>
  waitUntil(`${id} to be ${status}`, async () => {
    const found = await read(id);
    return found.body['status'] === status && found;
  });

describe('the payment service', () => {
  it('the payment service charges, refunds, and shows both without the payment method', async () => {
    const orderId = newId();
    await deliver(aMessage(ChargePayment, { orderId, amount: 4200, currency: 'EUR', paymentMethod: 'pm_card_visa' }));
    const { etag, body } = await readWhen(orderId, 'CHARGED');
    expect(etag).toBe('"v2"');
    expect(body).toEqual({
      id: orderId,
      orderId,
      status: 'CHARGED',
      amount: 4200,
      currency: 'EUR',
      capturedAmount: 4200,
      refundedAmount: 0,
      charges: [{ id: orderId, amount: 4200, refundedAmount: 0, providerReference: expect.stringMatching(/^pi_/) }],
      providerReference: expect.stringMatching(/^pi_/),
      failure: null,
      problem: null,
      attempts: 1,
      version: 2,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    await deliver(aMessage(RefundPayment, { orderId }));
    expect((await readWhen(orderId, 'REFUNDED')).body).toMatchObject({ refundedAmount: 4200, version: 4 });
  });

  it('the payment service shows why a charge failed', async () => {
    const orderId = newId();
    await deliver(
      aMessage(ChargePayment, { orderId, amount: 1, currency: 'EUR', paymentMethod: 'pm_card_chargeDeclined' }),
    );
    expect((await readWhen(orderId, 'CHARGE_FAILED')).body).toMatchObject({
      failure: { reason: 'generic_decline', message: 'Your card was declined.' },
      providerReference: null,
    });
  });

  it('the payment service answers 404 for an unknown payment', async () => {
    expect(await read(newId())).toMatchObject({ status: 404, body: { type: 'urn:backstep:problem:not-found' } });
    expect(await read('not-an-id')).toMatchObject({ status: 400 });
  });

  it('the payment service adds up its ledger by currency', async () => {
    const orderId = newId();
    await deliver(aMessage(ChargePayment, { orderId, amount: 700, currency: 'USD', paymentMethod: 'pm_card_visa' }));
    await readWhen(orderId, 'CHARGED');
    const response = await fetch(`${base}/ledger/totals`);
    expect(await response.json()).toMatchObject({ byCurrency: { USD: { captured: 700, refunded: 0 } } });
  });

  it('the payment service settles what another instance has left', async () => {
    const orderId = newId();
    await database.pool.query(
      `INSERT INTO payment_intent (id, amount, currency, state, charge_command, attempts, next_attempt_at, leased_at, lease_epoch, created_at, updated_at, version)
       VALUES ($1, 5, 'EUR', $2, $3, 0, now(), now() - interval '1 minute', 1, now(), now(), 1)`,
      [orderId, { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: false }, { id: newId() }],
    );
    await readWhen(orderId, 'CHARGED');
  });
});
