import { IdempotencyKey } from '@backstep/messages';
import { MAX_LINES, Quantity, RequestedAddress, RequestedPaymentMethod, Sku } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Order } from '../representations/order.js';
import { WAIT_MAX_SECONDS } from './prefer-wait.js';

export const PlaceOrder = z
  .strictObject({
    items: z
      .array(z.strictObject({ sku: Sku, quantity: Quantity }))
      .min(1)
      .max(MAX_LINES),
    paymentMethod: RequestedPaymentMethod.meta({
      description: "The payment provider's name for the card, such as `pm_card_visa`",
    }),
    shippingAddress: RequestedAddress,
  })
  .meta({
    id: 'PlaceOrder',
    examples: [
      {
        items: [{ sku: 'mug-blue', quantity: 2 }],
        paymentMethod: 'pm_card_visa',
        shippingAddress: {
          name: 'Ada Lovelace',
          line1: '12 St James Square',
          city: 'London',
          postalCode: 'SW1Y 4JH',
          country: 'GB',
        },
      },
    ],
  });

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
        description: `\`wait=N\` holds the answer back for the outcome, N seconds at most; at most ${WAIT_MAX_SECONDS}.`,
      }),
  },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: PlaceOrder,
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
    SHOP_PROBLEMS.unknownSku,
    SHOP_PROBLEMS.mixedCurrencies,
    PROBLEMS.outOfRange,
    PROBLEMS.overloaded,
    PROBLEMS.unavailable,
    PROBLEMS.handlerTimeout,
  ],
});
