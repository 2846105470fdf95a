/** A process of its own: takes orders, and hands their sagas to Restate's server, which answers when its log has them. */
import { Pool } from 'undici';
import { takeOrders } from '../business/front.js';
import type { Order } from '../business/order.js';
import { Provider } from '../business/provider.js';
import { setting } from '../business/settings.js';
import { Shop } from '../business/shop.js';

/** Requests under way at once; more wait here. */
const CONNECTIONS_MAX = 64;

const shop = new Shop(setting('DATABASE_URL'), new Provider(setting('PROVIDER_URL')));
const ingress = new Pool(setting('INGRESS_URL'), { connections: CONNECTIONS_MAX, pipelining: 1 });

/** @throws Error when Restate does not take it */
async function begin(order: Order): Promise<void> {
  const { statusCode, body } = await ingress.request({
    path: '/PlaceOrder/run/send',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': order.id },
    body: JSON.stringify(order),
  });
  const answer = await body.text();
  if (statusCode !== 200 && statusCode !== 202) throw new Error(`Restate answers ${statusCode}: ${answer}`);
}

await takeOrders(Number(setting('PORT')), shop, begin);
