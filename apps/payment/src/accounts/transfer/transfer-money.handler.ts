import type { TransferRequest, TransferView } from '@backstep/contracts/http';
import { lane } from '@backstep/lanes';
import {
  insert,
  many,
  one,
  update,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { Account } from '../account/account.entity.js';
import { deposit, refusalOf, withdraw } from '../account/account.rules.js';
import { accountSide, lineId, linesOf, type Side } from '../../ledger/account-lines.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { DATABASE_NOW } from '../../moment.js';
import { Transfer } from './transfer.entity.js';
import { currencyOf, sameTransfer } from './transfer.rules.js';
import { transferView } from './transfer.view.js';

export interface TransferOrder extends TransferRequest {
  readonly id: string;
  /** The currency of both accounts when the transfer was requested. A queued transfer is shown with it. */
  readonly currency: string;
}

const transactionOf = (id: string): string => `transfer:${id}`;
const sideOf = ({ id, version }: Account): Side => ({ account: accountSide(id), version: version + 1 });

const needs = ({ id, from, to }: TransferOrder) => ({
  known: one(Transfer, id),
  accounts: many(Account, [from, to]),
  entries: many(
    LedgerEntry,
    [from, to].map((account) => lineId(transactionOf(id), accountSide(account))),
  ),
});

/** Moves money from one account to another, or stores why not. Both accounts are needed, so transfers of either keep their order in the lane. */
export class TransferMoneyHandler implements RequestHandler<TransferOrder, TransferView, ReturnType<typeof needs>> {
  readonly needs = needs;

  decide(
    asked: TransferOrder,
    { known, accounts }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: TransferView; changes: Change[] } {
    if (known) return { answer: sameTransfer(transferView(known), asked), changes: [] };

    const { id, from, to, amount, reference } = asked;
    const currency = currencyOf(asked, new Map([...accounts].map(([key, account]) => [key, account.currency])));
    const [payer, payee] = [accounts.get(from) as Account, accounts.get(to) as Account];
    const settled = { id, from, to, amount, currency, reference, settledAt: new Date(now) };
    const reason = refusalOf(payer, payee, amount);
    if (reason) {
      const rejected = insert(Transfer, { ...settled, status: 'REJECTED', reason });
      return { answer: transferView(rejected.row), changes: [rejected] };
    }
    const applied = insert(Transfer, { ...settled, status: 'APPLIED', reason: null });
    const lines = linesOf({
      transactionId: transactionOf(id),
      debit: sideOf(payer),
      credit: sideOf(payee),
      amount,
      currency,
    });
    return {
      answer: transferView(applied.row),
      changes: [
        applied,
        update(Account, payer, withdraw(payer, amount)),
        update(Account, payee, deposit(payee, amount)),
        ...lines.map((line) => insert(LedgerEntry, { madeAt: DATABASE_NOW, ...line })),
      ],
    };
  }
}

export const transferMoney = new TransferMoneyHandler();

/** The queue in front of it. A request with `skipQueue` goes to the handler itself. */
export const transfers = lane('transfers', transferMoney);
