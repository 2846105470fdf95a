import { z } from 'zod';
import { Currency, MinorUnits, OrderId, RequestedCurrency, RequestedPaymentMethod } from '../fields.js';
import { Time, Version } from './fields.js';
import { pageOf } from './page.js';

export const PaymentStatus = z
  .enum([
    'CREATED',
    'CANCELLED',
    'CHARGE_REQUESTED',
    'CHARGED',
    'CHARGE_FAILED',
    'REFUND_REQUESTED',
    'REFUNDED',
    'VOIDED',
  ])
  .meta({
    id: 'PaymentStatus',
    description:
      'CREATED: free to change. CANCELLED: given up before it was charged. CHARGE_REQUESTED, REFUND_REQUESTED: the provider is asked, and ' +
      'its answer is not known yet. CHARGED: money was taken, and some of it is left. REFUNDED: nothing of it is left. VOIDED: the ' +
      "compensation of an order's payment came first; nothing was or will be charged.",
  });
export type PaymentStatus = z.infer<typeof PaymentStatus>;

const PaymentCharge = z
  .object({
    id: z.uuid().meta({ description: 'Of the first: the id of the payment intent' }),
    amount: MinorUnits,
    refundedAmount: MinorUnits,
    providerReference: z.string().nullable(),
  })
  .meta({ id: 'PaymentCharge', description: 'What was captured at once' });

/** A payment as the payment service answers it, without the payment method. */
export const PaymentIntentView = z.object({
  id: z.uuid(),
  orderId: OrderId.nullable().meta({ description: 'null: it stands for itself' }),
  status: PaymentStatus,
  amount: MinorUnits.meta({ description: 'Of its first charge, in integer minor units' }),
  currency: Currency.meta({ description: '`XXX` (ISO 4217: no currency) when voided' }),
  capturedAmount: MinorUnits.meta({ description: 'Of all its charges together' }),
  refundedAmount: MinorUnits,
  charges: z.array(PaymentCharge).meta({ description: 'More than one where an order was changed; the oldest first' }),
  providerReference: z.string().nullable().meta({ description: "The payment provider's id of the first charge" }),
  failure: z.object({ reason: z.string(), message: z.string() }).nullable(),
  attempts: z.int().meta({ description: 'Calls to the provider for what was last asked of it' }),
  problem: z
    .string()
    .max(300)
    .nullable()
    .meta({ description: 'Why it is not known yet what the provider did; null when nothing waits for it' }),
  version: Version,
  createdAt: Time,
  updatedAt: Time,
});
export type PaymentIntentView = Readonly<z.infer<typeof PaymentIntentView>>;

/** `GET /payment-intents` */
export const PaymentIntentViews = pageOf(PaymentIntentView);

/** What is charged or refunded by a request: the provider moves no zero. */
const RequestedAmount = MinorUnits.min(1);

/** `POST /payment-intents` */
export const CreatePaymentIntentRequest = z
  .strictObject({
    amount: RequestedAmount,
    currency: RequestedCurrency,
    paymentMethod: RequestedPaymentMethod.optional().meta({ description: 'May be named when it is charged' }),
  })
  .meta({
    id: 'CreatePaymentIntent',
    examples: [{ amount: 4200, currency: 'EUR', paymentMethod: 'pm_card_visa' }],
  });
export type CreatePaymentIntentRequest = z.infer<typeof CreatePaymentIntentRequest>;

/** `PATCH /payment-intents/{id}` */
export const PatchPaymentIntentRequest = z
  .strictObject({ amount: RequestedAmount })
  .meta({ id: 'PatchPaymentIntent', examples: [{ amount: 3900 }] });
export type PatchPaymentIntentRequest = z.infer<typeof PatchPaymentIntentRequest>;

/** `POST /payment-intents/{id}/charge` */
export const ChargePaymentIntentRequest = z
  .strictObject({
    paymentMethod: RequestedPaymentMethod.optional().meta({
      description: 'In the place of the one that was named before',
    }),
  })
  .meta({ id: 'ChargePaymentIntent', examples: [{ paymentMethod: 'pm_card_visa' }] });
export type ChargePaymentIntentRequest = z.infer<typeof ChargePaymentIntentRequest>;

/** `POST /payment-intents/{id}/refunds` */
export const RefundPaymentIntentRequest = z
  .strictObject({ amount: RequestedAmount.optional().meta({ description: 'Left out: all that is left' }) })
  .meta({ id: 'RefundPaymentIntent', examples: [{ amount: 1200 }] });
export type RefundPaymentIntentRequest = z.infer<typeof RefundPaymentIntentRequest>;
