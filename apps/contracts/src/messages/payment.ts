import { command, event } from '@backstep/messages';
import { z } from 'zod';
import { Currency, MinorUnits, OrderId, PaymentMethod } from '../fields.js';

export const ChargePayment = command('payment', 'ChargePayment', {
  key: 'orderId',
  summary: 'Charge the order. The answer follows when the provider has answered.',
  data: z.object({
    orderId: OrderId,
    amount: MinorUnits,
    currency: Currency,
    paymentMethod: PaymentMethod,
  }),
});

export const RefundPayment = command('payment', 'RefundPayment', {
  key: 'orderId',
  summary: 'Compensation: give back what ChargePayment took. Accepted even when it arrives first or alone.',
  data: z.object({ orderId: OrderId }),
});

export const PaymentCharged = event('payment', 'PaymentCharged', {
  key: 'orderId',
  summary: 'The provider captured the amount.',
  data: z.object({
    orderId: OrderId,
    paymentIntentId: z.uuid(),
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
    reason: z.string().max(100),
    message: z.string().max(500),
  }),
});

export const PaymentRefunded = event('payment', 'PaymentRefunded', {
  key: 'orderId',
  summary: 'The order holds no money (any more). The amount is 0 when nothing had been taken.',
  data: z.object({ orderId: OrderId, paymentIntentId: z.uuid(), amount: MinorUnits, currency: Currency }),
});
