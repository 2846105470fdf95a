import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@backstep/contracts';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';

/**
 * Goal: two hundred orders of all five kinds, placed at once, each reach their right end; what was said about one of them can be
 * read in causal order; and the books agree. Method: the whole system with two orchestrators and two inventories, of which one each
 * dies by `kill -9` in the middle; the public API; the CLI.
 */
const ORDERS = 200;
const ENDS = [
  { status: 'CONFIRMED', failure: null },
  { status: 'REJECTED', failure: { code: 'out_of_stock' } },
  { status: 'REJECTED', failure: { code: 'payment_declined' } },
  { status: 'REJECTED', failure: { code: 'shipment_refused' } },
  { status: 'CONFIRMED', failure: null },
];

interface OrderMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly headers: Readonly<Record<string, string>>;
}

const kind = (index: number) => index % SAMPLES.length;

async function place(index: number): Promise<string> {
  const order = SAMPLES[kind(index)]?.order;
  // The order service learns the products from events: the first requests may come too early for it.
  return waitUntil(`order ${index} is accepted`, async () => {
    const answer = await system.api('POST', '/v1/orders', {
      body: order,
      headers: { 'idempotency-key': randomUUID() },
    });
    return answer.status === 202 && String(answer.body['id']);
  });
}

/** What the CLI shows of an order's messages: each type once, in causal order. */
async function typesOf(id: string | undefined): Promise<string[]> {
  const { code, stdout, stderr } = await system.backstep('events', String(id), '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { items } = JSON.parse(stdout) as { items: OrderMessage[] };
  for (const { topic, partition, offset, headers } of items) {
    expect(TOPICS.map(({ name }) => name)).toContain(topic);
    expect(partition).toBeGreaterThanOrEqual(0);
    expect(offset).toMatch(/^\d+$/);
    expect(headers['ce_subject']).toBe(id);
  }
  // On a slow machine a command is sent again: the first time of each message counts.
  return [...new Set(items.map(({ headers }) => headers['ce_type'] ?? ''))];
}

export const whenTwoHundredOrdersComeAtOnce = (): void =>
  describe('two hundred orders at once, of five kinds', () => {
    let ids: string[];

    it('two hundred orders each end as they must, though an orchestrator and an inventory are killed', async () => {
      ids = await Promise.all(Array.from({ length: ORDERS }, (_, index) => place(index)));
      await Promise.all(['orchestrator-2', 'inventory-2'].map((name) => system.kill(name, 'SIGKILL')));
      for (const [index, id] of ids.entries()) {
        const order = await waitUntil(
          `order ${index} has ended`,
          async () => {
            const { body } = await system.api('GET', `/v1/orders/${id}`);
            return body['status'] !== 'PENDING' && body;
          },
          90_000,
        );
        expect({ index, ...order }).toMatchObject({ index, ...ENDS[kind(index)] });
      }
    }, 180_000);

    it('the doctor finds nothing after two hundred orders', async () => {
      const { code, stdout } = await system.backstep('doctor');
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('I13') });
    }, 60_000);

    it('each order can be followed in Kafka, in causal order, with topic, partition and offset', async () => {
      const [confirmed, , , refused] = ids;
      expect(await typesOf(confirmed)).toEqual([
        'OrderPlaced',
        'ReserveStock',
        'StockReserved',
        'ChargePayment',
        'PaymentCharged',
        'CreateShipment',
        'ShipmentCreated',
        'ConfirmOrder',
        'OrderConfirmed',
      ]);
      expect(await typesOf(refused)).toEqual([
        'OrderPlaced',
        'ReserveStock',
        'StockReserved',
        'ChargePayment',
        'PaymentCharged',
        'CreateShipment',
        'ShipmentRefused',
        'RefundPayment',
        'PaymentRefunded',
        'ReleaseStock',
        'StockReleased',
        'RejectOrder',
        'OrderRejected',
      ]);
    });

    it('a repeated key is answered with its order', async () => {
      const headers = { 'idempotency-key': randomUUID() };
      const body = SAMPLES[0]?.order;
      const first = await system.api('POST', '/v1/orders', { body, headers });
      const again = await system.api('POST', '/v1/orders', { body, headers });
      expect(again).toMatchObject({ status: 202, body: { id: first.body['id'] } });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const other = await system.api('POST', '/v1/orders', { body: SAMPLES[2]?.order, headers });
      expect(other).toMatchObject({ status: 422, body: { type: 'urn:backstep:problem:idempotency-key-reused' } });
    });
  });
