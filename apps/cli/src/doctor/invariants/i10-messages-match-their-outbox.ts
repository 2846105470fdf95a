import { ProductListed, ProductRepriced, TOPICS, type ServiceName } from '@backstep/contracts';
import { bornAt, type Evidence, type MessageFacts } from '../evidence.js';
import { named, type Finding, type Invariant } from '../violation.js';

/** What a crashed process left in its outbox is taken over within this time. */
const PUBLISHED_WITHIN_MS = 20_000;
/** From Kafka to the inbox of who reads it, when all is well. */
const HANDLED_WITHIN_MS = 5_000;
/** Two hosts' clocks differ by less. */
const CLOCK_SKEW_MS = 1_000;

const OURS: ReadonlySet<string> = new Set(TOPICS.map(({ name }) => name));
const PRODUCT_EVENTS: ReadonlySet<string> = new Set([ProductListed.name, ProductRepriced.name]);

/**
 * I10: messages match one to one by id, from the outbox to Kafka to the inbox of who reads them; nothing is unpublished when idle.
 *
 * A published outbox row is deleted, so a message that Kafka lost shows in an inbox only. What was made before Kafka's oldest
 * messages is not asked for: Kafka forgets by its retention, and may lose its disk without anything being lost.
 */
export const messagesMatchTheirOutbox: Invariant = {
  id: 'I10',
  title: 'what was committed is in Kafka, and what is in Kafka was handled',
  *check(evidence) {
    yield* unpublished(evidence);
    yield* sameIdOtherMessage(evidence);
    yield* unhandled(evidence);
    yield* handledFromNowhere(evidence);
  },
};

function* unpublished({ outbox, takenAt }: Evidence): Generator<Finding> {
  for (const { service, id, topic, key, createdAt } of outbox) {
    const ageMs = takenAt - createdAt;
    if (ageMs < PUBLISHED_WITHIN_MS) continue;
    yield {
      what: `message ${id} for ${topic} (key ${key}) has been in the outbox of ${service} for ${Math.round(ageMs / 1_000)} s`,
      orderId: key,
      remedy: `See whether ${service} reaches Kafka: its /health/ready, and its log for "the outbox relay could not".`,
    };
  }
}

function* sameIdOtherMessage({ messages }: Evidence): Generator<Finding> {
  const byId = new Map<string, MessageFacts>();
  for (const log of messages.values()) {
    for (const message of log) {
      const first = byId.get(message.id);
      if (!first) byId.set(message.id, message);
      else if (first.type !== message.type || first.key !== message.key || first.topic !== message.topic) {
        yield {
          what: `two messages have the id ${message.id}, and the inbox takes the second for a repetition of the first`,
          orderId: message.key,
          messages: [named(first), named(message)],
          remedy: 'Find out who reuses ids: every message gets a new one where it is made.',
        };
      }
    }
  }
}

/** Who must have handled a message; undefined for an event that nobody reads. */
function readerOf({ topic, type }: MessageFacts): ServiceName | undefined {
  const [service, stream] = topic.split('.');
  if (stream === 'commands') return service as ServiceName;
  return PRODUCT_EVENTS.has(type) ? 'order' : 'orchestrator';
}

function* unhandled({ messages, inboxes, takenAt }: Evidence): Generator<Finding> {
  for (const log of messages.values()) {
    for (const message of log) {
      const reader = OURS.has(message.topic) ? readerOf(message) : undefined;
      if (reader === undefined || message.sentAt > takenAt - HANDLED_WITHIN_MS) continue;
      const inbox = inboxes.get(reader);
      if (!inbox || inbox.has(message.id)) continue;
      yield {
        what: `${message.type} ${message.id} is in Kafka, and ${reader} has not handled it`,
        orderId: message.key,
        sagaId: message.sagaId,
        messages: [named(message)],
        remedy: `See whether ${reader} reads (its /health/ready tells its lag); if its offset is past it, set the group backstep.${reader} back.`,
      };
    }
  }
}

function* handledFromNowhere({
  messages,
  otherMessageIds,
  inboxes,
  kafkaCompleteSince,
  takenAt,
}: Evidence): Generator<Finding> {
  if (kafkaCompleteSince === undefined) return;
  const inKafka = new Set(otherMessageIds);
  for (const log of messages.values()) for (const { id } of log) inKafka.add(id);
  for (const [service, inbox] of inboxes) {
    for (const id of inbox) {
      if (inKafka.has(id)) continue;
      const born = bornAt(id);
      if (born === undefined || born < kafkaCompleteSince + CLOCK_SKEW_MS || born > takenAt) continue;
      yield {
        what: `${service} has handled message ${id}, and Kafka does not have it`,
        remedy:
          'Kafka lost acknowledged messages, or somebody wrote to the inbox: compare the brokers’ logs of that time.',
      };
    }
  }
}
