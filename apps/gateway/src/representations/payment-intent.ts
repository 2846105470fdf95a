import { PaymentIntentView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const PaymentIntent = PaymentIntentView.extend({
  links: z.object({ self: Link, order: Link.optional().meta({ description: 'Left out where there is no order' }) }),
}).meta({ id: 'PaymentIntent' });
export type PaymentIntent = z.infer<typeof PaymentIntent>;

export const toPaymentIntent = (intent: PaymentIntentView): PaymentIntent => ({
  id: intent.id,
  orderId: intent.orderId,
  status: intent.status,
  amount: intent.amount,
  currency: intent.currency,
  capturedAmount: intent.capturedAmount,
  refundedAmount: intent.refundedAmount,
  charges: intent.charges,
  providerReference: intent.providerReference,
  failure: intent.failure,
  attempts: intent.attempts,
  problem: intent.problem,
  version: intent.version,
  createdAt: intent.createdAt,
  updatedAt: intent.updatedAt,
  links: {
    self: href(PATHS.paymentIntent, { paymentIntentId: intent.id }),
    ...(intent.orderId !== null && { order: href(PATHS.order, { orderId: intent.orderId }) }),
  },
});
