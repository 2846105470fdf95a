import { waitUntil } from '@backstep/testing';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Change, Situation } from './situation.fixture.spec.js';

interface Intent {
  readonly id: string;
  readonly status: string;
}

const once = () => ({ 'idempotency-key': randomUUID() });
/** Its provider is asked for five seconds, and has not answered after four. */
const SLOW_CARD = 'pm_card_slow';

/** Goal: payment intents are created, changed, charged, cancelled and refunded as documented. */
export const paying = (situation: () => Situation): void =>
  describe('paying', () => {
    const created = async (json: object = { amount: 4200, currency: 'EUR', paymentMethod: 'pm_card_visa' }) => {
      const { body, etag } = await situation().get<Intent>('createPaymentIntent 201 application/json', { json });
      return { path: { paymentIntentId: body.id }, etag };
    };
    const until = (path: Change['path'], status: string) =>
      waitUntil(`the intent is ${status}`, async () => {
        const { body } = await situation().get<Intent>('readPaymentIntent 200 application/json', { path: path ?? {} });
        return body.status === status;
      });

    it('an intent is created once for each key, and its amount is changed by who has seen it', async () => {
      const here = situation();
      const asked = { headers: once() };
      await here.provoke([['createPaymentIntent 201 application/json', asked]]);
      await here.provoke([
        ['createPaymentIntent 201 application/json', asked],
        ['createPaymentIntent 400 idempotency-key-missing', { headers: { 'idempotency-key': undefined } }],
        ['createPaymentIntent 422 idempotency-key-reused', { ...asked, json: { amount: 1, currency: 'EUR' } }],
      ]);
      const { path, etag } = await created();
      const seen = { 'if-match': etag };
      const patch = { path, headers: { ...seen, ...once() } };
      await here.provoke([['patchPaymentIntent 200 application/json', patch]]);
      await here.provoke([
        ['patchPaymentIntent 200 application/json', patch],
        ['patchPaymentIntent 422 idempotency-key-reused', { ...patch, json: { amount: 1 } }],
        ['patchPaymentIntent 428 precondition-required', { path, headers: { 'if-match': undefined } }],
        ['patchPaymentIntent 412 precondition-failed', { path, headers: seen, json: { amount: 1 } }],
        ['chargePaymentIntent 412 precondition-failed', { path, headers: seen }],
      ]);
    });

    it('an intent is charged once, and what it has taken is given back in parts', async () => {
      const here = situation();
      const { path } = await created();
      const charge = { path, headers: once() };
      await here.provoke([['chargePaymentIntent 202 application/json', charge]]);
      await here.provoke([
        ['chargePaymentIntent 202 application/json', charge],
        ['chargePaymentIntent 422 idempotency-key-reused', { ...charge, json: {} }],
        ['chargePaymentIntent 400 idempotency-key-missing', { path, headers: { 'idempotency-key': undefined } }],
        ['chargePaymentIntent 409 too-late', { path }],
        ['cancelPaymentIntent 409 too-late', { path }],
      ]);
      await until(path, 'CHARGED');
      const { etag } = await here.get('readPaymentIntent 200 application/json', { path });
      const refund = { path, headers: once(), json: { amount: 1200 } };
      await here.provoke([
        ['patchPaymentIntent 409 too-late', { path, headers: { 'if-match': etag } }],
        ['refundPaymentIntent 202 application/json', refund],
      ]);
      await here.provoke([
        ['refundPaymentIntent 202 application/json', refund],
        ['refundPaymentIntent 422 idempotency-key-reused', { ...refund, json: { amount: 1 } }],
        ['refundPaymentIntent 400 idempotency-key-missing', { path, headers: { 'idempotency-key': undefined } }],
      ]);
      await until(path, 'CHARGED');
      await here.provoke([['refundPaymentIntent 422 out-of-range', { path, json: { amount: 3001 } }]]);
      await here.provoke([['refundPaymentIntent 202 application/json', { path, json: {} }]]);
      await until(path, 'REFUNDED');
      await here.provoke([['refundPaymentIntent 409 conflict', { path }]]);
    });

    it('an intent whose provider has not answered is in progress', async () => {
      const here = situation();
      const { path } = await created({ amount: 100, currency: 'EUR' });
      await here.provoke([['chargePaymentIntent 422 payment-method-missing', { path, json: {} }]]);
      await here.provoke([['chargePaymentIntent 202 application/json', { path, json: { paymentMethod: SLOW_CARD } }]]);
      await here.provoke([['refundPaymentIntent 409 in-progress', { path }]]);
    });

    it('an intent is given up before it is charged', async () => {
      const here = situation();
      const { path } = await created();
      const cancel = { path, headers: once() };
      await here.provoke([['cancelPaymentIntent 200 application/json', cancel]]);
      await here.provoke([
        ['cancelPaymentIntent 200 application/json', cancel],
        ['chargePaymentIntent 409 too-late', { path }],
      ]);
      const other = { ...cancel, path: (await created()).path };
      await here.provoke([['cancelPaymentIntent 422 idempotency-key-reused', other]]);
    });

    it('the payment of an order follows its order', async () => {
      const here = situation();
      const { body, etag } = await here.get<Intent>('readPaymentIntent 200 application/json');
      expect(body).toMatchObject({ status: 'CHARGED', orderId: body.id });
      await here.provoke([
        ['patchPaymentIntent 409 conflict', { headers: { 'if-match': etag } }],
        ['chargePaymentIntent 409 conflict', {}],
        ['cancelPaymentIntent 409 conflict', {}],
        ['refundPaymentIntent 409 conflict', {}],
      ]);
    });
  });
