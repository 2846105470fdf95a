import { newId } from '@backstep/messages';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';
import { readEvent } from '../receive-webhook/provider-event.js';
import { StripeProvider } from './stripe-provider.js';
import { charge, event, paymentIntent, refund } from './stripe-objects.fixture.spec.js';

/**
 * Goal: Stripe's test mode can take the place of the stand-in. Method: a server answers with Stripe's objects as the official package types
 * them, all members included; the bytes of each request are compared with Stripe's documentation (https://docs.stripe.com/api).
 */
interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}
const KEY = 'sk_test_51MtwBwLkdIwHu7ix';
const ORDER = newId();
const METADATA = { orderId: ORDER, paymentIntentId: ORDER };
const CHARGE = {
  ...{ paymentIntentId: ORDER, orderId: ORDER, chargeId: undefined, key: `charge:${ORDER}` },
  ...{ amount: 4200, currency: 'EUR', paymentMethod: 'pm_card_visa' },
};
const REFUND = {
  ...{ key: `refund:${ORDER}`, providerReference: paymentIntent().id },
  ...{ amount: 4200, currency: 'EUR', isWhole: true, takesRest: true },
};
const DECLINED = {
  type: 'card_error',
  charge: 'ch_3MtwBwLkdIwHu7ix0Py4ABCd',
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  doc_url: 'https://stripe.com/docs/error-codes/card-declined',
  message: 'Your card has insufficient funds.',
  request_log_url: 'https://dashboard.stripe.com/test/logs/req_MwKjKj8XqXqXqX?t=1680800504',
} as const;
/** As Stripe types it, without the card. */
const LAST_ERROR = DECLINED as unknown as Stripe.PaymentIntent.LastPaymentError;
const refused = paymentIntent({
  ...{ amount_received: 0, status: 'requires_payment_method', metadata: METADATA, payment_method: null },
  last_payment_error: LAST_ERROR,
});

let server: Server;
let provider: StripeProvider;
let asked: Asked[] = [];
let answer: { readonly status: number; readonly body: object } = { status: 500, body: {} };

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      asked.push({ method, url, headers, form: Object.fromEntries(new URLSearchParams(body)) });
      // As Stripe does, with line breaks.
      response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': 'req_MwKjKj8XqXqXqX' });
      response.end(JSON.stringify(answer.body, null, 2));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = new StripeProvider({ apiBase, secretKey: KEY, connectionsMax: 1 });
});
afterAll(() => {
  provider.close();
  server.close();
});

async function told<T>(status: number, body: object, call: () => Promise<T>): Promise<T> {
  asked = [];
  answer = { status, body };
  return call();
}

