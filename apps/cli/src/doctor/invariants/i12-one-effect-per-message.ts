import type { Evidence, MessageFacts } from '../evidence.js';
import { lookAt, named, type Finding, type Invariant } from '../violation.js';

/**
 * I12: an effect at most once per message, even after offsets are reset to zero.
 *
 * An event that tells a change carries the version it made; one that repeats an answer carries none. So two events with a
 * version that answer one command, or come of one message in one service, are two effects. The ledger tells it of money.
 */
export const oneEffectPerMessage: Invariant = {
  id: 'I12',
  title: 'no message had its effect twice',
  *check(evidence) {
    for (const [key, log] of evidence.messages) yield* answeredTwice(key, log);
    yield* bookedTwice(evidence);
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

function* bookedTwice({ ledger }: Evidence): Generator<Finding> {
  for (const { paymentIntentId, captures, refunds } of ledger.values()) {
    if (captures <= 1 && refunds <= 1) continue;
    yield {
      what: `the ledger has ${captures} captures and ${refunds} refunds of payment ${paymentIntentId}`,
      orderId: paymentIntentId,
      remedy: `Compare with the provider: ${lookAt(paymentIntentId)}; correct the ledger by opposite entries.`,
    };
  }
}
