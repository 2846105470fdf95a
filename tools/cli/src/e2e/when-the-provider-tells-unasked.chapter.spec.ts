import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: a charge, and a refund of a part, whose answer is lost is settled by the provider's webhook or by the repeat of the call, whichever comes
 * first, and once.
 * Method: the whole system as `npm start` starts it; orders with the cards whose first answers are lost. A repeat pauses for up to 100 ms, and the
 * webhook does not, so that of ten at least one is the first.
 */
const ORDERS = 10;
const SKU = 'teapot';

interface ProviderPayment {
  readonly id: string;
  readonly captured: number;
  readonly refunded: number;
}

async function place(paymentMethod: string, quantity = 1): Promise<string> {
  const body = { ...SAMPLES[0]?.order, items: [{ sku: SKU, quantity }], paymentMethod };
  const answer = await system.api('POST', '/v1/orders', { body, headers: { 'idempotency-key': randomUUID() } });
  expect(answer.status).toBe(202);
  return String(answer.body['id']);
}

const confirmed = (id: string) =>
  waitUntil(`order ${id} is confirmed`, async () => {
    const { body } = await system.api('GET', `/v1/orders/${id}`);
    return body['status'] === 'CONFIRMED' && body;
  });

/** The payment as the payment service has it, and what the provider holds. */
async function paymentOf(id: string) {
  const { body } = await system.api('GET', `/v1/payment-intents/${id}`);
  const ledger = await fetch(`${system.environment().provider}/ledger?orderId=${id}`);
  const { intents } = (await ledger.json()) as { intents: ProviderPayment[] };
  return { payment: body, intents };
}

async function settledByWebhook(): Promise<number> {
  const metrics = await (await fetch(`${system.environment().services['payment']}/metrics`)).text();
  return Number(/^backstep_provider_webhooks_total\{outcome="settled".*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

export const whenTheProviderTellsUnasked = (): void =>
  describe('the provider tells unasked', () => {
    it('charges whose answers are lost are settled by webhooks or repeats, each once', async () => {
      const before = await settledByWebhook();
      const orders = await Promise.all(Array.from({ length: ORDERS }, () => place('pm_card_lostResponse')));
      for (const id of orders) {
        await confirmed(id);
        const { payment, intents } = await paymentOf(id);
        expect(intents).toMatchObject([{ id: payment['providerReference'], captured: payment['amount'], refunded: 0 }]);
      }
      expect((await settledByWebhook()) - before).toBeGreaterThan(0);
    }, 120_000);

    it('parts that are given back and whose answers are lost are settled by webhooks or repeats, each once', async () => {
      const orders = await Promise.all(Array.from({ length: ORDERS }, () => place('pm_card_lostRefund', 2)));
      const placed = await Promise.all(orders.map(confirmed));
      const before = await settledByWebhook();
      const less = { lines: [{ op: 'setQuantity', sku: SKU, quantity: 1 }] };
      for (const [at, id] of orders.entries()) {
        const headers = { 'if-match': `"v${String(placed[at]?.['version'])}"`, 'idempotency-key': randomUUID() };
        expect((await system.api('PATCH', `/v1/orders/${id}`, { body: less, headers })).status).toBe(202);
      }
      for (const id of orders) {
        const { total } = await confirmed(id);
        const { intents } = await paymentOf(id);
        expect(intents).toMatchObject([{ captured: 2 * Number(total), refunded: total }]);
      }
      expect((await settledByWebhook()) - before).toBeGreaterThan(0);
    }, 120_000);

    it('the doctor finds nothing after webhooks', async () => {
      const { code, stdout } = await system.backstep('doctor');
      expect({ code, stdout }).toMatchObject({ code: 0 });
    }, 60_000);
  });
