import type {
  AccountFacts,
  Evidence,
  LedgerFacts,
  MisbookedTransfer,
  PaymentFacts,
  ProviderFacts,
  ReservationFacts,
  ShipmentFacts,
  StockFacts,
} from '@backstep/doctor';
import { lineOf } from './orders.js';
import type { Snapshot } from './snapshot.js';

/** One statement, so that a SKU's five figures are of one moment. */
const STOCK = `
  SELECT s.sku, s.on_hand::float8 AS "onHand", s.reserved::float8 AS reserved, coalesce(a.adjusted, 0)::float8 AS adjusted, coalesce(h.held, 0)::float8 AS held,
    coalesce(g.shipped, 0)::float8 AS shipped
  FROM stock s
  LEFT JOIN (SELECT sku, sum(delta) AS adjusted FROM stock_adjustment GROUP BY sku) a USING (sku)
  LEFT JOIN (
    SELECT line ->> 'sku' AS sku, sum((line ->> 'quantity')::bigint) AS held
    FROM reservation, jsonb_array_elements(items) AS line WHERE status IN ('HELD', 'SHIPPED') GROUP BY 1) h USING (sku)
  LEFT JOIN (
    SELECT line ->> 'sku' AS sku, sum((line ->> 'quantity')::bigint) AS shipped
    FROM goods_issue, jsonb_array_elements(items) AS line GROUP BY 1) g USING (sku)
  ORDER BY s.sku`;

const RESERVATIONS = `
  SELECT order_id AS "orderId", status, coalesce(g.items, r.items) AS items
  FROM reservation r LEFT JOIN goods_issue g USING (order_id) WHERE order_id > $1 ORDER BY order_id LIMIT $2`;

const SHIPMENTS = `
  SELECT order_id AS "orderId", status, items FROM shipment WHERE order_id > $1 ORDER BY order_id LIMIT $2`;

const PAYMENTS = `
  SELECT id, for_order AS "forOrder", status, amount::float8 AS amount, currency,
    coalesce(c.captured, CASE WHEN status IN ('CHARGED', 'REFUND_REQUESTED', 'REFUNDED') THEN amount ELSE 0 END)::float8 AS captured,
    coalesce(c.refunded, CASE WHEN status = 'REFUNDED' THEN amount ELSE 0 END)::float8 AS refunded,
    c.captured IS NULL AS "isOrdinary"
  FROM payment_intent, LATERAL (
    SELECT sum((one ->> 'amount')::bigint) AS captured, sum((one ->> 'refunded')::bigint) AS refunded
    FROM jsonb_array_elements(state -> 'charges') AS one) AS c
  WHERE id > $1 ORDER BY id LIMIT $2`;

/** Of whoever holds the money, the provider or an account of ours: all but the revenue; the balance of all. */
const LEDGER = `
  SELECT payment_intent_id AS "paymentIntentId", min(currency) AS currency, sum(amount)::float8 AS balance,
    (count(*) FILTER (WHERE account <> 'order_revenue' AND amount > 0))::int AS captures,
    (count(*) FILTER (WHERE account <> 'order_revenue' AND amount < 0))::int AS refunds,
    coalesce(sum(amount) FILTER (WHERE account <> 'order_revenue' AND amount > 0), 0)::float8 AS captured,
    coalesce(-sum(amount) FILTER (WHERE account <> 'order_revenue' AND amount < 0), 0)::float8 AS refunded
  FROM ledger_entry WHERE payment_intent_id > $1 GROUP BY payment_intent_id ORDER BY payment_intent_id`;

/** What orders have paid from accounts of ours, which take the place of the provider. */
const PAID_BY_ACCOUNTS = `
  SELECT payment_intent_id AS "orderId", account AS reference, min(currency) AS currency,
    coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::float8 AS captured,
    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::float8 AS refunded
  FROM ledger_entry WHERE payment_intent_id > $1 AND account LIKE 'account:%' GROUP BY payment_intent_id, account`;

