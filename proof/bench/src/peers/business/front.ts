import Fastify from 'fastify';
import { PRICE } from '../../load/orders.js';
import type { Order } from './order.js';
import type { Shop } from './shop.js';

type Body = Omit<Order, 'id' | 'total'>;

const BODY = {
  type: 'object',
  required: ['items', 'paymentMethod', 'shippingAddress'],
  properties: {
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: {
          sku: { type: 'string', minLength: 1, maxLength: 64 },
          quantity: { type: 'integer', minimum: 1, maximum: 1_000 },
        },
      },
    },
    paymentMethod: { type: 'string', minLength: 1, maxLength: 100 },
    shippingAddress: { type: 'object', additionalProperties: { type: 'string', maxLength: 200 } },
  },
} as const;

const HEADERS = {
  type: 'object',
  required: ['idempotency-key'],
  properties: { 'idempotency-key': { type: 'string', format: 'uuid' } },
} as const;

/**
 * Takes orders at `POST /v1/orders` as Backstep's gateway does: 202 when the pending order and the beginning of its saga are durable. Both go by
 * the Idempotency-Key, so a client that repeats its request repairs what a crash between the two has left.
 * @param begin returns when the saga will run, whatever happens; a second time for the same order it changes nothing
 */
export async function takeOrders(port: number, shop: Shop, begin: (order: Order) => Promise<unknown>): Promise<void> {
  const front = Fastify();
  front.get('/health', () => ({ status: 'ok' }));
  front.post<{ Body: Body; Headers: { 'idempotency-key': string } }>(
    '/v1/orders',
    { schema: { body: BODY, headers: HEADERS } },
    async ({ body: { items, paymentMethod, shippingAddress }, headers: { 'idempotency-key': id } }, reply) => {
      const total = items.reduce((sum, { quantity }) => sum + quantity * PRICE, 0);
      const order: Order = { id, items, paymentMethod, shippingAddress, total };
      await shop.place(order);
      await begin(order);
      void reply.code(202).header('location', `/v1/orders/${id}`);
      return { id, status: 'PENDING', total };
    },
  );
  await front.listen({ port, host: '127.0.0.1' });
}
