/** A process of its own: the handler that Restate's server calls, and calls again after a crash, with what has run by then. */
import './node-20.js';
import * as restate from '@restatedev/restate-sdk';
import type { Order } from '../business/order.js';
import { Provider } from '../business/provider.js';
import { setting } from '../business/settings.js';
import { Shop } from '../business/shop.js';

const shop = new Shop(setting('DATABASE_URL'), new Provider(setting('PROVIDER_URL')));

/** What has run is noted in Restate's own log after each step. */
async function run(context: restate.Context, order: Order): Promise<void> {
  await context.run('reserve', () => shop.reserve(order));
  await context.run('charge', () => shop.charge(order));
  await context.run('ship', () => shop.ship(order));
  await context.run('confirm', () => shop.confirm(order));
}

await restate.serve({
  services: [restate.service({ name: 'PlaceOrder', handlers: { run } })],
  port: Number(setting('PORT')),
});