/** One statement, so that a balance and its entries are of one moment. It reads all entries of accounts. */
const ACCOUNTS = `
  SELECT a.id, a.balance::float8 AS balance, a.overdraft_limit::float8 AS "overdraftLimit", a.version::float8 AS version,
    coalesce(-sum(e.amount), 0)::float8 AS added, count(e.id)::int AS entries, count(DISTINCT e.account_version)::int AS versions,
    coalesce(max(e.account_version), 0)::float8 AS "lastVersion"
  FROM account a LEFT JOIN ledger_entry e ON e.account = 'account:' || a.id
  GROUP BY a.id ORDER BY a.id`;

/** Of what belongs to no payment. */
const UNBALANCED = `
  SELECT transaction_id AS "transactionId", sum(amount)::float8 AS sum
  FROM ledger_entry WHERE payment_intent_id IS NULL GROUP BY transaction_id HAVING sum(amount) <> 0 ORDER BY transaction_id LIMIT 100`;

/** By one statement, so that a transfer and its entries are of one moment. It reads all transfers. */
const MISBOOKED = `
  SELECT coalesce(t.id::text, substr(e.transaction_id, length('transfer:') + 1)) AS id, t.status, t.from_account AS "from",
    count(e.id)::int AS entries
  FROM transfer t
  FULL JOIN (SELECT id, transaction_id, account, amount FROM ledger_entry WHERE transaction_id LIKE 'transfer:%') e
    ON e.transaction_id = 'transfer:' || t.id
  GROUP BY 1, t.id
  HAVING t.id IS NULL OR count(e.id) <> CASE t.status WHEN 'APPLIED' THEN 2 ELSE 0 END
    OR count(*) FILTER (WHERE (e.account, e.amount) NOT IN (('account:' || t.from_account, t.amount), ('account:' || t.to_account, -t.amount))) > 0
  ORDER BY 1 LIMIT 100`;

export async function gatherInventory(snapshot: Snapshot, from: string) {
  const stock = await snapshot.rows<StockFacts>(STOCK);
  const reservations = new Map<string, ReservationFacts>();
  for await (const page of snapshot.pages<ReservationFacts>(RESERVATIONS, ({ orderId }) => orderId, from)) {
    for (const { orderId, status, items } of page) {
      reservations.set(orderId, { orderId, status, items: items.map(lineOf) });
    }
  }
  return { stock, reservations };
}

export async function gatherShipments(snapshot: Snapshot, from: string) {
  const shipments = new Map<string, ShipmentFacts>();
  for await (const page of snapshot.pages<ShipmentFacts>(SHIPMENTS, ({ orderId }) => orderId, from)) {
    for (const { orderId, status, items } of page)
      shipments.set(orderId, { orderId, status, items: items.map(lineOf) });
  }
  return { shipments };
}

export async function gatherPayments(snapshot: Snapshot, from: string) {
  const payments = new Map<string, PaymentFacts>();
  for await (const page of snapshot.pages<PaymentFacts>(PAYMENTS, ({ id }) => id, from)) {
    for (const payment of page) payments.set(payment.id, payment);
  }
  const entries = await snapshot.rows<LedgerFacts>(LEDGER, [from]);
  const paidByAccounts = await snapshot.rows<ProviderFacts>(PAID_BY_ACCOUNTS, [from]);
  const accounts = await snapshot.rows<AccountFacts>(ACCOUNTS);
  const unbalanced = await snapshot.rows<Evidence['unbalanced'][number]>(UNBALANCED);
  const misbooked = await snapshot.rows<MisbookedTransfer>(MISBOOKED);
  return {
    payments,
    ledger: new Map(entries.map((entry) => [entry.paymentIntentId, entry])),
    accounts,
    unbalanced,
    misbooked,
    paidByAccounts,
  };
}
