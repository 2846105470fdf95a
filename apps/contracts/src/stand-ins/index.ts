/** What the stand-ins of parties outside do on demand: the payment provider by its test cards, the carrier by the country. */

/** Why the provider refuses a charge. */
export interface CardDecline {
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
}

/** A test card: what people are told of it, and how the stand-in of the provider behaves for it. */
export interface TestCard {
  /** What a charge to it does, as the end of a sentence that begins with the card. */
  readonly does: string;
  readonly declined?: CardDecline;
  /** How long the charge takes. */
  readonly delayMs?: number;
  /** The card is charged, and the connection is dropped instead of an answer. A repetition with the same key is answered. */
  readonly losesFirstAnswer?: boolean;
  /** The same of each refund to it, whole or in parts. */
  readonly losesFirstRefundAnswer?: boolean;
  /** How many requests get a 503, with nothing done, before one is served. */
  readonly failures?: number;
  /** Refunds are refused for good, unless a person makes them: with the metadata `by: hand`. */
  readonly refundsByHandOnly?: boolean;
}

const declined = (does: string, declineCode: string, message: string): TestCard => ({
  does,
  declined: { code: 'card_declined', declineCode, message },
});

const DECLINED = declined('is declined', 'generic_decline', 'Your card was declined.');
const INSUFFICIENT_FUNDS = declined(
  'is declined for lack of funds',
  'insufficient_funds',
  'Your card has insufficient funds.',
);

/**
 * The first five are Stripe's own (https://docs.stripe.com/testing), which knows the refused ones by two names; the others misbehave as
 * networks and providers do. The one definition: the stand-in acts on it, the API and the command line tell it.
 */
export const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { does: 'is charged' },
  pm_card_chargeDeclined: DECLINED,
  pm_card_visa_chargeDeclined: DECLINED,
  pm_card_chargeDeclinedInsufficientFunds: INSUFFICIENT_FUNDS,
  pm_card_visa_chargeDeclinedInsufficientFunds: INSUFFICIENT_FUNDS,
  pm_card_slow: { does: 'takes 5 s', delayMs: 5_000 },
  pm_card_lostResponse: { does: 'is charged, and the answer is lost', losesFirstAnswer: true },
  pm_card_lostRefund: { does: 'is charged, and the answer to each refund is lost', losesFirstRefundAnswer: true },
  pm_card_flaky: { does: 'fails twice, then works', failures: 2 },
  pm_card_refundFails: { does: 'is charged, and cannot be refunded', refundsByHandOnly: true },
};

/** Countries that the carrier does not serve, and what it says then. An order to Antarctica fails after its charge. */
export const COUNTRIES_NOT_SERVED: Readonly<Record<string, string>> = {
  AQ: 'The carrier does not deliver to Antarctica.',
};
