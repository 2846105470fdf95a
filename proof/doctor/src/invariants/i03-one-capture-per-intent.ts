import { ChargePayment, PaymentCharged, PaymentRefunded, RefundPayment } from '@backstep/contracts';
import type { Evidence, OrderFacts } from '../evidence.js';
import { revisionsOf } from './revisions.js';
import { lookAt, told, type Finding, type Invariant } from '../violation.js';

/** The messages about an order's money. */
export const MONEY_MESSAGES = [ChargePayment.name, PaymentCharged.name, RefundPayment.name, PaymentRefunded.name];

/**
 * I3: the provider holds at most one capture per charge. Of a confirmed order, captured less refunded is its total; of one that came to
 * nothing, it is zero. What was captured for an intent of no order is the amount that the intent shows.
 *
 * What the provider holds for no order at all is I6's.
 */
export const oneCapturePerIntent: Invariant = {
  id: 'I3',
  title: 'one capture per charge; confirmed orders are paid in full, others not at all',
  *check(evidence) {
    for (const id of new Set([...(evidence.provider?.keys() ?? []), ...evidence.orders.keys()])) {
      const finding = wrongAtProvider(evidence, id);
      if (finding) yield finding;
    }
  },
};

/** What I3 finds wrong with one payment; undefined when nothing, or when the provider could not be read. */
export function wrongAtProvider(evidence: Evidence, id: string): Finding | undefined {
  const { provider, orders } = evidence;
  if (!provider) return undefined;
  const payments = provider.get(id) ?? [];
  const captures = payments.filter(({ captured }) => captured > 0);
  const named = { orderId: id, references: payments.map(({ reference }) => reference) };
  // A provider that does not name the charges may have one more for each revision of the order.
  const isTold = captures.some(({ chargeId }) => chargeId !== undefined);
  const unnamed = isTold ? 1 : 1 + revisionsOf(evidence, id).length;
  for (const charge of new Set(captures.map(({ chargeId = id }) => chargeId))) {
    const times = captures.filter(({ chargeId = id }) => chargeId === charge).length;
    if (times <= (charge === id ? unnamed : 1)) continue;
    return {
      ...named,
      what: `${charge === id ? '' : `charge ${charge} of `}payment ${id} was captured ${times} times`,
      messages: told(evidence, id, MONEY_MESSAGES),
      remedy: `Refund all but one at the provider; then see who charged without the idempotency key charge:${charge}: ${lookAt(id)}.`,
    };
  }
  const free = evidence.payments.get(id);
  const other =
    free &&
    !free.forOrder &&
    AMOUNT_IS_FIXED.has(free.status) &&
    captures.find(({ captured }) => captured !== free.amount);
  if (free && other) {
    return {
      ...named,
      what: `intent ${id} is of ${free.amount} ${free.currency} (minor units), and the provider captured ${other.captured}`,
      remedy:
        'Refund the difference, or all of it, at the provider; then see who changed the amount of an intent that was being charged.',
    };
  }
  const order = orders.get(id);
  const due = order && dueOf(order);
  if (!order || due === undefined) return undefined;
  const kept = payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  const foreign = captures.find(({ currency }) => currency !== order.currency);
  if (kept === due && !foreign) return undefined;
  return {
    ...named,
    what: foreign
      ? `order ${id} is in ${order.currency}, and its payment in ${foreign.currency}`
      : `order ${id} is ${order.status}: the provider should keep ${due} ${order.currency} (minor units) and keeps ${kept}`,
    messages: told(evidence, id, MONEY_MESSAGES),
    remedy: `See what its saga believes: ${lookAt(id)}; then correct the payment at the provider.`,
  };
}

/** From the request for the charge on. */
const AMOUNT_IS_FIXED: ReadonlySet<string> = new Set(['CHARGE_REQUESTED', 'CHARGED', 'REFUND_REQUESTED', 'REFUNDED']);

/** The amount that the provider must hold for an ended order, minor units; undefined before its end. */
export const dueOf = ({ status, total }: OrderFacts): number | undefined =>
  status === 'CONFIRMED' ? total : status === 'REJECTED' || status === 'CANCELLED' ? 0 : undefined;
