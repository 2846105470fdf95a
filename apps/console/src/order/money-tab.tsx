import type { Evidence } from '../api/types.js';
import { moneyText } from '../ui/money-text.js';
import { Empty } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { balancesOf, imbalancesOf, ledgerOf } from './money.js';
import { Table } from './rows-tab.js';
import styles from './order.module.css';

/** What was taken and given back, as the payment and the ledger have it, and whether the two sides are even. */
export function MoneyTab({ evidence }: { readonly evidence: Evidence }) {
  const { intents } = evidence;
  const entries = ledgerOf(evidence);
  const uneven = imbalancesOf(entries);
  if (intents.length === 0)
    return (
      <Empty title="No money has been asked for">
        <p>
          {evidence.missing.some(({ source }) => source === 'payment')
            ? 'The payment service does not answer, so this may not be so.'
            : 'The order has no payment yet, or ended before it was charged.'}
        </p>
      </Empty>
    );
  return (
    <div className={styles['tables']}>
      <Table
        title="Payments"
        columns={['Payment', 'State', 'Asked for', 'Taken', 'Given back', 'Left', 'Calls to the provider', 'Why']}
        rows={intents.map(({ id, status, amount, currency, capturedAmount, refundedAmount, attempts, ...rest }) => [
          <code key="id">{id}</code>,
          status,
          moneyText(amount, currency),
          moneyText(capturedAmount, currency),
          moneyText(refundedAmount, currency),
          moneyText(capturedAmount - refundedAmount, currency),
          attempts,
          safeText(rest.problem ?? (rest.failure ? `${rest.failure.reason}: ${rest.failure.message}` : '')),
        ])}
      />
      <Table
        title="Charges"
        columns={['Charge', 'Taken', 'Given back', 'At the provider']}
        rows={intents.flatMap(({ charges, currency }) =>
          charges.map(({ id, amount, refundedAmount, providerReference }) => [
            <code key="id">{id}</code>,
            moneyText(amount, currency),
            moneyText(refundedAmount, currency),
            safeText(providerReference ?? 'not known'),
          ]),
        )}
      />
      <Table
        title="Ledger"
        columns={['Entry', 'Account', 'Amount']}
        rows={entries.map(({ key, account, amount, currency }) => [
          <code key="id">{safeText(key)}</code>,
          account,
          moneyText(amount, currency),
        ])}
      />
      <Table
        title="Left in the accounts"
        columns={['Account', 'Amount']}
        rows={balancesOf(entries).map(({ account, amount, currency }) => [account, moneyText(amount, currency)])}
      />
      {entries.length > 0 && (
        <p role="status" className={uneven.length === 0 ? styles['even'] : styles['uneven']}>
          <span aria-hidden="true">{uneven.length === 0 ? '✓ ' : '⬣ '}</span>
          {uneven.length === 0
            ? `The ${entries.length} entries add up to nothing, as they must.`
            : `The entries do not add up: ${uneven.map(({ amount, currency }) => moneyText(amount, currency)).join(', ')} too much.`}
        </p>
      )}
    </div>
  );
}
