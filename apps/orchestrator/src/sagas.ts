import { sagaRegistry } from '@backstep/saga';
import { cancelOrder } from './cancel-order/cancel-order.saga.js';
import { placeOrder } from './place-order/place-order.saga.js';
import { reviseOrder } from './revise-order/revise-order.saga.js';

/** Every saga that this service runs, checked when it starts. An older version stays until its last instance has ended. */
export const SAGAS = sagaRegistry([placeOrder, cancelOrder, reviseOrder]);
