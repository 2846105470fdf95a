import { ACCOUNT_METHOD } from '@backstep/contracts';
import type { Lease } from '@backstep/locks';
import {
  many,
  one,
  update,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { Account } from '../../accounts/account/account.entity.js';
import { covers, deposit, withdraw } from '../../accounts/account/account.rules.js';
import { accountSide, lineId } from '../../ledger/account-lines.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { isPending, type Failure, type ProviderOutcome } from '../payment-intent/payment-intent.rules.js';
import { callOf, type ProviderCall } from '../payment-intent/provider-calls.js';
import { SettlePaymentHandler, transactionIdOf } from './settle-payment.handler.js';

export interface SettleByAccountRequest {
  readonly paymentIntentId: string;
  readonly accountId: string;
  /** What the payment waits for, as its worker has seen it. */
  readonly call: ProviderCall;
  /** The lock of the payment. */
  readonly lease: Lease;
}

/** The account that takes the place of the provider; undefined: the provider is called. */
export const accountOf = (call: ProviderCall): string | undefined =>
  ACCOUNT_METHOD.exec(call.kind === 'charge' ? call.paymentMethod : call.providerReference)?.[1];

/** The outcome where the account pays, or is paid back. */
const doneOf = (call: ProviderCall, accountId: string): Extract<ProviderOutcome, { providerReference: string }> => {
  const providerReference = accountSide(accountId);
  if (call.kind === 'charge') return { kind: 'captured', providerReference, chargeId: call.chargeId };
  return { kind: 'refunded', providerReference, key: call.isWhole ? undefined : call.key };
};

const needs = ({ paymentIntentId, accountId, call }: SettleByAccountRequest) => ({
  intent: one(PaymentIntent, paymentIntentId),
  account: one(Account, accountId),
  entries: many(
    LedgerEntry,
    [accountSide(accountId), 'order_revenue' as const].map((side) =>
      lineId(transactionIdOf(doneOf(call, accountId), paymentIntentId), side),
    ),
  ),
});

/**
 * Takes what is asked for from an account, or gives it back: the balance, the payment, the pair of entries and the answer are written together, so
 * that nothing is unknown, and nothing is repeated.
 */
export class SettleByAccountHandler implements RequestHandler<
  SettleByAccountRequest,
  boolean,
  ReturnType<typeof needs>
> {
  readonly needs = needs;
  private readonly settlePayment = new SettlePaymentHandler();

  decide(
    { paymentIntentId, accountId, call, lease }: SettleByAccountRequest,
    { intent, account, entries }: LoadedNeeds<ReturnType<typeof needs>>,
    context: Pick<DecideContext, 'now'>,
  ): { answer: boolean; changes: Change[] } {
    const isDue = intent !== undefined && isPending(intent.state) && callOf(intent).key === call.key;
    if (!isDue) return { answer: false, changes: [] };
    const failure = call.kind === 'charge' ? failureOf(call.amount, intent.currency, account) : undefined;
    const outcome = failure
      ? { kind: 'refused' as const, failure, chargeId: call.kind === 'charge' ? call.chargeId : undefined }
      : doneOf(call, accountId);
    const payer = account && { account: accountSide(accountId), version: account.version + 1 };
    const settled = this.settlePayment.decide({ paymentIntentId, outcome, lease, payer }, { intent, entries }, context);
    if (!account || failure || settled.changes.length === 0) return settled;
    const moved = call.kind === 'charge' ? withdraw(account, call.amount) : deposit(account, call.amount);
    return { ...settled, changes: [update(Account, account, moved), ...settled.changes] };
  }
}

/** Why the account does not pay. */
function failureOf(amount: number, currency: string, account: Account | undefined): Failure | undefined {
  if (!account) return { reason: 'unknown_account', message: 'There is no such account.' };
  if (account.currency !== currency)
    return { reason: 'other_currency', message: `The account is in ${account.currency}.` };
  if (covers(account, amount)) return undefined;
  return { reason: 'insufficient_funds', message: 'The account does not cover the amount.' };
}
