import { IdempotencyKey } from '@backstep/messages';
import { PLACE_ORDERS, PlaceOrderRequest } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Order } from '../representations/order.js';

export const placeOrder = operation({
  id: 'placeOrder',
  method: 'POST',
  path: PATHS.orders,
  tag: 'Orders',
  summary: 'Place an order',
  description:
    'The order is stored, and its outcome follows: read it, wait for it with `Prefer: wait`, or watch its events. ' +
    'Once this is answered, the order reaches an end whatever fails meanwhile; Kafka need not even be there.',
  headers: {
    'Idempotency-Key': IdempotencyKey.meta({
      description:
        'Chosen by the client, one for each order. The same key with the same body gives the same order, however often it is sent.',
    }),
    Prefer: z
      .string()
      .optional()
      .meta({
        description: `\`wait=N\` holds the answer back for the outcome, N seconds at most; at most ${PLACE_ORDERS.waitMaxSeconds}.`,
      }),
  },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: PlaceOrderRequest,
  answers: {
    202: {
      description:
        'The order is accepted. `status` is PENDING, or the outcome when it was waited for and came in time.',
      content: { 'application/json': Order },
      headers: {
        Location: 'Where the order is read',
        ETag: "The order's version",
        'Idempotency-Replayed': '`true` when an earlier request with this key had placed the order',
        'Preference-Applied': 'How long the answer was held back at most, when Prefer asked for it',
      },
      links: {
        order: { operationId: 'readOrder', parameters: { orderId: '$response.body#/id' } },
        events: { operationId: 'orderEvents', parameters: { orderId: '$response.body#/id' } },
        sagas: { operationId: 'listSagas', parameters: { orderId: '$response.body#/id' } },
        payment: { operationId: 'readPaymentIntent', parameters: { paymentIntentId: '$response.body#/id' } },
      },
    },
  },
  problems: [
    PROBLEMS.idempotencyKeyMissing,
    PROBLEMS.idempotencyKeyReused,
    SHOP_PROBLEMS.unknownCustomer,
    SHOP_PROBLEMS.unknownSku,
    SHOP_PROBLEMS.mixedCurrencies,
    PROBLEMS.outOfRange,
    PROBLEMS.overloaded,
    PROBLEMS.unavailable,
    PROBLEMS.handlerTimeout,
  ],
});
