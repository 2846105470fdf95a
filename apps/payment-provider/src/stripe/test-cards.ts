import type { Decline } from '../ledger/records.js';

/** How a card behaves. */
export interface TestCard {
  readonly declined?: Decline;
  /** How long the charge takes. */
  readonly delayMs?: number;
  /** The card is charged, and the connection is dropped instead of an answer. A repetition with the same key is answered. */
  readonly losesFirstAnswer?: boolean;
  /** How many requests get a 503, with nothing done, before one is served. */
  readonly failures?: number;
  /** Refunds are refused for good, unless a person makes them: with the metadata `by: hand`. */
  readonly refundsByHandOnly?: boolean;
}

const declined = (declineCode: string, message: string): TestCard => ({
  declined: { code: 'card_declined', declineCode, message },
});

/** The first three are Stripe's own (https://docs.stripe.com/testing); the others misbehave as networks and providers do. */
export const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  pm_card_visa: {},
  pm_card_chargeDeclined: declined('generic_decline', 'Your card was declined.'),
  pm_card_chargeDeclinedInsufficientFunds: declined('insufficient_funds', 'Your card has insufficient funds.'),
  pm_card_slow: { delayMs: 5_000 },
  pm_card_lostResponse: { losesFirstAnswer: true },
  pm_card_flaky: { failures: 2 },
  pm_card_refundFails: { refundsByHandOnly: true },
};

export const findCard = (name: string): TestCard | undefined =>
  Object.hasOwn(TEST_CARDS, name) ? TEST_CARDS[name] : undefined;
