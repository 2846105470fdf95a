import { createApp, createLogger, type PlatformApp } from '@backstep/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Stripe from 'stripe';
import { PaymentProviderModule } from '../payment-provider.module.js';
import { acceptForms } from './form.js';

/**
 * Goal: the official client cannot tell the stand-in from Stripe, also when things go wrong.
 * Method: the `stripe` package, its own retries off as in the payment service, against the real application on a free port.
 */
let folder: string;
let platform: PlatformApp;
let base: string;
let stripe: Stripe;

function client(key: string, timeout = 10_000): Stripe {
  const { hostname, port } = new URL(base);
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    timeout,
    telemetry: false,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backstep-provider-'));
  const name = 'payment-provider';
  const config = { PROVIDER_DATA_FILE: join(folder, 'data', 'journal.jsonl') };
  const logger = createLogger({ service: name, level: 'error' });
  platform = await createApp({ name, module: PaymentProviderModule, config, logger });
  acceptForms(platform.app);
  await platform.app.listen(0, '127.0.0.1');
  base = await platform.app.getUrl();
  stripe = client('sk_test_backstep');
});

afterAll(async () => {
  await platform.app.close();
  await rm(folder, { recursive: true });
});

const charge = (paymentMethod: string, key: string, amount = 4_200, orderId = 'order-1', through = stripe) =>
  through.paymentIntents.create(
    {
      amount,
      currency: 'eur',
      payment_method: paymentMethod,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { orderId, paymentIntentId: `intent-of-${orderId}` },
    },
    { idempotencyKey: key },
  );

async function failureOf(act: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

interface LedgerAnswer {
  readonly captured: number;
  readonly refunded: number;
  readonly byCurrency: Readonly<Record<string, unknown>>;
  readonly intents: readonly { readonly id: string; readonly captured: number; readonly refunded: number }[];
  readonly next?: string;
}

const ledger = async (query = ''): Promise<LedgerAnswer> =>
  (await (await fetch(`${base}/ledger${query}`)).json()) as LedgerAnswer;

const newKey = (): string => `charge:${randomUUID()}`;

describe('a charge', () => {
  it('a charge of a good card succeeds and can be read', async () => {
    const intent = await charge('pm_card_visa', newKey(), 4_200, 'order-ok');
    expect(intent).toMatchObject({
      object: 'payment_intent',
      status: 'succeeded',
      amount: 4_200,
      amount_received: 4_200,
      currency: 'eur',
      latest_charge: expect.stringMatching(/^ch_/),
      metadata: { orderId: 'order-ok', paymentIntentId: 'intent-of-order-ok' },
    });
    expect(intent.lastResponse.requestId).toMatch(/^req_/);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ id: intent.id, status: 'succeeded' });
    expect(await ledger('?orderId=order-ok')).toMatchObject({
      intents: [{ id: intent.id, captured: 4_200, refunded: 0 }],
    });
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('a charge of %s is refused with a card error, the same when it is repeated', async (card, declineCode) => {
    const key = newKey();
    const first = await failureOf(charge(card, key, 900, card));
    expect(first).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(first).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: declineCode });
    expect(first.payment_intent).toMatchObject({ status: 'requires_payment_method' });
    const again = await failureOf(charge(card, key, 900, card));
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(again.headers?.['idempotent-replayed']).toBe('true');
    expect(await ledger(`?orderId=${card}`)).toMatchObject({ intents: [{ status: 'declined', captured: 0 }] });
  });

  it.each([
    ['amount', { amount: 0 }],
    ['currency', { currency: 'euro' }],
    ['payment_method', { payment_method: 'pm_card_unheardOf' }],
    ['confirm', { confirm: false }],
    ['colour', { colour: 'red' }],
  ])('a charge with a wrong %s is refused by its name, and its key stays free', async (param, wrong) => {
    const good = { amount: 100, currency: 'eur', payment_method: 'pm_card_visa', confirm: true };
    const key = newKey();
    const failure = await failureOf(stripe.paymentIntents.create({ ...good, ...wrong }, { idempotencyKey: key }));
    expect(failure).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(failure).toMatchObject({ statusCode: 400, param });
    expect(await stripe.paymentIntents.create(good, { idempotencyKey: key })).toMatchObject({ status: 'succeeded' });
  });
});

