import { fencedBy, type Lease } from '@backstep/locks';
import {
  afterCommit,
  insert,
  many,
  one,
  update,
  type Change,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { LedgerEntry } from '../ledger/ledger-entry.entity.js';
import { balancedPair, entryIds, type Movement } from '../ledger/ledger.rules.js';
import { charged, declined, refunded } from '../payment-intent/answers.js';
import { DATABASE_NOW, firstAttempt, PaymentIntent, type AskedBy } from '../payment-intent/payment-intent.entity.js';
import { settle, type ProviderOutcome } from '../payment-intent/payment-intent.rules.js';
import { LEASE_MS, leased } from './leases.js';
import { ProviderCallDue } from './provider-call-due.js';

export interface SettlePaymentRequest {
  readonly paymentIntentId: string;
  readonly outcome: ProviderOutcome;
  /** The lock of the payment, under which the provider was called. */
  readonly lease: Lease;
}

const movementOf = ({ kind }: ProviderOutcome): Movement => (kind === 'refunded' ? 'refund' : 'capture');

const needs = ({ paymentIntentId, outcome }: SettlePaymentRequest) => ({
  intent: one(PaymentIntent, paymentIntentId),
  entries: many(LedgerEntry, outcome.kind === 'refused' ? [] : entryIds(movementOf(outcome), paymentIntentId)),
});

/**
 * Stores an outcome of the provider: the state, the pair of ledger entries and the answer to the command, together or not at all.
 * An outcome is stored once, however often and by whichever worker it is brought, and only by the worker that holds the payment's lock. The commit
 * releases the lock.
 */
export class SettlePaymentHandler implements RequestHandler<SettlePaymentRequest, void, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    { paymentIntentId, outcome, lease }: SettlePaymentRequest,
    { intent }: LoadedNeeds<ReturnType<typeof needs>>,
  ): { answer: void; changes: Change[] } {
    if (!intent) throw new Error(`the provider answers for payment ${paymentIntentId}, which nobody asked for`);
    const state = settle(intent.state, outcome);
    if (state === intent.state) return { answer: undefined, changes: [] };

    // The refund was requested during the charge: it begins now, under the same lock.
    const refundIsDue = state.status === 'REFUND_REQUESTED';
    const settled = update(PaymentIntent, intent, {
      state,
      ...(refundIsDue && firstAttempt()),
      updatedAt: DATABASE_NOW,
    });
    const asked = refundIsDue
      ? [fencedBy(lease, { then: LEASE_MS }), afterCommit(ProviderCallDue, leased(settled.row, lease))]
      : [fencedBy(lease, { then: 'release' })];
    return {
      answer: undefined,
      changes: [settled, ...asked, ...ledger(intent, outcome), ...answers(intent, outcome, settled)],
    };
  }
}

function ledger(intent: PaymentIntent, outcome: ProviderOutcome): Change[] {
  if (outcome.kind === 'refused') return [];
  return balancedPair(movementOf(outcome), intent).map((line) =>
    insert(LedgerEntry, { madeAt: DATABASE_NOW, ...line }),
  );
}

/** Each command gets its answer, also a charge that its compensation has overtaken: the saga ignores late answers. */
function answers(
  intent: PaymentIntent,
  outcome: ProviderOutcome,
  of: ReturnType<typeof update<PaymentIntent>>,
): Change[] {
  const { chargeCommand, refundCommand } = intent;
  switch (outcome.kind) {
    case 'captured':
      return [charged(asked(chargeCommand), intent, outcome.providerReference, of)];
    case 'refused': {
      const declination = declined(asked(chargeCommand), intent, outcome.failure, of);
      return refundCommand ? [declination, refunded(refundCommand, intent, 0, of)] : [declination];
    }
    case 'refunded':
      return [refunded(asked(refundCommand), intent, intent.amount, of)];
  }
}

function asked(command: AskedBy | null): AskedBy {
  if (!command) throw new Error('the provider was asked without a command');
  return command;
}
