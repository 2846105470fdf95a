import { command, event } from '@backstep/messages';
import { z } from 'zod';
import { Currency, MinorUnits, OrderId, PaymentMethod } from '../fields.js';

/** Which of an order's charges is meant. An order has one payment, and the first charge of it has no id of its own. */
const ChargeId = z
  .uuid()
  .optional()
  .meta({ description: 'A charge beyond the first, such as the difference of a revision; without it the first' });
const RefundId = z
  .uuid()
  .optional()
  .meta({ description: 'A refund of an amount, which goes with it; chosen by who asks, so that a repeat is known' });

export const ChargePayment = command('payment', 'ChargePayment', {
  key: 'orderId',
  summary: 'Charge the order. The answer follows when the provider has answered.',
  data: z.object({
    orderId: OrderId,
    chargeId: ChargeId,
    amount: MinorUnits,
    currency: Currency,
    paymentMethod: PaymentMethod,
  }),
});

export const RefundPayment = command('payment', 'RefundPayment', {
  key: 'orderId',
  summary:
    'Compensation: give back what ChargePayment took. Accepted even when it arrives first or alone. With `chargeId` it is the ' +
    'compensation of that charge alone; with `refundId` and `amount` so much is given back; without any of them all that is left.',
  data: z
    .object({ orderId: OrderId, chargeId: ChargeId, refundId: RefundId, amount: MinorUnits.optional() })
    .refine(({ refundId, amount }) => (refundId === undefined) === (amount === undefined), {
      error: 'must come with refundId, and refundId with it',
      path: ['amount'],
    })
    .refine(({ chargeId, refundId }) => chargeId === undefined || refundId === undefined, {
      error: 'must not come with chargeId',
      path: ['refundId'],
    }),
});

export const PaymentCharged = event('payment', 'PaymentCharged', {
  key: 'orderId',
  summary: 'The provider captured the amount.',
  data: z.object({
    orderId: OrderId,
    paymentIntentId: z.uuid(),
    chargeId: ChargeId,
    providerReference: z.string(),
    amount: MinorUnits,
    currency: Currency,
  }),
});

export const PaymentDeclined = event('payment', 'PaymentDeclined', {
  key: 'orderId',
  summary: 'The provider refused; nothing was taken.',
  data: z.object({
    orderId: OrderId,
    paymentIntentId: z.uuid(),
    chargeId: ChargeId,
    reason: z.string().max(100),
    message: z.string().max(500),
  }),
});

export const PaymentRefunded = event('payment', 'PaymentRefunded', {
  key: 'orderId',
  summary:
    'What was to be given back is given back: all that the order has paid, or what its charge or refund names. The amount is 0 when ' +
    'nothing had been taken.',
  data: z.object({
    orderId: OrderId,
    paymentIntentId: z.uuid(),
    chargeId: ChargeId,
    refundId: RefundId,
    amount: MinorUnits,
    currency: Currency,
  }),
});
