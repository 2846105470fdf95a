import type { Evidence, ProviderFacts } from '../evidence.js';
import { lookAt, type Finding, type Invariant } from '../violation.js';

/**
 * I3: the provider holds at most one capture per payment intent. Of a confirmed order, captured less refunded is its total;
 * of one that came to nothing, it is zero.
 */
export const oneCapturePerIntent: Invariant = {
  id: 'I3',
  title: 'one capture per payment; confirmed orders are paid in full, others not at all',
  *check(evidence) {
    for (const [paymentIntentId, payments] of evidence.provider) yield* capturedTwice(paymentIntentId, payments);
    yield* paidOtherwise(evidence);
  },
};

function* capturedTwice(paymentIntentId: string, payments: readonly ProviderFacts[]): Generator<Finding> {
  const captures = payments.filter(({ captured }) => captured > 0);
  if (captures.length < 2) return;
  yield {
    what: `payment ${paymentIntentId} was captured ${captures.length} times`,
    orderId: paymentIntentId,
    references: captures.map(({ reference }) => reference),
    remedy:
      'Refund all but one at the provider, and find out who charged without the idempotency key `charge:<paymentIntentId>`.',
  };
}

function* paidOtherwise({ orders, provider }: Evidence): Generator<Finding> {
  for (const { id: orderId, status, total, currency } of orders.values()) {
    const due = status === 'CONFIRMED' ? total : status === 'REJECTED' || status === 'CANCELLED' ? 0 : undefined;
    if (due === undefined) continue;
    const payments = provider.get(orderId) ?? [];
    const kept = payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
    const foreign = payments.find((payment) => payment.captured > 0 && payment.currency !== currency);
    if (kept === due && !foreign) continue;
    yield {
      what: foreign
        ? `order ${orderId} is in ${currency}, and its payment in ${foreign.currency}`
        : `order ${orderId} is ${status}: the provider should keep ${due} ${currency} (minor units) and keeps ${kept}`,
      orderId,
      references: payments.map(({ reference }) => reference),
      remedy: `See what its saga believes: ${lookAt(orderId)}; then correct the payment at the provider.`,
    };
  }
}
