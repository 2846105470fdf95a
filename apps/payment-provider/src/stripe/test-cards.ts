import type { Decline } from '../ledger/records.js';

/** How a card behaves. */
export interface TestCard {
  readonly declined?: Decline;
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

const declined = (declineCode: string, message: string): TestCard => ({
  declined: { code: 'card_declined', declineCode, message },
});

const DECLINED = declined('generic_decline', 'Your card was declined.');
const INSUFFICIENT_FUNDS = declined('insufficient_funds', 'Your card has insufficient funds.');

/**
 * The first five are Stripe's own (https://docs.stripe.com/testing), which knows the refused ones by two names; the others misbehave as
 * networks and providers do.
 */
export const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  pm_card_visa: {},
  pm_card_chargeDeclined: DECLINED,
  pm_card_visa_chargeDeclined: DECLINED,
  pm_card_chargeDeclinedInsufficientFunds: INSUFFICIENT_FUNDS,
  pm_card_visa_chargeDeclinedInsufficientFunds: INSUFFICIENT_FUNDS,
  pm_card_slow: { delayMs: 5_000 },
  pm_card_lostResponse: { losesFirstAnswer: true },
  pm_card_lostRefund: { losesFirstRefundAnswer: true },
  pm_card_flaky: { failures: 2 },
  pm_card_refundFails: { refundsByHandOnly: true },
};

export const findCard = (name: string): TestCard | undefined =>
  Object.hasOwn(TEST_CARDS, name) ? TEST_CARDS[name] : undefined;
