import { effect } from '@backstep/unit-of-work';
import type { Order } from './order.entity.js';

/** An order was confirmed or rejected by a commit of this process. */
export const OrderEnded = effect<Order>('order-ended');