describe('an idempotency key', () => {
  it('a repeated idempotency key gets the same answer', async () => {
    const key = newKey();
    const first = await charge('pm_card_visa', key, 1_000, 'order-twice');
    const second = await charge('pm_card_visa', key, 1_000, 'order-twice');
    expect(second.id).toBe(first.id);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await ledger('?orderId=order-twice')).intents).toHaveLength(1);
  });

  it('an idempotency key with other parameters, or on another path, is refused', async () => {
    const key = newKey();
    const { id } = await charge('pm_card_visa', key, 1_000);
    const other = await failureOf(charge('pm_card_visa', key, 1_001));
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(other.statusCode).toBe(400);
    const refund = await failureOf(stripe.refunds.create({ payment_intent: id }, { idempotencyKey: key }));
    expect(refund).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  });

  it('one of twenty concurrent requests with a key charges; the others get 409 or its answer', async () => {
    const key = newKey();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => charge('pm_card_visa', key, 700, 'order-race')),
    );
    const ids = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(new Set(ids).size).toBe(1);
    for (const refusal of refusals) expect(refusal).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect((await ledger('?orderId=order-race')).intents).toHaveLength(1);
  });

  it('an idempotency key has the answer of a slow charge that the client had given up', async () => {
    const key = newKey();
    const impatient = charge('pm_card_slow', key, 800, 'order-slow', client('sk_test_backstep', 300));
    expect(await failureOf(impatient)).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const settled = async (): Promise<Stripe.PaymentIntent> => {
      for (;;) {
        const outcome = await charge('pm_card_slow', key, 800, 'order-slow').catch((error: unknown) => error);
        if (!(outcome instanceof Stripe.errors.StripeError)) return outcome as Stripe.PaymentIntent;
        expect(outcome).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
        await delay(100);
      }
    };
    expect(await settled()).toMatchObject({ status: 'succeeded', amount: 800 });
    expect((await ledger('?orderId=order-slow')).intents).toHaveLength(1);
  }, 20_000);
});

describe('a provider that misbehaves', () => {
  it('the stand-in loses the answer of a charge, and gives it to a repeated request', async () => {
    const key = newKey();
    const body =
      'amount=500&currency=eur&payment_method=pm_card_lostResponse&confirm=true&metadata[orderId]=order-lost';
    const headers = {
      authorization: 'Bearer sk_test_backstep',
      'idempotency-key': key,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const ask = () => fetch(`${base}/v1/payment_intents`, { method: 'POST', body, headers });
    await expect(ask()).rejects.toThrow('fetch failed');
    expect(await ledger('?orderId=order-lost')).toMatchObject({ intents: [{ captured: 500 }] });
    const again = await ask();
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await ledger('?orderId=order-lost')).intents).toHaveLength(1);
  });

  it('the official client repeats a request once after a reset, also with its retries off', async () => {
    const found = await charge('pm_card_lostResponse', newKey(), 500, 'order-lost-too');
    expect(found).toMatchObject({ status: 'succeeded' });
    expect(found.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await ledger('?orderId=order-lost-too')).intents).toHaveLength(1);
  });

  it('the stand-in fails twice with 503 without a charge, then charges', async () => {
    const key = newKey();
    const flaky = () => charge('pm_card_flaky', key, 600, 'order-flaky');
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await failureOf(flaky())).toMatchObject({ statusCode: 503, type: 'StripeAPIError' });
    }
    expect((await ledger('?orderId=order-flaky')).intents).toHaveLength(0);
    expect(await flaky()).toMatchObject({ status: 'succeeded' });
    expect((await ledger('?orderId=order-flaky')).intents).toHaveLength(1);
  });
});

