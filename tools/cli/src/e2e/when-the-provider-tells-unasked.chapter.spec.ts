import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: a charge whose answer is lost is settled by the provider's webhook or by the repeat of the call, whichever comes first, and once.
 * Method: the whole system as `npm start` starts it; orders with the card whose first answer is lost. A repeat pauses for up to 100 ms, and the
 * webhook does not, so that of ten at least one is the first.
 */
const ORDERS = 10;

interface ProviderPayment {
  readonly id: string;
  readonly captured: number;
  readonly refunded: number;
}

async function place(): Promise<string> {
  const body = { ...SAMPLES[0]?.order, paymentMethod: 'pm_card_lostResponse' };
  const answer = await system.api('POST', '/v1/orders', { body, headers: { 'idempotency-key': randomUUID() } });
  expect(answer.status).toBe(202);
  return String(answer.body['id']);
}

async function settledByWebhook(): Promise<number> {
  const metrics = await (await fetch(`${system.environment().services['payment']}/metrics`)).text();
  return Number(/^backstep_provider_webhooks_total\{outcome="settled".*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

export const whenTheProviderTellsUnasked = (): void =>
  describe('the provider tells unasked', () => {
    it('charges whose answers are lost are settled by webhooks or repeats, each once', async () => {
      const before = await settledByWebhook();
      const orders = await Promise.all(Array.from({ length: ORDERS }, place));
      for (const id of orders) {
        await waitUntil(`order ${id} is confirmed`, async () => {
          return (await system.api('GET', `/v1/orders/${id}`)).body['status'] === 'CONFIRMED';
        });
        const { body } = await system.api('GET', `/v1/payment-intents/${id}`);
        const ledger = await fetch(`${system.environment().provider}/ledger?orderId=${id}`);
        const { intents } = (await ledger.json()) as { intents: ProviderPayment[] };
        expect(intents).toMatchObject([{ id: body['providerReference'], captured: body['amount'], refunded: 0 }]);
      }
      expect((await settledByWebhook()) - before).toBeGreaterThan(0);
    }, 120_000);

    it('the doctor finds nothing after webhooks', async () => {
      const { code, stdout } = await system.backstep('doctor');
      expect({ code, stdout }).toMatchObject({ code: 0 });
    }, 60_000);
  });
