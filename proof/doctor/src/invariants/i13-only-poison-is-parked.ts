import type { Evidence, ParkedFacts } from '../evidence.js';
import { isMessage } from '../is-message.js';
import { named, type Finding, type Invariant } from '../violation.js';

/** What waits behind a message that was replayed or discarded is let go within this time. */
const RELEASED_WITHIN_MS = 15_000;

/** Parked because of what it is, not because of what happened: reading it again must fail in the same way. */
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
 * I13: nothing parked but what was poisoned. A message parked as unreadable cannot be read; one that waits, waits behind a
 * poisoned one of its key. What a handler refused every time is poison too, and is listed for the operator.
 */
export const onlyPoisonIsParked: Invariant = {
  id: 'I13',
  title: 'nothing is parked but what is poisoned, and what waits behind it',
  *check(evidence) {
    for (const message of evidence.parked) {
      if (message.state === 'held') yield* waitsForNothing(evidence, message);
      // What is cut was larger, or was damaged, when it was read.
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
    remedy: `Handle it again: \`npx backstep parked replay ${message.id} --service ${message.service}\`.`,
  };
}