describe('a refund', () => {
  it('a refund to a card whose refunds fail is refused until a person makes it', async () => {
    const { id } = await charge('pm_card_refundFails', newKey(), 700, 'order-stuck');
    const options = { idempotencyKey: `refund:${id}` };
    for (let ask = 0; ask < 3; ask += 1) {
      const failure = await failureOf(stripe.refunds.create({ payment_intent: id }, options));
      expect(failure).toMatchObject({ statusCode: 400, code: 'balance_insufficient' });
    }
    expect(await ledger('?orderId=order-stuck')).toMatchObject({ intents: [{ captured: 700, refunded: 0 }] });
    await stripe.refunds.create({ payment_intent: id, metadata: { by: 'hand' } });
    expect(await failureOf(stripe.refunds.create({ payment_intent: id }, options))).toMatchObject({
      code: 'charge_already_refunded',
    });
  });

  it('a refund gives back its amount, then the rest, and no more', async () => {
    const intent = await charge('pm_card_visa', newKey(), 1_000, 'order-refund');
    const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 400 }, { idempotencyKey: newKey() });
    expect(part).toMatchObject({ object: 'refund', amount: 400, status: 'succeeded', payment_intent: intent.id });
    const tooMuch = await failureOf(stripe.refunds.create({ payment_intent: intent.id, amount: 601 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, param: 'amount' });
    expect(await stripe.refunds.create({ payment_intent: intent.id })).toMatchObject({ amount: 600 });
    expect(await failureOf(stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
    expect(await ledger('?orderId=order-refund')).toMatchObject({ intents: [{ captured: 1_000, refunded: 1_000 }] });
    expect((await stripe.refunds.list({ payment_intent: intent.id })).data).toHaveLength(2);
    expect(await stripe.refunds.retrieve(part.id)).toMatchObject({ id: part.id });
  });

  it('one of several concurrent refunds of the same money succeeds', async () => {
    const intent = await charge('pm_card_visa', newKey(), 1_000);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        stripe.refunds.create({ payment_intent: intent.id }, { idempotencyKey: randomUUID() }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('a refund of a refused or unknown charge is refused', async () => {
    const declined = await failureOf(charge('pm_card_chargeDeclined', newKey()));
    const id = declined.payment_intent?.id ?? '';
    expect(await failureOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ statusCode: 400 });
    expect(await failureOf(stripe.refunds.create({ payment_intent: 'pi_none' }))).toMatchObject({
      code: 'resource_missing',
    });
  });
});

describe('lists', () => {
  it('charges are listed in pages, newest first, each once', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await charge('pm_card_visa', newKey(), 100 + index)).id);
    const first = await stripe.paymentIntents.list({ limit: 3 });
    expect(first).toMatchObject({ object: 'list', has_more: true });
    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 3));
    const second = await stripe.paymentIntents.list({ limit: 2, starting_after: made[2] ?? '' });
    expect(second.data.map(({ id }) => id)).toEqual(made.slice(3));
    const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 1_000 });
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(await failureOf(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({
      statusCode: 400,
      param: 'limit',
    });
  });

  it('the ledger is listed in pages, oldest first, and adds up to its totals', async () => {
    const pages: LedgerAnswer[] = [];
    for (let page = await ledger('?limit=4'); ; page = await ledger(`?limit=4&after=${page.next}`)) {
      pages.push(page);
      if (page.next === undefined) break;
    }
    const intents = pages.flatMap((page) => page.intents);
    expect(intents.reduce((sum, { captured }) => sum + captured, 0)).toBe(pages[0]?.captured);
    expect(intents.reduce((sum, { refunded }) => sum + refunded, 0)).toBe(pages[0]?.refunded);
    expect(pages[0]?.byCurrency['EUR']).toEqual({ captured: pages[0]?.captured, refunded: pages[0]?.refunded });
  });
});

describe('a key to the API', () => {
  it('an API key is required and must be a test key', async () => {
    expect(await failureOf(client('sk_live_oops').paymentIntents.list())).toBeInstanceOf(
      Stripe.errors.StripeAuthenticationError,
    );
    const response = await fetch(`${base}/v1/payment_intents`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
