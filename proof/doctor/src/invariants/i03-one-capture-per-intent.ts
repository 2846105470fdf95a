import { ChargePayment, PaymentCharged, PaymentRefunded, RefundPayment } from '@backstep/contracts';
import type { Evidence, OrderFacts } from '../evidence.js';
import { revisionsOf } from './revisions.js';
import { lookAt, told, type Finding, type Invariant } from '../violation.js';

/** The messages about an order's money. */
export const MONEY_MESSAGES = [ChargePayment.name, PaymentCharged.name, RefundPayment.name, PaymentRefunded.name];

/**
 * I3: the provider holds at most one capture per payment intent, and one more for each revision of its order. Of a confirmed order, captured less refunded is its total;
 * of one that came to nothing, it is zero.
 *
 * What the provider holds for no order at all is I6's.
 */
export const oneCapturePerIntent: Invariant = {
  id: 'I3',
  title: 'one capture per payment; confirmed orders are paid in full, others not at all',
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
  if (captures.length > 1 + revisionsOf(evidence, id).length) {
    return {
      ...named,
      what: `payment ${id} was captured ${captures.length} times`,
      messages: told(evidence, id, MONEY_MESSAGES),
      remedy: `Refund all but one at the provider; then see who charged without the idempotency key charge:${id}: ${lookAt(id)}.`,
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

/** The amount that the provider must hold for an ended order, minor units; undefined before its end. */
export const dueOf = ({ status, total }: OrderFacts): number | undefined =>
  status === 'CONFIRMED' ? total : status === 'REJECTED' || status === 'CANCELLED' ? 0 : undefined;
