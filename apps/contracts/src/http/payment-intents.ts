import { z } from 'zod';
import { Currency, MinorUnits, OrderId } from '../fields.js';
import { Time, Version } from './fields.js';

/** A payment as the payment service answers it, without the payment method. */
export const PaymentIntentView = z.object({
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
});
export type PaymentIntentView = Readonly<z.infer<typeof PaymentIntentView>>;
