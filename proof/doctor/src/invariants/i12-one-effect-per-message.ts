import type { Evidence, LedgerFacts, MessageFacts } from '../evidence.js';
import { lookAt, named, told, type Finding, type Invariant } from '../violation.js';
import { MONEY_MESSAGES } from './i03-one-capture-per-intent.js';
import { revisionsOf } from './revisions.js';

/**
 * I12: an effect at most once per message, even after offsets are reset to zero.
 *
 * An event about a change has the version of its row; a repeated answer has none. So two events with a version that answer one command are
 * two effects. For money the ledger shows it; entries that do not balance are I4's.
 */
export const oneEffectPerMessage: Invariant = {
  id: 'I12',
  title: 'no message had its effect twice',
  *check(evidence) {
    for (const [key, log] of evidence.messages) yield* answeredTwice(key, log);
    yield* booksOfMoney(evidence);
  },
};

function* answeredTwice(key: string, log: readonly MessageFacts[]): Generator<Finding> {
  const effects = new Map<string, MessageFacts>();
  for (const message of log) {
    const { topic, commandId, id } = message;
    if (message.aggregateVersion === undefined || commandId === undefined) continue;
    const place = `${topic} ${commandId}`;
    const first = effects.get(place);
    if (!first) effects.set(place, message);
    else if (first.id !== id) {
      yield {
        what: `command ${commandId} of order ${key} had its effect twice: ${first.type} and ${message.type}`,
        orderId: key,
        sagaId: message.sagaId,
        messages: [named(first), named(message)],
        remedy: `See which of the two is too much: ${lookAt(key)}; then look for the command's id in the inbox of who answered.`,
      };
    }
  }
}

/** The ledger has more than the payment's row, which is written by the same statement. */
export function bookedTwice(evidence: Evidence, entry: LedgerFacts): boolean {
  const { paymentIntentId, captures, refunds, captured, refunded, balance } = entry;
  const payment = evidence.payments.get(paymentIntentId);
  if (balance !== 0) return false;
  if (!payment || payment.isOrdinary) {
    return (captures > 1 || refunds > 1) && revisionsOf(evidence, paymentIntentId).length === 0;
  }
  return captured > payment.captured || refunded > payment.refunded;
}

function* booksOfMoney(evidence: Evidence): Generator<Finding> {
  for (const entry of evidence.ledger.values()) {
    if (!bookedTwice(evidence, entry)) continue;
    const { paymentIntentId, captures, refunds } = entry;
    yield {
      what: `the ledger has ${captures} captures and ${refunds} refunds of payment ${paymentIntentId}`,
      orderId: paymentIntentId,
      messages: told(evidence, paymentIntentId, MONEY_MESSAGES),
      remedy: `Compare with the provider: ${lookAt(paymentIntentId)}; correct the ledger by opposite entries.`,
    };
  }
}
