import { describe, expect, it } from '@jest/globals';
import {
  carryOn,
  ContradictoryOutcomeError,
  request,
  requestCharge,
  settle,
  type PaymentState,
  type ProviderOutcome,
} from './payment-intent.rules.js';
import { waitingIn } from './waiting.js';

/** Goal: every state meets every input, and only the transitions named here happen. */
const failure = { reason: 'insufficient_funds', message: 'Your card has insufficient funds.' };
const S = {
  requested: { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: false },
  requestedToBeRefunded: { status: 'CHARGE_REQUESTED', paymentMethod: 'pm_card_visa', refundWanted: true },
  charged: { status: 'CHARGED', providerReference: 'pi_1' },
  chargedNothing: { status: 'CHARGED', providerReference: null },
  failed: { status: 'CHARGE_FAILED', failure },
  refundRequested: { status: 'REFUND_REQUESTED', providerReference: 'pi_1' },
  refunded: { status: 'REFUNDED', providerReference: 'pi_1' },
  refundedNothing: { status: 'REFUNDED', providerReference: null },
  voided: { status: 'VOIDED' },
  created: { status: 'CREATED', paymentMethod: null },
  cancelled: { status: 'CANCELLED' },
} as const satisfies Record<string, PaymentState>;
type Name = keyof typeof S;
const names = Object.keys(S) as Name[];
const NOW = 1;

const paymentThatIs = (name: Name) => ({
  id: 'a',
  amount: name === 'chargedNothing' || name === 'refundedNothing' ? 0 : 4200,
  state: S[name] as PaymentState,
});
/** The compensation of all that the payment has taken. */
const refunded = (name: Name): PaymentState =>
  request(paymentThatIs(name), { kind: 'refund', of: { kind: 'all' }, by: null }, NOW);
/** With what waits behind the call. */
function told(name: Name, outcome: ProviderOutcome): PaymentState {
  const payment = paymentThatIs(name);
  const state = settle(payment, outcome, NOW);
  if (state === payment.state) return state;
  return carryOn({ ...payment, state }, waitingIn({ state: payment.state, refundCommand: null }), NOW).state;
}

const O = {
  captured: { kind: 'captured', providerReference: 'pi_1' },
  capturedAgain: { kind: 'captured', providerReference: 'pi_2' },
  refused: { kind: 'refused', failure },
  refunded: { kind: 'refunded', providerReference: 'pi_1' },
} as const satisfies Record<string, ProviderOutcome>;

describe('a charge that is requested', () => {
  it('a requested charge waits for the provider', () => {
    expect(requestCharge(4200, 'pm_card_visa')).toEqual(S.requested);
  });

  it('a charge of zero is paid at once, since the provider refuses zero amounts', () => {
    expect(requestCharge(0, 'pm_card_visa')).toEqual(S.chargedNothing);
  });
});

describe('a refund that is requested', () => {
  it.each<[Name, Name]>([
    ['requested', 'requestedToBeRefunded'],
    ['requestedToBeRefunded', 'requestedToBeRefunded'],
    ['charged', 'refundRequested'],
    ['chargedNothing', 'refundedNothing'],
    ['failed', 'failed'],
    ['refundRequested', 'refundRequested'],
    ['refunded', 'refunded'],
    ['refundedNothing', 'refundedNothing'],
    ['voided', 'voided'],
    // Of no order, so that no command asks for it.
    ['created', 'created'],
    ['cancelled', 'cancelled'],
  ])('a refund turns %s into %s', (from, to) => {
    expect(refunded(from)).toEqual(S[to]);
    if (from === to) expect(refunded(from)).toBe(S[from]);
  });

  it('a repeated refund is requested once', () => {
    for (const name of names) {
      const once = names.find((other) => JSON.stringify(S[other]) === JSON.stringify(refunded(name))) as Name;
      expect(refunded(once)).toBe(S[once]);
    }
  });
});

describe('what the provider says', () => {
  const legal: Record<keyof typeof O, Partial<Record<Name, Name>>> = {
    captured: {
      requested: 'charged',
      requestedToBeRefunded: 'refundRequested',
      charged: 'charged',
      refundRequested: 'refundRequested',
      refunded: 'refunded',
    },
    capturedAgain: {},
    refused: { requested: 'failed', requestedToBeRefunded: 'failed', failed: 'failed' },
    refunded: { refundRequested: 'refunded', refunded: 'refunded' },
  };
  const cases = (Object.keys(O) as (keyof typeof O)[]).flatMap((outcome) =>
    names.map((name) => [outcome, name] as const),
  );

  it.each(cases)('the provider says: %s, of a payment that is %s', (outcome, from) => {
    const to = legal[outcome][from];
    if (to !== undefined) {
      expect(told(from, O[outcome])).toEqual(S[to]);
      if (from === to) expect(told(from, O[outcome])).toBe(S[from]);
    } else if (outcome === 'capturedAgain' && S[from].status === 'CHARGE_REQUESTED') {
      expect(told(from, O[outcome])).toMatchObject({ providerReference: 'pi_2' });
    } else {
      expect(() => told(from, O[outcome])).toThrow(ContradictoryOutcomeError);
    }
  });

  it('the payment method is deleted once the provider has answered', () => {
    for (const outcome of [O.captured, O.refused]) {
      expect(JSON.stringify(told('requestedToBeRefunded', outcome))).not.toContain('pm_card');
    }
  });
});
