import Stripe from 'stripe';
import type { IntentAnswer, RefundAnswer } from '@backstep/payment/intents/provider/checked-answers';
import { StripeProvider } from '@backstep/payment/intents/provider/stripe-provider';

interface Keyed {
  readonly idempotencyKey: string;
}

/** The part of Stripe's package that {@link StripeProvider} uses. */
export interface StripeCalls {
  readonly paymentIntents: {
    create(
      parameters: {
        readonly amount: number;
        readonly payment_method: string;
        readonly currency: string;
        readonly metadata: { readonly orderId: string; readonly paymentIntentId: string; readonly chargeId?: string };
      },
      options: Keyed,
    ): Promise<IntentAnswer>;
  };
  readonly refunds: {
    create(
      parameters: { readonly payment_intent: string; readonly amount?: number },
      options: Keyed,
    ): Promise<RefundAnswer>;
  };
}

/** The real adapter, with its keys and its handling of errors, on a Stripe in memory. */
export const stripeProviderOn = (stripe: StripeCalls): StripeProvider =>
  Object.assign(Object.create(StripeProvider.prototype) as StripeProvider, { stripe, secretKey: '' });

/** Stripe's error for a refusal of the issuer. */
export const cardDeclined = (code: string, message: string): Error =>
  new Stripe.errors.StripeCardError({ type: 'card_error', code: 'card_declined', decline_code: code, message });
