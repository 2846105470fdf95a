import type { AccountFacts, MisbookedTransfer } from '../evidence.js';
import type { Finding, Invariant } from '../violation.js';

/**
 * I14: the balance of an account is what its entries in the ledger add up to, and no lower than its overdraft limit allows; each entry made a
 * version of its own; what moves money between accounts adds up to zero, and a transfer is in the ledger once if it was applied, and else not at all.
 *
 * Balances and entries come from one snapshot, so they are of one moment also while money moves. Entries of payments that do not add up are I4's.
 */
export const accountsAddUp: Invariant = {
  id: 'I14',
  title:
    'balances are what their entries add up to, none is below its limit, and each applied transfer is in the ledger once',
  *check({ accounts, unbalanced, misbooked }) {
    for (const account of accounts) for (const what of wrong(account)) yield finding(account, what);
    for (const { transactionId, sum } of unbalanced) {
      yield {
        what: `the ledger entries of ${transactionId} add up to ${sum}, not to zero`,
        remedy: `The table refuses such entries: find out who switched its triggers off (ledger_entry of backstep_payment), and write the missing side of ${transactionId}.`,
      };
    }
    for (const transfer of misbooked) yield misbookedTransfer(transfer);
  },
};

const misbookedTransfer = (transfer: MisbookedTransfer): Finding => {
  const { id, from } = transfer;
  const look = from === null ? '' : `See who pays, \`npx backstep account ${from}\`; then `;
  return {
    what: misbookedAs(transfer),
    remedy: `${look}compare transfer and ledger_entry (transfer:${id}) of backstep_payment: one statement writes both, so find out who has written to one of them alone.`,
  };
};

function misbookedAs({ id, status, entries }: MisbookedTransfer): string {
  if (status === null) return `the ledger has ${entries} entries of transfer ${id}, and there is no such transfer`;
  if (status === 'REJECTED') return `transfer ${id} is REJECTED, and the ledger has ${entries} entries of it`;
  return entries === 2
    ? `transfer ${id} is APPLIED, and its entries in the ledger are of other accounts or amounts`
    : `transfer ${id} is APPLIED, and the ledger has ${entries} entries of it, not 2`;
}

function* wrong({ id, balance, overdraftLimit, version, added, entries, versions, lastVersion }: AccountFacts) {
  if (balance !== added) yield `account ${id} has a balance of ${balance}, and its entries add up to ${added}`;
  if (balance < -overdraftLimit)
    yield `account ${id} has a balance of ${balance}, below its limit of ${-overdraftLimit}`;
  if (entries !== versions)
    yield `account ${id} has ${entries} entries, which made ${versions} versions of it: two writers did not see each other`;
  if (lastVersion > version) yield `account ${id} is at version ${version}, and an entry made version ${lastVersion}`;
}

const finding = ({ id }: AccountFacts, what: string): Finding => ({
  what,
  remedy: `See it, \`npx backstep account ${id}\`; then compare account and ledger_entry of backstep_payment: the entries (account:${id}) are the truth about what was moved.`,
});
