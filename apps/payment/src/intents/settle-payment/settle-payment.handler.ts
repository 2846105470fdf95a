import { fencedBy, type Lease } from '@backstep/locks';
import {
  afterCommit,
  insert,
  many,
  one,
  update,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
  type RowChange,
} from '@backstep/unit-of-work';
import { linesOf, type Side } from '../../ledger/account-lines.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { balancedPair, entryIds, transactionOf, type Movement } from '../../ledger/ledger.rules.js';
import { DATABASE_NOW } from '../../moment.js';
import { answer, answerRefund, charged, declined } from '../payment-intent/answers.js';
import { commandOf } from '../payment-intent/carry-out.js';
import { firstAttempt, NO_ATTEMPT, PaymentIntent, type AskedBy } from '../payment-intent/payment-intent.entity.js';
import {
  carryOn,
  isPending,
  settle,
  type CarriedOn,
  type ProviderOutcome,
} from '../payment-intent/payment-intent.rules.js';
import { waitingIn } from '../payment-intent/waiting.js';
import { callOf } from '../payment-intent/provider-calls.js';
import { LEASE_MS, leased } from './leases.js';
import { ProviderCallDue } from './provider-call-due.js';

export interface SettlePaymentRequest {
  readonly paymentIntentId: string;
  readonly outcome: ProviderOutcome;
  /** The lock of the payment, under which the provider was called; undefined: the provider has told it unasked. */
  readonly lease: Lease | undefined;
  /** The account that has paid, or is paid back; undefined: the provider's. */
  readonly payer?: Side | undefined;
}

const REVENUE: Side = { account: 'order_revenue', version: null };

const movementOf = ({ kind }: ProviderOutcome): Movement => (kind === 'refunded' ? 'refund' : 'capture');

/** The id of the movement in the ledger: one for each charge, and one for each part of a refund. */
export function transactionIdOf(outcome: ProviderOutcome, paymentIntentId: string): string {
  if (outcome.kind === 'refunded') return outcome.key ?? transactionOf('refund', paymentIntentId);
  return transactionOf('capture', outcome.chargeId ?? paymentIntentId);
}

const needs = ({ paymentIntentId, outcome }: SettlePaymentRequest) => ({
  intent: one(PaymentIntent, paymentIntentId),
  entries: many(LedgerEntry, outcome.kind === 'refused' ? [] : entryIds(transactionIdOf(outcome, paymentIntentId))),
});

/**
 * Stores an outcome of the provider: the state, the pair of ledger entries and the answer to the command, together or not at all. What waits behind
 * the call begins in the same commit, under the same lock.
 * An outcome is stored once, however often and by whoever it is brought; of workers, only by the one that holds the payment's lock. The commit
 * releases the lock. What the provider tells unasked needs no lock: the row's version and the state decide, a worker that is asking meanwhile
 * finds the outcome stored, and the next call is due for any worker. The answer tells whether it was stored by this request.
 */
export class SettlePaymentHandler implements RequestHandler<SettlePaymentRequest, boolean, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    { paymentIntentId, outcome, lease, payer }: SettlePaymentRequest,
    { intent }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: Pick<DecideContext, 'now'>,
  ): { answer: boolean; changes: Change[] } {
    if (!intent) throw new Error(`the provider answers for payment ${paymentIntentId}, which nobody asked for`);
    const state = settle(intent, outcome, now);
    if (state === intent.state) return { answer: false, changes: [] };

    const after = carryOn({ ...intent, state }, waitingIn(intent), now);
    const isCallDue = isPending(after.state);
    const settled = update(PaymentIntent, intent, {
      state: after.state,
      ...(after.begun && commandOf(after.begun)),
      ...(isCallDue && (lease ? firstAttempt() : NO_ATTEMPT)),
      updatedAt: DATABASE_NOW,
    });
    const asked = lease ? underLock(lease, settled.row, isCallDue) : [];
    return {
      answer: true,
      changes: [
        settled,
        ...asked,
        ...ledger(intent, outcome, payer),
        ...answers(intent, state, outcome, after, settled),
      ],
    };
  }
}

function underLock(lease: Lease, settled: PaymentIntent, callIsDue: boolean): Change[] {
  if (!callIsDue) return [fencedBy(lease, { then: 'release' })];
  return [fencedBy(lease, { then: LEASE_MS }), afterCommit(ProviderCallDue, leased(settled, lease))];
}

function ledger(intent: PaymentIntent, outcome: ProviderOutcome, payer: Side | undefined): Change[] {
  if (outcome.kind === 'refused') return [];
  const { id, currency } = intent;
  const [movement, transactionId] = [movementOf(outcome), transactionIdOf(outcome, id)];
  const money = { paymentIntentId: id, amount: callOf(intent).amount, currency };
  const lines = payer
    ? linesOf({ transactionId, ...money, ...sidesOf(movement, payer) })
    : balancedPair(movement, transactionId, money);
  return lines.map((line) => insert(LedgerEntry, { madeAt: DATABASE_NOW, ...line }));
}

function sidesOf(movement: Movement, payer: Side): { debit: Side; credit: Side } {
  return movement === 'capture' ? { debit: payer, credit: REVENUE } : { debit: REVENUE, credit: payer };
}

/** Each command gets its answer, also a charge that its compensation has overtaken: the saga ignores late answers. */
function answers(
  intent: PaymentIntent,
  state: PaymentIntent['state'],
  outcome: ProviderOutcome,
  { answered }: CarriedOn,
  of: RowChange<PaymentIntent>,
): Change[] {
  return [
    ...answerTo(intent, state, outcome, of),
    ...answered.flatMap((one) => answer(one.wanted, { ...intent, state: one.state }, of)),
  ];
}

/** The answer to the command whose call has ended. */
function answerTo(
  intent: PaymentIntent,
  state: PaymentIntent['state'],
  outcome: ProviderOutcome,
  of: RowChange<PaymentIntent>,
): Change[] {
  const command = asked(intent, outcome.kind === 'refunded' ? intent.refundCommand : intent.chargeCommand);
  if (!command) return [];
  switch (outcome.kind) {
    case 'captured': {
      const { chargeId, providerReference: reference } = outcome;
      return [charged(command, intent, { chargeId, amount: callOf(intent).amount, reference }, of)];
    }
    case 'refused':
      return [declined(command, intent, outcome.failure, outcome.chargeId, of)];
    case 'refunded': {
      const refund = intent.state.status === 'REFUND_REQUESTED' ? intent.state.refund?.of : undefined;
      return answerRefund(command, { ...intent, state }, refund ?? { kind: 'all' }, of);
    }
  }
}

/** The command that is answered; null for a free intent, of which nobody is told. */
function asked({ forOrder }: PaymentIntent, command: AskedBy | null): AskedBy | null {
  if (forOrder && !command) throw new Error('the provider was asked without a command');
  return command;
}
