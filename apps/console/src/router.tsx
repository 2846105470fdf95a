import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { compareSearch } from './compare/compare-search.js';
import { contentionSearch } from './contention/contention-search.js';
import { labSearch } from './lab/lab-search.js';
import { liveSearch } from './live/live-search.js';
import { messagesSearch } from './messages/messages-search.js';
import { ordersSearch } from './orders/orders-search.js';
import { operationsSearch } from './operations/operations-search.js';
import { orderSearch } from './order/order-search.js';
import { sagaSearch, sagasSearch } from './sagas/sagas-search.js';
import { playgroundSearch } from './playground/playground-search.js';
import { productsSearch } from './products/products-search.js';
import { parkedSearch } from './parked/parked-search.js';
import { topicsSearch } from './topics/topics-search.js';
import { parseSearch, stringifySearch } from './shell/search-text.js';
import { Shell } from './shell/shell.js';
import { Broken, NotFound } from './shell/dead-ends.js';

/** Each is in the gateway's list of pages too (`apps/gateway/src/console`): what is not there is 404 when it is loaded. */
const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: liveSearch,
  component: lazyRouteComponent(() => import('./live/live-page.js'), 'LivePage'),
});

const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: ordersSearch,
  component: lazyRouteComponent(() => import('./orders/orders-page.js'), 'OrdersPage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/orders/compare',
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import('./compare/compare-page.js'), 'ComparePage'),
});

const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$orderId',
  validateSearch: orderSearch,
  component: lazyRouteComponent(() => import('./order/order-page.js'), 'OrderPage'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  validateSearch: messagesSearch,
  component: lazyRouteComponent(() => import('./messages/messages-page.js'), 'MessagesPage'),
});

const message = createRoute({
  getParentRoute: () => root,
  path: '/messages/$topic/$partition/$offset',
  component: lazyRouteComponent(() => import('./messages/message-page.js'), 'MessagePage'),
});

const topics = createRoute({
  getParentRoute: () => root,
  path: '/topics',
  validateSearch: topicsSearch,
  component: lazyRouteComponent(() => import('./topics/topics-page.js'), 'TopicsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/groups/$groupId',
  component: lazyRouteComponent(() => import('./topics/group-page.js'), 'GroupPage'),
});

const sagas = createRoute({
  getParentRoute: () => root,
  path: '/sagas',
  validateSearch: sagasSearch,
  component: lazyRouteComponent(() => import('./sagas/sagas-page.js'), 'SagasPage'),
});

const saga = createRoute({
  getParentRoute: () => root,
  path: '/sagas/$sagaId',
  validateSearch: sagaSearch,
  component: lazyRouteComponent(() => import('./sagas/saga-page.js'), 'SagaPage'),
});

const operations = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  validateSearch: operationsSearch,
  component: lazyRouteComponent(() => import('./operations/operations-page.js'), 'OperationsPage'),
});

const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: playgroundSearch,
  component: lazyRouteComponent(() => import('./playground/playground-page.js'), 'PlaygroundPage'),
});

const products = createRoute({
  getParentRoute: () => root,
  path: '/products',
  validateSearch: productsSearch,
  component: lazyRouteComponent(() => import('./products/products-page.js'), 'ProductsPage'),
});

const product = createRoute({
  getParentRoute: () => root,
  path: '/products/$sku',
  component: lazyRouteComponent(() => import('./products/product-page.js'), 'ProductPage'),
});

const parked = createRoute({
  getParentRoute: () => root,
  path: '/parked',
  validateSearch: parkedSearch,
  component: lazyRouteComponent(() => import('./parked/parked-page.js'), 'ParkedPage'),
});

const contention = createRoute({
  getParentRoute: () => root,
  path: '/contention',
  validateSearch: contentionSearch,
  component: lazyRouteComponent(() => import('./contention/contention-page.js'), 'ContentionPage'),
});

const lab = createRoute({
  getParentRoute: () => root,
  path: '/lab',
  validateSearch: labSearch,
  component: lazyRouteComponent(() => import('./lab/lab-page.js'), 'LabPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    index,
    orders,
    compare,
    order,
    sagas,
    saga,
    messages,
    message,
    topics,
    group,
    operations,
    playground,
    products,
    product,
    parked,
    contention,
    lab,
  ]),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
