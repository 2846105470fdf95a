import type { AccountFacts } from '../evidence.js';
import type { Finding, Invariant } from '../violation.js';

/**
 * I14: the balance of an account is what its entries in the ledger add up to, and no lower than its overdraft limit allows; each entry made a
 * version of its own; and what moves money between accounts adds up to zero.
 *
 * Balances and entries come from one statement, so they are of one moment also while money moves. Entries of payments that do not add up are I4's.
 */
export const accountsAddUp: Invariant = {
  id: 'I14',
  title: 'balances are what their entries add up to, none is below its limit, and transfers add up to zero',
  *check({ accounts, unbalanced }) {
    for (const account of accounts) for (const what of wrong(account)) yield finding(account, what);
    for (const { transactionId, sum } of unbalanced) {
      yield {
        what: `the ledger entries of ${transactionId} add up to ${sum}, not to zero`,
        remedy: `The table refuses such entries: find out who switched its triggers off (ledger_entry of backstep_payment), and write the missing side of ${transactionId}.`,
      };
    }
  },
};

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
