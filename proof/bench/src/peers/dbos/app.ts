/** A process of its own: DBOS runs workflows in the process that takes the orders, and keeps them in a database beside the shop's. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { takeOrders } from '../business/front.js';
import type { Order } from '../business/order.js';
import { Provider } from '../business/provider.js';
import { setting } from '../business/settings.js';
import { Shop } from '../business/shop.js';

/** Of its own database; the shop has as many. */
const SESSIONS_MAX = 20;

const shop = new Shop(setting('DATABASE_URL'), new Provider(setting('PROVIDER_URL')));

/** What has run is noted after each step, with a commit of its own. */
async function placeOrder(order: Order): Promise<void> {
  await DBOS.runStep(() => shop.reserve(order), { name: 'reserve' });
  await DBOS.runStep(() => shop.charge(order), { name: 'charge' });
  await DBOS.runStep(() => shop.ship(order), { name: 'ship' });
  await DBOS.runStep(() => shop.confirm(order), { name: 'confirm' });
}

const saga = DBOS.registerWorkflow(placeOrder, { name: 'place-order' });
DBOS.setConfig({
  name: 'backstep-bench',
  systemDatabaseUrl: setting('DBOS_DATABASE_URL'),
  systemDatabasePoolSize: SESSIONS_MAX,
  applicationVersion: 'bench',
  logLevel: 'error',
});
await DBOS.launch();
await takeOrders(Number(setting('PORT')), shop, (order) => DBOS.startWorkflow(saga, { workflowID: order.id })(order));
