import type { Evidence, ParkedFacts } from '../evidence.js';
import { isMessage } from '../is-message.js';
import { named, type Finding, type Invariant } from '../violation.js';

/** Messages held behind one that was replayed or discarded are released within this time. */
const RELEASED_WITHIN_MS = 15_000;

/** Causes that lie in the message itself: reading the message again must fail in the same way. */
export const UNREADABLE: ReadonlySet<string> = new Set([
  'not_cloudevents',
  'bad_json',
  'null_value',
  'oversize',
  'unknown_type',
  'schema_mismatch',
  'wrong_topic',
  'wrong_source',
]);

/**
 * I13: only poisoned messages, and those behind them, are parked. A message that is parked as unreadable cannot be read; a held one waits
 * behind a poisoned one of its key. A message whose handler always throws is poisoned too, and is listed for the operator.
 */
export const onlyPoisonIsParked: Invariant = {
  id: 'I13',
  title: 'nothing is parked but what is poisoned, and what waits behind it',
  *check(evidence) {
    for (const message of evidence.parked) {
      if (message.state === 'held') yield* waitsForNothing(evidence, message);
      // A cut message was larger, or damaged, when it was read.
      if (message.state === 'poisoned' && !message.cut && UNREADABLE.has(message.cause)) yield* readable(message);
    }
  },
};

function* waitsForNothing({ parked, takenAt }: Evidence, message: ParkedFacts): Generator<Finding> {
  const { service, key, changedAt } = message;
  const head = parked.some((other) => other.service === service && other.key === key && other.state === 'poisoned');
  if (head || takenAt - changedAt < RELEASED_WITHIN_MS) return;
  yield {
    what: `${message.type ?? 'a message'} ${message.id} waits at ${service}, and nothing of its key is poisoned there`,
    orderId: key,
    messages: [named(message)],
    remedy: `${service} lets it go by itself while it runs: see its /health/ready and its log, and \`npx backstep parked --service ${service}\`.`,
  };
}

function* readable(message: ParkedFacts): Generator<Finding> {
  if (!isMessage(message)) return;
  yield {
    what: `${message.type ?? 'a message'} ${message.id} is parked at ${message.service} as ${message.cause}, and can be read`,
    orderId: message.key,
    messages: [named(message)],
    remedy: `See what a replay would do: \`npx backstep parked replay ${message.id} --service ${message.service} --dry-run\`.`,
  };
}
