import { waitUntil } from '@backstep/testing';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: a customer cancels an order while it is placed, after it is confirmed, and too late, and is told which it was; all that was done for the
 * order is undone, once. Method: `npx backstep order cancel` and the public API, on the whole system.
 */
interface Order {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly change: { readonly kind: string } | null;
  readonly cancellation: { readonly refusal: { readonly code: string } | null } | null;
  readonly sagas: readonly { readonly type: string; readonly state: string }[];
}

const place = async (...options: string[]): Promise<string> => {
  const { stdout } = await system.backstep('order', 'place', '--json', ...options);
  return (JSON.parse(stdout) as Order).id;
};
const read = async (id: string): Promise<Order> =>
  (await system.api('GET', `/v1/orders/${id}`)).body as unknown as Order;
const sagasOf = ({ sagas }: Order): string[] => sagas.map(({ type, state }) => `${type} ${state}`);
const isContent = async (): Promise<void> => {
  const { code, stdout } = await system.backstep('doctor');
  expect({ code, stdout }).toMatchObject({ code: 0 });
};

async function handOver(id: string): Promise<void> {
  const { headers } = await system.api('GET', `/v1/shipments/${id}`);
  const { status } = await system.api('POST', `/v1/shipments/${id}/hand-over`, {
    headers: { 'if-match': headers.get('etag') ?? '', 'idempotency-key': randomUUID() },
  });
  expect(status).toBe(200);
}

const MORE = { lines: [{ op: 'addLine', sku: 'teapot', quantity: 1 }] };

/** Whether the order service knows that the carrier has the parcel. */
async function isHandedOver(id: string): Promise<boolean> {
  const database = new pg.Client({ connectionString: system.environment().databases['order'] });
  await database.connect();
  try {
    const { rowCount } = await database.query('SELECT FROM hand_over WHERE order_id = $1', [id]);
    return rowCount === 1;
  } finally {
    await database.end();
  }
}

export const whenAnOrderIsCancelled = (): void =>
  describe('when an order is cancelled', () => {
    it('a confirmed order is undone by a saga of its own, which is shown beside the one that placed it', async () => {
      const id = await place();
      const { code, stdout } = await system.backstep('order', 'cancel', id);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/CANCELLED[^]*cancel-order/) });
      const order = await waitUntil('both sagas have ended', async () => {
        const now = await read(id);
        return now.sagas.every(({ state }) => state === 'COMPLETED') && now;
      });
      expect(order).toMatchObject({ status: 'CANCELLED', change: null, cancellation: { refusal: null } });
      expect(sagasOf(order)).toEqual(['place-order COMPLETED', 'cancel-order COMPLETED']);
      expect((await system.api('GET', `/v1/payment-intents/${id}`)).body).toMatchObject({ status: 'REFUNDED' });
      await isContent();
    }, 60_000);

    it('an order whose card is slow is withdrawn while it is placed, and is CANCELLED, not REJECTED', async () => {
      const id = await place('--card', 'pm_card_slow', '--wait', '0');
      const { code } = await system.backstep('order', 'cancel', id, '--wait', '60');
      expect(code).toBe(0);
      const order = await waitUntil('its saga has ended', async () => {
        const now = await read(id);
        return now.sagas[0]?.state === 'COMPENSATED' && now;
      });
      expect(order).toMatchObject({ status: 'CANCELLED', cancellation: { refusal: null } });
      expect(sagasOf(order)).toEqual(['place-order COMPENSATED']);
      await isContent();
    }, 90_000);

    it('an order whose parcel the carrier has is neither cancelled nor revised: too late at once, and no saga begins', async () => {
      const id = await place();
      const { version } = await read(id);
      await handOver(id);
      await waitUntil('the order service has heard of it', () => isHandedOver(id));
      const refused = await system.backstep('order', 'cancel', id);
      expect(refused).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) });
      const headers = { 'if-match': `"v${version}"`, 'idempotency-key': randomUUID() };
      expect(await system.api('PATCH', `/v1/orders/${id}`, { headers, body: MORE })).toMatchObject({
        status: 409,
        body: { type: 'urn:backstep:problem:too-late', state: 'CONFIRMED' },
      });
      const order = await read(id);
      expect(order).toMatchObject({ status: 'CONFIRMED', version, change: null, cancellation: null });
      expect(sagasOf(order)).toEqual(['place-order COMPLETED']);
      await isContent();
    }, 60_000);

    it('an order that has moved since it was read is not cancelled, and the command says so in one line', async () => {
      const id = await place();
      const { code, stderr } = await system.backstep('order', 'cancel', id, '--if-match', 'v1');
      expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringMatching(/^[^\n]+\n$/) });
      expect(await read(id)).toMatchObject({ status: 'CONFIRMED', change: null });
    }, 60_000);

    it('an order that fifty requests want to cancel at once is cancelled by one of them', async () => {
      const id = await place();
      const { version } = await read(id);
      const answers = await Promise.all(
        Array.from({ length: 50 }, () =>
          system.api('POST', `/v1/orders/${id}/cancel`, {
            headers: { 'if-match': `"v${version}"`, 'idempotency-key': randomUUID() },
          }),
        ),
      );
      const counts = answers.map(({ status }) => status);
      expect(counts.filter((status) => status === 202)).toHaveLength(1);
      expect(counts.every((status) => status === 202 || status === 412)).toBe(true);
      await waitUntil('the order is cancelled', async () => (await read(id)).status === 'CANCELLED');
      expect(sagasOf(await read(id))).toHaveLength(2);
    }, 60_000);
  });
