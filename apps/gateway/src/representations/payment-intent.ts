import { Currency, MinorUnits, OrderId } from '@backstep/contracts';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link, Time, Version } from './fields.js';

export const PaymentIntent = z
  .object({
    id: z.uuid(),
    orderId: OrderId,
    status: z
      .enum(['CHARGE_REQUESTED', 'CHARGED', 'CHARGE_FAILED', 'REFUND_REQUESTED', 'REFUNDED', 'VOIDED'])
      .meta({ description: 'VOIDED: the compensation came first; nothing was or will be charged.' }),
    amount: MinorUnits,
    currency: Currency.meta({ description: '`XXX` (ISO 4217: no currency) when voided' }),
    refundedAmount: MinorUnits,
    providerReference: z.string().nullable().meta({ description: "The payment provider's id of the payment" }),
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
    links: z.object({ self: Link, order: Link }),
  })
  .meta({ id: 'PaymentIntent' });
export type PaymentIntent = z.infer<typeof PaymentIntent>;

/** As the payment service tells it. */
export type ServicePaymentIntent = Omit<PaymentIntent, 'links'>;

export const toPaymentIntent = (intent: ServicePaymentIntent): PaymentIntent => ({
  id: intent.id,
  orderId: intent.orderId,
  status: intent.status,
  amount: intent.amount,
  currency: intent.currency,
  refundedAmount: intent.refundedAmount,
  providerReference: intent.providerReference,
  failure: intent.failure,
  attempts: intent.attempts,
  problem: intent.problem,
  version: intent.version,
  createdAt: intent.createdAt,
  updatedAt: intent.updatedAt,
  links: {
    self: href(PATHS.paymentIntent, { paymentIntentId: intent.id }),
    order: href(PATHS.order, { orderId: intent.orderId }),
  },
});