describe('what Stripe is asked', () => {
  it('a charge is one confirmed payment intent, with the parameters that Stripe documents and no other', async () => {
    const charged = await told(200, paymentIntent({ metadata: METADATA }), () => provider.charge(CHARGE));
    expect(charged).toEqual({ kind: 'captured', providerReference: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' });
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/v1/payment_intents',
        headers: expect.objectContaining({
          authorization: `Bearer ${KEY}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': `charge:${ORDER}`,
          'stripe-version': Stripe.API_VERSION,
        }),
        form: {
          amount: '4200',
          currency: 'eur',
          payment_method: 'pm_card_visa',
          'automatic_payment_methods[enabled]': 'true',
          'automatic_payment_methods[allow_redirects]': 'never',
          confirm: 'true',
          error_on_requires_action: 'true',
          'metadata[orderId]': ORDER,
          'metadata[paymentIntentId]': ORDER,
        },
      },
    ]);
  });

  it('a refund names the payment intent, and an amount where it is a part', async () => {
    await told(200, refund(), () => provider.refund(REFUND));
    expect(asked).toMatchObject([
      { method: 'POST', url: '/v1/refunds', headers: { 'idempotency-key': `refund:${ORDER}` } },
    ]);
    expect(asked[0]?.form).toEqual({ payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' });
    const part = { ...REFUND, amount: 200, isWhole: false, takesRest: false };
    await told(200, refund({ amount: 200, status: 'pending' }), () => provider.refund(part));
    expect(asked[0]?.form).toEqual({ payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', amount: '200' });
  });

  it('a charge that is still processing is read again under its id', async () => {
    const processing = paymentIntent({ metadata: METADATA, status: 'processing', amount_received: 0 });
    await expect(told(200, processing, () => provider.charge(CHARGE))).rejects.toThrow('status processing');
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/payment_intents',
      'GET /v1/payment_intents/pi_3MtwBwLkdIwHu7ix28a3tqPa',
    ]);
  });
});

describe('what Stripe answers', () => {
  it('a card that the issuer refuses is refused, for the reason that the issuer gives', async () => {
    const error = { ...DECLINED, payment_intent: refused };
    expect(await told(402, { error }, () => provider.charge(CHARGE))).toEqual({
      kind: 'refused',
      failure: { reason: 'insufficient_funds', message: 'Your card has insufficient funds.' },
    });
  });

  it('a card that wants its holder, who is not there, is refused', async () => {
    const error = {
      ...DECLINED,
      code: 'authentication_required',
      decline_code: 'authentication_required',
      payment_intent: refused,
    };
    expect(await told(402, { error }, () => provider.charge(CHARGE))).toMatchObject({
      failure: { reason: 'authentication_required' },
    });
  });

  it.each([
    [
      {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'payment_method',
        message: "No such PaymentMethod: 'pm_card_slow'",
      },
      'payment_method: resource_missing',
    ],
    [
      {
        type: 'invalid_request_error',
        code: 'amount_too_small',
        param: 'amount',
        message: 'Amount must be at least €0.50 eur',
      },
      'amount: amount_too_small',
    ],
  ])('a request that Stripe cannot begin is refused for good (%#)', async (error, why) => {
    expect(await told(400, { error }, () => provider.charge(CHARGE))).toMatchObject({
      failure: { reason: 'provider_rejected', message: expect.stringContaining(why) },
    });
  });

  it.each([
    [401, { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_****' }],
    [
      400,
      { type: 'idempotency_error', message: 'Keys for idempotent requests can only be used with the same parameters.' },
    ],
    [
      409,
      {
        type: 'idempotency_error',
        code: 'idempotency_key_in_use',
        message: 'There is currently another in-progress request.',
      },
    ],
    [429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Request rate limit exceeded.' }],
    [500, { type: 'api_error', message: 'An unknown error occurred' }],
  ])('an answer %s is no outcome: the same request is repeated', async (status, error) => {
    await expect(told(status, { error }, () => provider.charge(CHARGE))).rejects.toMatchObject({ retryable: true });
  });

  it('a charge that is refunded already is refunded', async () => {
    const error = {
      type: 'invalid_request_error',
      code: 'charge_already_refunded',
      message: 'Charge ch_1 has already been refunded.',
    };
    expect(await told(400, { error }, () => provider.refund(REFUND))).toMatchObject({ kind: 'refunded' });
  });
});

describe('what Stripe tells unasked', () => {
  const payment = { id: ORDER, amount: 4200, currency: 'EUR', forOrder: true } as const;
  const requested = { ...payment, state: { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa' } } as never;

  it.each([
    [
      'captured',
      event<Stripe.PaymentIntentSucceededEvent>(
        'payment_intent.succeeded',
        { object: paymentIntent({ metadata: METADATA }) },
        `charge:${ORDER}`,
      ),
    ],
    [
      'refused',
      event<Stripe.PaymentIntentPaymentFailedEvent>(
        'payment_intent.payment_failed',
        { object: refused },
        `charge:${ORDER}`,
      ),
    ],
  ])('a charge that Stripe tells of as %s is one of ours, by the metadata of its payment intent', (kind, told) => {
    const read = readEvent(told);
    expect(read).toMatchObject({ id: told.id, paymentIntentId: ORDER, outcome: { kind } });
    expect(() => typeof read !== 'string' && read.check(requested)).not.toThrow();
  });

  it('a refund of all is one of ours, by the metadata that Stripe copies from the payment intent to its charge', () => {
    const before = { amount_refunded: 0, refunded: false };
    const data = { object: charge({ metadata: METADATA }), previous_attributes: before };
    expect(readEvent(event<Stripe.ChargeRefundedEvent>('charge.refunded', data, `refund:${ORDER}`))).toMatchObject({
      paymentIntentId: ORDER,
      outcome: { kind: 'refunded', providerReference: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', key: undefined },
    });
  });

  it('an event of another application at the same account, and one that nothing follows from, are left alone', () => {
    const theirs = { object: paymentIntent({ metadata: { invoice: '17' } }) };
    expect(readEvent(event<Stripe.PaymentIntentSucceededEvent>('payment_intent.succeeded', theirs, 'k'))).toBe(
      'unknown_payment',
    );
    expect(
      readEvent({
        ...event<Stripe.PaymentIntentSucceededEvent>('payment_intent.succeeded', theirs, 'k'),
        type: 'charge.succeeded',
      }),
    ).toBe('ignored');
  });
});
