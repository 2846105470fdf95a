/** Every path of the API. Operations are declared with them and links are made from them, so a link always leads somewhere. */
export const PATHS = {
  root: '/',
  api: '/v1',
  ordersPage: '/orders',
  comparePage: '/orders/compare',
  orderPage: '/orders/{orderId}',
  messagesPage: '/messages',
  messagePage: '/messages/{topic}/{partition}/{offset}',
  topicsPage: '/topics',
  groupPage: '/groups/{groupId}',
  sagasPage: '/sagas',
  sagaPage: '/sagas/{sagaId}',
  operationsPage: '/operations',
  playgroundPage: '/playground',
  productsPage: '/products',
  productPage: '/products/{sku}',
  parkedPage: '/parked',
  contentionPage: '/contention',
  consoleFile: '/assets/{file}',
  docs: '/docs',
  openApi: '/openapi.json',
  orders: '/v1/orders',
  order: '/v1/orders/{orderId}',
  orderEvents: '/v1/orders/{orderId}/events',
  orderEvidence: '/v1/orders/{orderId}/evidence',
  orderCancel: '/v1/orders/{orderId}/cancel',
  products: '/v1/products',
  product: '/v1/products/{sku}',
  adjustments: '/v1/products/{sku}/adjustments',
  setting: '/v1/settings/{name}',
  customer: '/v1/customers/{customerId}',
  paymentIntents: '/v1/payment-intents',
  paymentIntent: '/v1/payment-intents/{paymentIntentId}',
  paymentIntentCharge: '/v1/payment-intents/{paymentIntentId}/charge',
  paymentIntentCancel: '/v1/payment-intents/{paymentIntentId}/cancel',
  paymentIntentRefunds: '/v1/payment-intents/{paymentIntentId}/refunds',
  shipment: '/v1/shipments/{orderId}',
  shipmentHandOver: '/v1/shipments/{orderId}/hand-over',
  shipmentDeliver: '/v1/shipments/{orderId}/deliver',
  accounts: '/v1/accounts',
  account: '/v1/accounts/{accountId}',
  transfers: '/v1/transfers',
  transfer: '/v1/transfers/{transferId}',
  providerWebhook: '/v1/webhooks/provider',
  sagas: '/v1/sagas',
  sagaOperations: '/v1/sagas/operations',
  saga: '/v1/sagas/{sagaId}',
  sagaRetry: '/v1/sagas/{sagaId}/retry',
  sagaSkip: '/v1/sagas/{sagaId}/skip',
  sagaCompensate: '/v1/sagas/{sagaId}/compensate',
  sagaAbandon: '/v1/sagas/{sagaId}/abandon',
  operations: '/v1/operations',
  parked: '/v1/parked',
  parkedMessage: '/v1/parked/{messageId}',
  replay: '/v1/parked/{messageId}/replay',
  discard: '/v1/parked/{messageId}/discard',
  contention: '/v1/contention',
  contentionKey: '/v1/contention/keys/{service}/{entity}/{key}',
  stream: '/v1/stream',
  messages: '/v1/messages',
  message: '/v1/messages/{topic}/{partition}/{offset}',
  topics: '/v1/topics',
  groups: '/v1/groups',
  system: '/v1/system',
} as const;

type ParametersOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersOf<Rest>
  : never;

/** The link that a path becomes with its parameters, and with a query where one is given. */
export function href<Path extends string>(
  path: Path,
  parameters: Readonly<Record<ParametersOf<Path>, string>>,
  query: Readonly<Record<string, string>> = {},
): string {
  const values: Readonly<Record<string, string>> = parameters;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? filled : `${filled}?${search}`;
}
