import { adjustStock } from './adjust-stock/adjust-stock.controller.js';
import type { Operation } from './api/operation.js';
import { CONSOLE_OPERATIONS, labPage, readRootWithConsole } from './console/console.operations.js';
import { readApi, readDocs, readOpenApi, readRoot } from './docs/docs.operations.js';
import { live, ready } from './docs/platform.operations.js';
import { cancelOrder } from './cancel-order/cancel-order.controller.js';
import { cancelPaymentIntent } from './cancel-payment-intent/cancel-payment-intent.controller.js';
import { chargePaymentIntent } from './charge-payment-intent/charge-payment-intent.controller.js';
import { createPaymentIntent } from './create-payment-intent/create-payment-intent.controller.js';
import { LAB_OPERATIONS } from './lab/lab.operations.js';
import { listGroups } from './list-groups/list-groups.controller.js';
import { listMessages } from './list-messages/list-messages.js';
import { listOrders } from './list-orders/list-orders.controller.js';
import { listOperations } from './list-operations/list-operations.js';
import { listParked } from './list-parked/list-parked.controller.js';
import { listPaymentIntents } from './list-payment-intents/list-payment-intents.controller.js';
import { listProducts } from './list-products/list-products.controller.js';
import { listSagas } from './list-sagas/list-sagas.controller.js';
import { listTopics } from './list-topics/list-topics.controller.js';
import { abandonSaga, compensateSaga, retrySaga, skipSaga } from './operate-saga/operate-saga.js';
import { operateSagas } from './operate-sagas/operate-sagas.js';
import { deliverShipment, handOverShipment } from './move-shipment/move-shipment.js';
import { openAccount } from './open-account/open-account.controller.js';
import { orderEvents } from './order-events/order-events.js';
import { patchProduct } from './patch-product/patch-product.controller.js';
import { patchCustomer } from './patch-customer/patch-customer.controller.js';
import { patchPaymentIntent } from './patch-payment-intent/patch-payment-intent.controller.js';
import { placeOrder } from './place-order/place-order.js';
import { putCustomer } from './put-customer/put-customer.controller.js';
import { putProduct } from './put-product/put-product.controller.js';
import { putSetting } from './put-setting/put-setting.controller.js';
import { readAccount } from './read-account/read-account.controller.js';
import { readCustomer } from './read-customer/read-customer.controller.js';
import { readContention } from './read-contention/read-contention.controller.js';
import { readContentionKey } from './read-contention-key/read-contention-key.controller.js';
import { readEvidence } from './read-evidence/read-evidence.js';
import { readMessage } from './read-message/read-message.controller.js';
import { readOrder } from './read-order/read-order.js';
import { readParked } from './read-parked/read-parked.controller.js';
import { readPaymentIntent } from './read-payment-intent/read-payment-intent.controller.js';
import { readProduct } from './read-product/read-product.controller.js';
import { readSaga } from './read-saga/read-saga.controller.js';
import { readSetting } from './read-setting/read-setting.controller.js';
import { readShipment } from './read-shipment/read-shipment.controller.js';
import { readTransfer } from './read-transfer/read-transfer.controller.js';
import { requestTransfer } from './request-transfer/request-transfer.controller.js';
import { refundPaymentIntent } from './refund-payment-intent/refund-payment-intent.controller.js';
import { reviseOrder } from './revise-order/revise-order.controller.js';
import { receiveWebhook } from './receive-webhook/receive-webhook.controller.js';
import { readStream } from './stream/read-stream.js';
import { discardParked, replayParked } from './settle-parked/settle-parked.js';
import { readSystem } from './read-system/read-system.js';

/** The whole API, in the order of its document, without the lab. A spec compares it with the routes that are served. */
export const OPERATIONS: readonly Operation[] = [
  placeOrder,
  readOrder,
  reviseOrder,
  listOrders,
  cancelOrder,
  orderEvents,
  readEvidence,
  listProducts,
  readProduct,
  putProduct,
  patchProduct,
  adjustStock,
  readSetting,
  putSetting,
  readCustomer,
  putCustomer,
  patchCustomer,
  createPaymentIntent,
  readPaymentIntent,
  listPaymentIntents,
  patchPaymentIntent,
  chargePaymentIntent,
  cancelPaymentIntent,
  refundPaymentIntent,
  readShipment,
  handOverShipment,
  deliverShipment,
  openAccount,
  readAccount,
  requestTransfer,
  readTransfer,
  receiveWebhook,
  listSagas,
  readSaga,
  retrySaga,
  skipSaga,
  compensateSaga,
  abandonSaga,
  operateSagas,
  listOperations,
  listParked,
  readParked,
  replayParked,
  discardParked,
  readContention,
  readContentionKey,
  readStream,
  listMessages,
  readMessage,
  listTopics,
  listGroups,
  readSystem,
  live,
  ready,
  readRootWithConsole,
  ...CONSOLE_OPERATIONS,
  readApi,
  readDocs,
  readOpenApi,
];

/** What not every gateway serves. */
export interface Served {
  readonly console: boolean;
  readonly lab: boolean;
}

/** The operations of a gateway: what it does not serve is an unknown path, and in no document of it. */
export function operationsOf({ console, lab }: Served): readonly Operation[] {
  const all: readonly Operation[] = lab ? [...OPERATIONS, labPage, ...LAB_OPERATIONS] : OPERATIONS;
  if (console) return all;
  const pages: readonly Operation[] = [...CONSOLE_OPERATIONS, labPage];
  return all
    .filter((operation) => !pages.includes(operation))
    .map((operation) => (operation === readRootWithConsole ? readRoot : operation));
}
