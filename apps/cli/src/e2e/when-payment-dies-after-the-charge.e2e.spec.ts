import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLES } from '../demo/samples.js';
import { startTestSystem, type TestSystem } from './test-system.spec.js';

/**
 * Goal: the payment service dies by `kill -9` after the provider has charged and before that is recorded; there is one charge and one
 * confirmed order. Method: the process is held at the pause point between the two, killed there, and started again.
 */
const WINDOW = 'payment.after-provider-charge';
const pauseDir = mkdtempSync(join(tmpdir(), 'backstep-pause-'));
let system: TestSystem;

beforeAll(async () => {
  writeFileSync(join(pauseDir, `${WINDOW}.armed`), '');
  system = await startTestSystem({ environment: { payment: { BACKSTEP_PAUSE_DIR: pauseDir } } });
}, 180_000);

afterAll(async () => {
  await system?.stop();
  rmSync(pauseDir, { recursive: true, force: true });
}, 30_000);

interface ProviderLedger {
  readonly captured: number;
  readonly refunded: number;
  readonly intents: readonly unknown[];
}

const providerLedger = async (orderId: string): Promise<ProviderLedger> => {
  const { provider } = system.environment();
  return (await (await fetch(`${provider}/ledger?orderId=${orderId}`)).json()) as ProviderLedger;
};

describe('payment killed between the charge and its record', () => {
  it('finds one charge and one confirmed order', async () => {
    const id = await waitUntil('the order is accepted', async () => {
      const { status, body } = await system.api('POST', '/v1/orders', {
        body: SAMPLES[0]?.order,
        headers: { 'idempotency-key': randomUUID() },
      });
      return status === 202 && String(body['id']);
    });
    await waitUntil('payment stands between the charge and its record', () =>
      existsSync(join(pauseDir, `${WINDOW}.reached`)),
    );
    const { captured, refunded } = await providerLedger(id);
    expect(captured).toBeGreaterThan(0);
    expect(refunded).toBe(0);
    expect((await system.api('GET', `/v1/orders/${id}`)).body).toMatchObject({ status: 'PENDING' });

    await system.kill('payment', 'SIGKILL');
    await system.restart('payment');

    const order = await waitUntil(
      'the order is confirmed',
      async () => {
        const { body } = await system.api('GET', `/v1/orders/${id}`);
        return body['status'] === 'CONFIRMED' && body;
      },
      90_000,
    );
    expect(await providerLedger(id)).toMatchObject({
      captured: order['total'],
      refunded: 0,
      intents: [expect.anything()],
    });
    expect((await system.backstep('doctor')).code).toBe(0);
  }, 180_000);
});
