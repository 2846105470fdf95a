import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import Stripe from 'stripe';

/** How old the timestamp of a signature may be, seconds: Stripe's own default. Each delivery is signed anew, so a retry is not older. */
export const TOLERANCE_SECONDS = 300;

/** Tells whether an event comes from the provider, by the secret that both have. The package compares in constant time. */
export class WebhookSignatures {
  /** @param secret empty: none is configured, and no event is believed */
  constructor(private readonly secret: string) {}

  /**
   * The event, when `header` (Stripe-Signature) has a signature of these bytes that is not too old.
   * @throws ProblemError `signature-invalid`, without what was sent; `validation` when what is signed is no event
   */
  verify(bytes: Buffer, header: string): Stripe.Event {
    if (this.secret === '') throw invalid('This service has no secret for webhooks: see STRIPE_WEBHOOK_SECRET.');
    try {
      return Stripe.webhooks.constructEvent(bytes, header, this.secret, TOLERANCE_SECONDS);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) {
        throw new ProblemError(PROBLEMS.validation, { detail: 'The body is signed, and is no event.' });
      }
      // The error has the body and the header, so it is no cause of the problem. Only its kind is told.
      const isOld = error.message.startsWith('Timestamp');
      throw invalid(
        isOld
          ? `The timestamp is more than ${TOLERANCE_SECONDS} s old.`
          : 'Stripe-Signature has no signature of this body.',
      );
    }
  }
}

const invalid = (detail: string): ProblemError => new ProblemError(SHOP_PROBLEMS.signatureInvalid, { detail });
