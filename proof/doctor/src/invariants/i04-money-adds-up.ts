import { tooNew, underWay, type Evidence, type LedgerFacts } from '../evidence.js';
import { lookAt, told, type Finding, type Invariant } from '../violation.js';
import { dueOf, MONEY_MESSAGES, wrongAtProvider } from './i03-one-capture-per-intent.js';
import { chargedWithoutOrder } from './i06-nothing-without-its-order.js';
import { bookedTwice } from './i12-one-effect-per-message.js';

/**
 * I4: what the provider keeps, what the payment service's ledger says, and the totals of the confirmed orders are one sum.
 *
 * Payment by payment, so that a difference has a name; when no payment differs, neither do the sums. I3 compares provider and
 * order, I6 finds money without an order, I12 what is booked twice: of the payments that are sound there, provider and ledger
 * are compared here. Orders on their way are left out: their money may be moving.
 */
export const moneyAddsUp: Invariant = {
  id: 'I4',
  title: 'provider, ledger and confirmed orders tell the same sum',
  *check(evidence) {
    const { provider, ledger, orders } = evidence;
    for (const entry of ledger.values()) if (entry.balance !== 0) yield unbalanced(evidence, entry);
    for (const id of new Set([...(provider ?? orders).keys(), ...ledger.keys()])) {
      if (underWay(evidence, id) || isMoving(evidence, id) || tooNew(evidence, id) || isNamedElsewhere(evidence, id))
        continue;
      const finding = provider ? unlikeProvider(evidence, id) : unlikeOrder(evidence, id);
      if (finding) yield finding;
    }
  },
};

const MOVING: ReadonlySet<string> = new Set(['CREATED', 'CHARGE_REQUESTED', 'REFUND_REQUESTED']);

/** An intent of no order for which money may be moving, while the system is not at rest. */
function isMoving({ atRest, payments }: Evidence, id: string): boolean {
  const payment = payments.get(id);
  return !atRest && payment?.forOrder === false && MOVING.has(payment.status);
}

function isNamedElsewhere(evidence: Evidence, id: string): boolean {
  const entry = evidence.ledger.get(id);
  if (entry && (entry.balance !== 0 || bookedTwice(evidence, entry))) return true;
  return wrongAtProvider(evidence, id) !== undefined || chargedWithoutOrder(evidence, id);
}

const unbalanced = (evidence: Evidence, { paymentIntentId, balance }: LedgerFacts): Finding => ({
  what: `the ledger entries of payment ${paymentIntentId} add up to ${balance}, not to zero`,
  orderId: paymentIntentId,
  messages: told(evidence, paymentIntentId, MONEY_MESSAGES),
  remedy: `The table refuses such entries: find out who switched its triggers off (ledger_entry of backstep_payment); see what happened with ${lookAt(paymentIntentId)}.`,
});

function unlikeProvider(evidence: Evidence, id: string): Finding | undefined {
  const payments = evidence.provider?.get(id) ?? [];
  const captured = payments.reduce((sum, payment) => sum + payment.captured, 0);
  const refunded = payments.reduce((sum, payment) => sum + payment.refunded, 0);
  const written = evidence.ledger.get(id);
  if (captured === (written?.captured ?? 0) && refunded === (written?.refunded ?? 0)) return undefined;
  return {
    what: `payment ${id}: the provider captured ${captured} and refunded ${refunded}, the ledger says ${written?.captured ?? 0} and ${written?.refunded ?? 0}`,
    orderId: id,
    references: payments.map(({ reference }) => reference),
    messages: told(evidence, id, MONEY_MESSAGES),
    remedy: `The provider is right: see what the payment service recorded with ${lookAt(id)}, and write the missing entries.`,
  };
}

/** Where the provider cannot be read, the ledger still must say what the order does. */
function unlikeOrder(evidence: Evidence, id: string): Finding | undefined {
  const order = evidence.orders.get(id);
  const payment = evidence.payments.get(id);
  const due = order ? dueOf(order) : payment?.forOrder === false ? payment.captured - payment.refunded : 0;
  const written = evidence.ledger.get(id);
  const kept = (written?.captured ?? 0) - (written?.refunded ?? 0);
  if (due === undefined || kept === due) return undefined;
  return {
    what: `order ${id} is ${order?.status ?? 'not there'}: the ledger should keep ${due} (minor units) and keeps ${kept}`,
    orderId: id,
    messages: told(evidence, id, MONEY_MESSAGES),
    remedy: `Compare with the provider what the payment service recorded: ${lookAt(id)}.`,
  };
}
