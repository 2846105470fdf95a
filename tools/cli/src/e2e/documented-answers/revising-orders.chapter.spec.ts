import { describe, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import { SAMPLES } from '../../demo/samples.js';
import type { Situation } from './situation.fixture.spec.js';

interface OrderRead {
  readonly id: string;
  readonly status: string;
}
const OTHER_CURRENCY = 'tea-usd-revised';
const [TEAPOT, MUG, RED] = ['teapot', 'mug-blue', 'mug-red'];

/** Goal: an order is revised, and refused to be, as documented. */
export const revisingOrders = (situation: () => Situation): void =>
  describe('revising orders', () => {
    const placed = async (card: string, wait: string): Promise<string> => {
      const items = [TEAPOT, MUG].map((sku) => ({ sku, quantity: 1 }));
      const json = { ...SAMPLES[0]?.order, items, paymentMethod: card };
      const headers = { 'idempotency-key': randomUUID(), prefer: wait };
      return (await situation().get<OrderRead>('placeOrder 202 application/json', { json, headers })).body.id;
    };
    const ended = (orderId: string) =>
      waitUntil('the order has ended', async () => {
        const { body, etag } = await situation().get<OrderRead>('readOrder 200 application/json', {
          path: { orderId },
        });
        return ['CONFIRMED', 'REJECTED'].includes(body.status) && { etag, status: body.status };
      });
    const asked = (orderId: string, etag: string, ...lines: readonly object[]) => ({
      path: { orderId },
      headers: { 'if-match': etag, 'idempotency-key': randomUUID() },
      json: { lines },
    });
    const set = (sku: string | undefined, quantity: number) => ({ op: 'setQuantity', sku, quantity });
    const add = (sku: string | undefined, quantity: number) => ({ op: 'addLine', sku, quantity });
    const remove = (sku: string | undefined) => ({ op: 'removeLine', sku });

    it('an order is revised once for each key, rebased, and told which line clashes', async () => {
      const here = situation();
      const orderId = await placed('pm_card_visa', 'wait=20');
      const { etag } = await ended(orderId);
      const first = asked(orderId, etag, remove(MUG), set(TEAPOT, 2));
      await here.provoke([['reviseOrder 202 application/json', first]]);
      await ended(orderId);
      await here.provoke([
        ['reviseOrder 202 application/json', first],
        ['reviseOrder 422 idempotency-key-reused', { ...first, json: { lines: [remove(MUG)] } }],
        ['reviseOrder 200 application/json', asked(orderId, etag, remove(MUG))],
        ['reviseOrder 412 precondition-failed', asked(orderId, etag, set(TEAPOT, 3))],
        ['reviseOrder 428 precondition-required', { path: { orderId }, headers: { 'if-match': undefined } }],
        ['reviseOrder 400 idempotency-key-missing', { path: { orderId }, headers: { 'idempotency-key': undefined } }],
      ]);
      const now = (await ended(orderId)).etag;
      await here.whileRefused('order', ['orders'], '40001', () =>
        here.provoke([['reviseOrder 503 contended', asked(orderId, now, add(RED, 1))]]),
      );
    });

    it('a revision that cannot be is refused with what is wrong with it', async () => {
      const here = situation();
      const product = { name: 'Tea', currency: 'USD', price: 100, onHand: 5 };
      await here.provoke([['putProduct 201 application/json', { path: { sku: OTHER_CURRENCY }, json: product }]]);
      const orderId = await placed('pm_card_visa', 'wait=20');
      const { etag } = await ended(orderId);
      const inDollars = asked(orderId, etag, add(OTHER_CURRENCY, 1));
      await waitUntil('the order service knows the product', async () => {
        const { body } = await here.ask('reviseOrder', inDollars);
        return !JSON.stringify(body).includes('unknown-sku');
      });
      await here.provoke([
        ['reviseOrder 422 mixed-currencies', inDollars],
        ['reviseOrder 422 unknown-sku', asked(orderId, etag, add('no-such', 1))],
        ['reviseOrder 422 unknown-line', asked(orderId, etag, set(RED, 1))],
        ['reviseOrder 422 empty-order', asked(orderId, etag, remove(TEAPOT), remove(MUG))],
        ['reviseOrder 422 out-of-range', asked(orderId, etag, add(MUG, 10_000))],
      ]);
    });

    it('an order that is being placed, or has come to nothing, is not revised', async () => {
      const here = situation();
      const pending = await placed('pm_card_slow', 'wait=0');
      await here.provoke([['reviseOrder 409 change-in-progress', asked(pending, '"v1"', add(RED, 1))]]);
      const rejected = await placed('pm_card_chargeDeclined', 'wait=20');
      const { etag } = await ended(rejected);
      await here.provoke([['reviseOrder 409 too-late', asked(rejected, etag, add(RED, 1))]]);
      await ended(pending);
    });
  });
