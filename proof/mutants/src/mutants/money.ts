import type { Mutant } from '../mutant.js';
import { SIMULATED, spec } from './checks.js';
import { unchecked } from './rows.js';

const TRANSFER = 'apps/payment/src/accounts/transfer/transfer-money.handler.ts';

const BY_ACCOUNT = 'apps/payment/src/intents/settle-payment/settle-by-account.handler.ts';

const PAID_FROM = spec('apps/payment/src/intents/settle-payment/when-an-order-is-paid-from-an-account.int.spec.ts');
const TAKEN = spec('apps/payment/src/accounts/account/when-money-is-taken.unit.spec.ts');
const MOVED = spec('apps/payment/src/accounts/transfer/when-money-is-transferred.unit.spec.ts');
const BY_VERSIONS = spec('apps/payment/src/accounts/transfer/when-a-lock-store-lies.int.spec.ts');
const SERVED = spec('apps/payment/src/accounts/transfer/when-transfers-are-requested.int.spec.ts');

/** What keeps money that moves from being made, lost or moved twice. */
export const MONEY: readonly Mutant[] = [
  {
    name: 'overdraft-unchecked',
    prevents: 'More is taken from an account than it covers.',
    edits: [
      {
        file: 'apps/payment/src/accounts/account/account.rules.ts',
        find: 'balance - amount >= -overdraftLimit;',
        replace: 'balance - amount >= -overdraftLimit || amount > 0;',
      },
    ],
    check: TAKEN,
  },
  {
    name: 'transfer-of-one-side',
    prevents: 'A transfer is taken from one account and given to none.',
    edits: [{ file: TRANSFER, find: 'update(Account, payee, deposit(payee, amount)),', replace: '' }],
    check: MOVED,
  },
  {
    name: 'transfer-not-in-the-ledger',
    prevents: 'A balance changes, and no entry of the ledger says why.',
    edits: [
      {
        file: TRANSFER,
        find: '...lines.map((line) => insert(LedgerEntry, { madeAt: DATABASE_NOW, ...line })),',
        replace: '',
      },
    ],
    check: MOVED,
  },
  {
    name: 'account-not-paid-back',
    prevents: 'An order that is refused keeps the money of the account that has paid it.',
    edits: [
      {
        file: BY_ACCOUNT,
        find: "const moved = call.kind === 'charge' ? withdraw(account, call.amount) : deposit(account, call.amount);",
        replace:
          "void deposit;\n    if (call.kind === 'refund') return settled;\n    const moved = withdraw(account, call.amount);",
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'charges-of-an-account-confused',
    prevents: 'A refund of the second charge of an account is taken for one of the first, and never made.',
    edits: [
      {
        file: 'apps/payment/src/intents/payment-intent/settle.rules.ts',
        find: 'from.some(({ chargeId }) => chargeId === part.chargeId)',
        replace: 'from[0]?.chargeId === part.chargeId',
      },
    ],
    check: PAID_FROM,
  },
  {
    name: 'account-unchecked',
    prevents: 'Two transfers at once take the same money of one account.',
    edits: unchecked('account'),
    check: BY_VERSIONS,
  },
  {
    name: 'transfer-without-its-key',
    prevents: 'A transfer whose answer was lost is made once more when it is sent again.',
    edits: [
      {
        file: 'apps/payment/src/accounts/transfer/transfers.controller.ts',
        find: "key === undefined ? newId() : derivedId('transfer', key)",
        replace: "key === undefined ? derivedId('transfer', '') : newId()",
      },
    ],
    check: SERVED,
  },
];
