import { createApp, createLogger, type PlatformApp } from '@backstep/service';
import { waitUntil } from '@backstep/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { PaymentProviderModule } from '../payment-provider.module.js';
import { acceptForms } from '../stripe/form.js';
import { Endpoint } from './endpoint.js';
import { Receiver, SECRET } from './receiver.fixture.spec.js';

/**
 * Goal: the stand-in tells what nobody heard, or all, as Stripe does: signed, until it is taken, and the same each time.
 * Method: the real application and the official client; an endpoint that checks signatures with the official package.
 */
let folder: string;
let receiver: Receiver;
let platform: PlatformApp | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backstep-webhooks-'));
  receiver = await Receiver.open();
});
afterEach(async () => {
  await platform?.app.close();
  platform = undefined;
  await receiver.close();
  await rm(folder, { recursive: true });
});

const journal = () => join(folder, 'journal.jsonl');

async function start(WEBHOOKS: 'unanswered' | 'all' | 'unruly'): Promise<Stripe> {
  const name = 'payment-provider';
  const config = { PROVIDER_DATA_FILE: journal(), WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: SECRET, WEBHOOKS };
  platform = await createApp({
    name,
    module: PaymentProviderModule,
    config,
    logger: createLogger({ service: name, level: 'error' }),
  });
  acceptForms(platform.app);
  await platform.app.listen(0, '127.0.0.1');
  const { hostname: host, port } = new URL(await platform.app.getUrl());
  return new Stripe('sk_test_1', {
    host,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** Stripe's client repeats a request itself whose connection was closed. The repeat is answered, and tells of no second charge. */
const charge = (stripe: Stripe, payment_method: string, key: string) =>
  stripe.paymentIntents.create(
    { amount: 4200, currency: 'eur', payment_method, confirm: true, metadata: { paymentIntentId: key } },
    { idempotencyKey: key },
  );

/** Every due webhook has ended in the journal. */
const allEnded = (count: number) =>
  waitUntil(`${count} webhooks have ended`, async () => {
    const lines = (await readFile(journal(), 'utf8')).split('\n');
    return lines.filter((line) => line.startsWith('{"kind":"webhook-ended"')).length === count;
  });

describe('webhooks of what was not heard', () => {
  it('a webhook tells of a charge whose answer was lost, and none of one that was answered', async () => {
    const stripe = await start('unanswered');
    await charge(stripe, 'pm_card_visa', 'heard');
    await charge(stripe, 'pm_card_lostResponse', 'lost');
    await receiver.until(1);
    await allEnded(1);
    expect(receiver.events).toEqual([
      {
        id: expect.stringMatching(/^evt_[0-9a-f]{24}$/),
        type: 'payment_intent.succeeded',
        object: expect.objectContaining({
          object: 'payment_intent',
          status: 'succeeded',
          amount: 4200,
          amount_received: 4200,
          currency: 'eur',
          metadata: { paymentIntentId: 'lost' },
        }),
        before: undefined,
        key: 'lost',
      },
    ]);
  });

  it('a webhook tells of a part that was given back and whose answer was lost, with the key of its request', async () => {
    const stripe = await start('unanswered');
    const { id } = await charge(stripe, 'pm_card_lostRefund', 'charged');
    await stripe.refunds.create({ payment_intent: id, amount: 1000 }, { idempotencyKey: 'a part' });
    await stripe.refunds.create({ payment_intent: id, amount: 500 }, { idempotencyKey: 'another' });
    await receiver.until(2);
    await allEnded(2);
    const byKey = [...receiver.events].sort((a, b) => String(a.key).localeCompare(String(b.key)));
    const part = { payment_intent: id, amount: 4200, refunded: false, metadata: { paymentIntentId: 'charged' } };
    expect(byKey).toMatchObject([
      { key: 'a part', type: 'charge.refunded', object: { ...part, amount_refunded: 1000 } },
      { key: 'another', type: 'charge.refunded', object: { ...part, amount_refunded: 1500 } },
    ]);
  });

  it('a webhook that is not taken comes again with the same id and content, and not again once it is taken', async () => {
    receiver.status = 503;
    const stripe = await start('unanswered');
    await charge(stripe, 'pm_card_lostResponse', 'lost');
    await receiver.until(3);
    receiver.status = 200;
    await allEnded(1);
    const [first, ...more] = receiver.events;
    expect(more.length).toBeGreaterThanOrEqual(3);
    for (const event of more) expect(event).toEqual(first);
  });
});

describe('webhooks of all', () => {
  it('webhooks tell of charges, refused charges and refunds, as Stripe tells of them', async () => {
    const stripe = await start('all');
    const { id, latest_charge } = await charge(stripe, 'pm_card_visa', 'one');
    await expect(charge(stripe, 'pm_card_chargeDeclined', 'two')).rejects.toThrow('declined');
    await stripe.refunds.create({ payment_intent: id, amount: 1000 }, { idempotencyKey: 'three' });
    await stripe.refunds.create({ payment_intent: id }, { idempotencyKey: 'four' });
    await receiver.until(4);
    const refunded = { object: 'charge', id: latest_charge, payment_intent: id, amount: 4200, currency: 'eur' };
    const byKey = [...receiver.events].sort((a, b) => String(a.key).localeCompare(String(b.key)));
    expect(byKey).toMatchObject([
      {
        key: 'four',
        type: 'charge.refunded',
        object: { ...refunded, amount_refunded: 4200, refunded: true, metadata: { paymentIntentId: 'one' } },
        before: { amount_refunded: 1000 },
      },
      { key: 'one', type: 'payment_intent.succeeded', object: { id } },
      {
        key: 'three',
        type: 'charge.refunded',
        object: { ...refunded, amount_refunded: 1000, refunded: false },
        before: { amount_refunded: 0 },
      },
      {
        key: 'two',
        type: 'payment_intent.payment_failed',
        object: {
          status: 'requires_payment_method',
          amount_received: 0,
          last_payment_error: { code: 'card_declined', decline_code: 'generic_decline' },
        },
      },
    ]);
  });

  it('unruly webhooks come twice each', async () => {
    const stripe = await start('unruly');
    await Promise.all(['a', 'b', 'c'].map((key) => charge(stripe, 'pm_card_visa', key)));
    await receiver.until(6);
    await allEnded(3);
    const ids = receiver.events.map(({ id }) => id);
    expect([...new Set(ids)].map((one) => ids.filter((id) => id === one).length)).toEqual([2, 2, 2]);
  });
});

describe('an endpoint of webhooks', () => {
  it('an endpoint beyond this machine is refused unless its host is named', () => {
    const url = 'https://elsewhere.example/webhooks';
    expect(() => Endpoint.at(url, { secret: SECRET })).toThrow('add it to WEBHOOK_HOSTS');
    expect(Endpoint.at(url, { secret: SECRET, hosts: ['elsewhere.example'] })).toBeInstanceOf(Endpoint);
    expect(Endpoint.at('http://[::1]:3000/', { secret: SECRET })).toBeInstanceOf(Endpoint);
  });

  it('an endpoint without a secret is refused', () => {
    expect(() => Endpoint.at('http://127.0.0.1:3000/', {})).toThrow('WEBHOOK_SECRET is missing');
  });
});
