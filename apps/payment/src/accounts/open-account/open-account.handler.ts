import type { AccountView, OpenAccountRequest } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  insert,
  many,
  one,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { Account } from '../account/account.entity.js';
import { accountView } from '../account/account.view.js';
import { accountSide, linesOf, lineId, type Side } from '../../ledger/account-lines.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { DATABASE_NOW } from '../../moment.js';

export interface NewAccount extends OpenAccountRequest {
  readonly id: string;
}

const DEPOSITS: Side = { account: 'deposits', version: null };
const depositOf = (id: string): string => `deposit:${id}`;

const needs = ({ id }: NewAccount) => ({
  account: one(Account, id),
  entries: many(
    LedgerEntry,
    [DEPOSITS.account, accountSide(id)].map((account) => lineId(depositOf(id), account)),
  ),
});

/** Opens an account. What is paid in comes from the ledger's account `deposits`, so that all entries still add up to zero. */
export class OpenAccountHandler implements RequestHandler<NewAccount, AccountView, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    { id, currency, openingBalance, overdraftLimit }: NewAccount,
    { account }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: AccountView; changes: Change[] } {
    if (account) throw new Error(`the account ${id} is opened already`);
    const opened = insert(Account, { id, currency, balance: openingBalance, overdraftLimit, openedAt: new Date(now) });
    const answer = accountView({ ...opened.row, version: 1 });
    if (openingBalance === 0) return { answer, changes: [opened] };
    const lines = linesOf({
      transactionId: depositOf(id),
      debit: DEPOSITS,
      credit: { account: accountSide(id), version: 1 },
      amount: openingBalance,
      currency,
    });
    return {
      answer,
      changes: [opened, ...lines.map((line) => insert(LedgerEntry, { madeAt: DATABASE_NOW, ...line }))],
    };
  }
}

/** The same with one account for one key. */
export const openAccountOnce = idempotent(new OpenAccountHandler(), { operation: 'openAccount' });
