import { waitUntil } from '@backstep/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';
import type { Answer } from './test-system.fixture.spec.js';

/**
 * Goal: two who edit one order from the same version both have their way, or the second is told which line clashes; what all agree to is
 * done, and what the carrier refuses leaves everything as it was. Method: the public API.
 */
interface Shown {
  readonly status: string;
  readonly version: number;
  readonly total: number;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[];
  readonly revision: {
    readonly id: string;
    readonly status: string;
    readonly failure: { readonly code: string } | null;
  };
}
/** Nobody else orders these. */
const [CUP, POT, RED] = ['cup-revised', 'pot-revised', 'cup-red-revised'] as const;
const PRODUCTS = [CUP, POT, RED];

/** Lists what is ordered here, and waits until the order service knows of it. */
async function listProducts(): Promise<void> {
  for (const [at, sku] of PRODUCTS.entries()) {
    const body = { name: sku, currency: 'EUR', price: 100 * (at + 1), onHand: 1_000 };
    expect((await system.api('PUT', `/v1/products/${sku}`, { body })).status).toBe(201);
  }
  await waitUntil('the order service knows the products', async () => {
    const body = { ...SAMPLES[0]?.order, items: PRODUCTS.map((sku) => ({ sku, quantity: 1 })) };
    const headers = { 'idempotency-key': randomUUID(), prefer: 'wait=20' };
    return (await system.api('POST', '/v1/orders', { body, headers })).body['status'] === 'CONFIRMED';
  });
}

async function reserved(): Promise<Readonly<Record<string, number>>> {
  const entries = PRODUCTS.map(async (sku) => [sku, (await system.api('GET', `/v1/products/${sku}`)).body['reserved']]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
}

async function anOrder(): Promise<{ readonly id: string; readonly etag: string }> {
  const { status, body } = await system.api('POST', '/v1/orders', {
    body: { ...SAMPLES[0]?.order, items: [CUP, POT].map((sku) => ({ sku, quantity: 1 })) },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  expect([status, body['status']]).toEqual([202, 'CONFIRMED']);
  return { id: String(body['id']), etag: `"v${String(body['version'])}"` };
}

const read = async (id: string) => (await system.api('GET', `/v1/orders/${id}`)).body as unknown as Shown;
const revise = (id: string, etag: string, edit: object, key: string = randomUUID()): Promise<Answer> =>
  system.api('PATCH', `/v1/orders/${id}`, { body: edit, headers: { 'if-match': etag, 'idempotency-key': key } });
const ended = (id: string) =>
  waitUntil('the revision has ended', async () => {
    const order = await read(id);
    return order.status === 'CONFIRMED' && order;
  });
const lines = ({ items }: Shown) => Object.fromEntries(items.map(({ sku, quantity }) => [sku, quantity]));
const totalOf = ({ items }: Shown) => items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);

export const whenAnOrderIsRevised = (): void =>
  describe('when an order is revised', () => {
    beforeAll(listProducts);

    it('A sets a line, B adds one, both from one version: both are there, reserved and paid; C removes the line of A, and is told so', async () => {
      const before = await reserved();
      const { id, etag } = await anOrder();
      const set = { lines: [{ op: 'setQuantity', sku: CUP, quantity: 2 }] };
      expect(await revise(id, etag, set)).toMatchObject({
        status: 202,
        body: { status: 'REVISING', change: { kind: 'revise' }, revision: { status: 'REQUESTED' } },
      });
      await ended(id);
      expect((await revise(id, etag, { lines: [{ op: 'addLine', sku: RED, quantity: 1 }] })).status).toBe(202);
      const both = await ended(id);
      expect(lines(both)).toEqual({ [CUP]: 2, [POT]: 1, [RED]: 1 });
      expect(both.total).toBe(totalOf(both));
      const remove = { op: 'removeLine', sku: CUP };
      expect(await revise(id, etag, { lines: [remove] })).toMatchObject({
        status: 412,
        body: { clashing: [remove], current: { id, version: both.version } },
      });
      const after = await reserved();
      expect(PRODUCTS.map((sku) => (after[sku] ?? 0) - (before[sku] ?? 0))).toEqual([2, 1, 1]);
    });

    it('a revision that the carrier refuses leaves the order, its stock and its payment as they were, and says why', async () => {
      const { id, etag } = await anOrder();
      const [order, stock] = [await read(id), await reserved()];
      const edit = { lines: [{ op: 'addLine', sku: RED, quantity: 1 }], shippingAddress: { country: 'AQ' } };
      expect((await revise(id, etag, edit)).status).toBe(202);
      const { items, total, revision } = await ended(id);
      expect({ items, total }).toEqual({ items: order.items, total: order.total });
      expect(revision).toMatchObject({ status: 'REJECTED', failure: { code: 'shipment_refused' } });
      expect(await reserved()).toEqual(stock);
    });

    it('fifty equal revisions with one key at once are one', async () => {
      const { id, etag } = await anOrder();
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => revise(id, etag, { lines: [{ op: 'addLine', sku: RED, quantity: 1 }] }, key)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ body }) => (body as unknown as Shown).revision.id)).size).toBe(1);
      expect(lines(await ended(id))).toMatchObject({ [RED]: 1 });
    });
  });
