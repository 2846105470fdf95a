import { CATALOGUE, ConfirmOrder } from '@backstep/contracts';
import { encode, message, newId, type WireMessage } from '@backstep/messages';
import { sagaRegistry } from '@backstep/saga';
import {
  Coverage,
  MessageInvariants,
  SagaInvariants,
  strayAnswer,
  type Random,
  type SimulatedSystem,
  type World,
} from '@backstep/simulation';
import { AccountInvariants } from './accounts.js';
import { OrderInvariants } from './invariants.js';
import { PARTS, type Parts } from './parts.js';
import { drawProductEdits, ProductEditors, tellProductEdits } from './product-edits.js';
import { SimulatedProvider } from './provider.js';
import { drawOrder, OrderScenario, PRODUCTS, tellOrder, type OrderSubject } from './scenario.js';
import { cardDeclined, stripeProviderOn, type StripeCalls } from './stripe-in-memory.js';
import { placeOrderServices } from './services.js';
import { Webhooks } from './webhooks.js';

/** Things that must happen within a thousand runs; fewer may miss one. */
const MUST_HAPPEN = [
  'orders CONFIRMED',
  'orders REJECTED',
  'shipments HANDED_OVER',
  'shipments DELIVERED',
  'goods shipped',
  'orders CANCELLED',
  'orders cancelled while they were placed',
  'orders cancelled after they were confirmed',
  'cancellations refused: confirmed_meanwhile',
  'cancellations refused: handed_over',
  'revisions APPLIED',
  'revisions REJECTED',
  'compensations',
  'commands sent again',
  'duplicates dropped',
  'stale writes refused',
  'answers ignored: not_awaited',
  'leases taken over',
  'requests repeated with the same key',
  'charged and answer lost',
  "answered with another's answer",
  'webhooks settled',
  'webhooks known',
  'webhooks duplicate',
  'parts given back settled by webhooks',
  'orders paid from an account',
  'orders that no account covers',
  'accounts paid back',
  'provider unavailable',
  'orders announced again',
  'messages poisoned',
  'messages held',
  'living processes taken for dead',
  'log lost',
  'rewind',
  'crash after commit',
  'crash before publish',
  'crash after publish',
  'crash told publish',
  'crash after provider',
  'crash before offset commit',
] as const;

export interface PlaceOrderOptions {
  /** Whether products are edited while orders are placed: what express may overtake. Default: they stay as they are. */
  readonly editsProducts?: boolean | undefined;
}

/** `place-order` with all its services, unchanged. */
export function placeOrderSystem({ editsProducts = false }: PlaceOrderOptions = {}): SimulatedSystem<OrderSubject> {
  const parts = PARTS;
  const registry = sagaRegistry([parts.saga, ...parts.changes]);
  // One run at a time: these variables belong to the current run.
  let provider: SimulatedProvider | undefined;
  let coverage = new Coverage();
  const services = placeOrderServices(parts, {
    providerFor: ({ process }) => {
      if (!provider) throw new Error('no run is on');
      return stripeProviderOn(provider.reachedBy(process) as unknown as StripeCalls);
    },
    coverage: () => coverage,
    editsProducts,
  });
  const skus = PRODUCTS.map(({ sku }) => sku);
  const drawEdits = (random: Random) => (editsProducts ? drawProductEdits(random, skus) : undefined);
  return {
    name: 'place-order',
    catalogue: CATALOGUE,
    services,
    drawSubject: (random, number) => ({ ...drawOrder(random, number), productEdits: drawEdits(random) }),
    tellSubject: (order) => tellOrder(order) + (order.productEdits ? tellProductEdits(order.productEdits) : ''),
    mustHappen: MUST_HAPPEN,
    begin: (world, orders) => {
      const messages = new MessageInvariants(world);
      const sagas = new SagaInvariants(world, registry, messages);
      const invariants = new OrderInvariants(world, parts);
      const accounts = new AccountInvariants(world, parts, invariants.moved);
      const webhooks = new Webhooks(world, parts, (orderId) => scenario.webhooksOf(orderId));
      const mine = new SimulatedProvider(world, cardDeclined, webhooks, invariants.moved, invariants.asked);
      invariants.money = { provider: mine, accounts };
      provider = mine;
      coverage = world.coverage;
      for (const watcher of [messages, sagas, accounts, invariants]) world.watch(watcher);
      putProducts(world, parts);
      accounts.begin();
      const scenario: OrderScenario = new OrderScenario(world, parts, orders, {
        sagas,
        invariants,
        provider: mine,
        webhooks,
        editors: new ProductEditors(world, parts),
      });
      return scenario;
    },
    strayAnswer: (world) => strayAnswer(world, parts.saga),
    unhandled: (_, service, key) => (service === 'order' ? confirmsNothing(key) : undefined),
  };
}

/** A readable message about an order that does not exist: only its handler finds out. */
const confirmsNothing = (key: string): WireMessage => ({
  ...encode(message(ConfirmOrder, { orderId: newId() }, { source: 'orchestrator', commandId: newId() }), ConfirmOrder),
  key,
});

function putProducts(world: World, { order, inventory }: Parts): void {
  for (const { sku, price, onHand } of PRODUCTS) {
    world.store('order').put(order.Price, { sku, name: sku, currency: 'EUR', price, productVersion: 1, version: 1 });
    world
      .store('inventory')
      .put(inventory.Product, { sku, name: sku, currency: 'EUR', price, changes: null, version: 1 });
    world.store('inventory').put(inventory.Stock, { sku, onHand, reserved: 0, version: 1 });
  }
}
