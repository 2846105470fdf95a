import {
  PARTITIONS,
  ProductListed,
  ProductRepriced,
  ShipmentDelivered,
  ShipmentHandedOver,
  TOPICS,
  type ServiceName,
} from '@backstep/contracts';
import { partitionOf } from '@backstep/kafka';
import { bornAt, type Evidence, type MessageFacts, type OutboxFacts } from '../evidence.js';
import { named, type Finding, type Invariant } from '../violation.js';

/** The outbox rows of a crashed process are taken over within this time: its group rebalances, then the table is read. */
const PUBLISHED_WITHIN_MS = 30_000;
/** The time from Kafka to the reader's inbox, in a sound system. */
const HANDLED_WITHIN_MS = 5_000;
/** The same when the reader was killed under load, and the backlog is handled first. */
const CAUGHT_UP_WITHIN_MS = 60_000;
/** Two hosts' clocks differ by less. */
const CLOCK_SKEW_MS = 1_000;

const OURS: ReadonlySet<string> = new Set(TOPICS.map(({ name }) => name));
/** Events that another service than the orchestrator reads. */
const READERS: ReadonlyMap<string, ServiceName> = new Map([
  [ProductListed.name, 'order'],
  [ProductRepriced.name, 'order'],
  [ShipmentHandedOver.name, 'inventory'],
  [ShipmentDelivered.name, 'inventory'],
]);

/**
 * I10: messages match one to one by id, from the outbox to Kafka to the reader's inbox; nothing is unpublished at rest.
 *
 * A published outbox row is deleted, so a message that Kafka lost is visible in an inbox only. Messages older than Kafka's oldest are not
 * required: Kafka deletes messages after their retention, and may lose its disk without harm. Neither are messages at the end of a log that
 * Kafka lost and a service found missing: the totals count these.
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
  for (const message of outbox) {
    const { service, id, topic, key, createdAt } = message;
    if (message.refusedFor !== null) yield refused(message, message.refusedFor, outbox);
    // Reported with the message that it waits behind.
    if (message.heldBehind !== null) continue;
    const ageMs = takenAt - createdAt;
    if (ageMs < PUBLISHED_WITHIN_MS) continue;
    yield {
      what: `message ${id} for ${topic} (key ${key}) has been in the outbox of ${service} for ${Math.round(ageMs / 1_000)} s`,
      orderId: key,
      messages: [{ id, topic, partition: partitionOf(key, PARTITIONS) }],
      remedy: `See whether ${service} reaches Kafka, its /health/ready and its log for "the outbox relay could not", and what did arrive: \`npx backstep events ${key}\`.`,
    };
  }
}

/** Kafka's own error where there is one; otherwise the message is at fault. */
const REMEDIES: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: "Raise the topic's `max.message.bytes`",
  RECORD_LIST_TOO_LARGE: "Raise the topic's `max.message.bytes` or its segment's size",
  REQUEST_TOO_LARGE: "Raise the brokers' `socket.request.max.bytes`",
  TOPIC_AUTHORIZATION_FAILED: 'Let the service write to the topic (its ACL)',
  UNKNOWN_TOPIC_OR_PARTITION: 'Make the topic again: `npx backstep topics`',
};

function refused({ service, id, topic, key }: OutboxFacts, cause: string, outbox: Evidence['outbox']): Finding {
  const behind = outbox.filter(({ heldBehind }) => heldBehind === id).length - 1;
  const what = `Kafka refuses message ${id} of ${service} for ${topic} (key ${key}): ${cause}`;
  const remedy = REMEDIES[cause] ?? "Read the service's log for the message's id, and mend what makes such messages";
  return {
    what: behind > 0 ? `${what}; ${behind} later of its key wait behind it` : what,
    orderId: key,
    messages: [{ id, topic, partition: partitionOf(key, PARTITIONS) }],
    remedy: `${remedy}. It is sent again within five minutes, or at once when ${service} starts again.`,
  };
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
          remedy: `Find out who reuses ids, \`npx backstep events ${message.key}\`: every message gets a new one where it is made.`,
        };
      }
    }
  }
}

/** The service that must have handled a message; undefined for an event without a reader. */
function readerOf({ topic, type }: MessageFacts): ServiceName | undefined {
  const [service, stream] = topic.split('.');
  if (stream === 'commands') return service as ServiceName;
  return READERS.get(type) ?? 'orchestrator';
}

/**
 * A reader that is behind is no violation: the message is in flight. It is a violation to pass a message over (a partition is handled in
 * order, so a later handled message shows it), to leave one at rest, or to leave one for this long.
 */
function* unhandled(evidence: Evidence): Generator<Finding> {
  const { messages, inboxes, takenAt, atRest } = evidence;
  const reached = handledUpTo(evidence);
  for (const log of messages.values()) {
    for (const message of log) {
      const reader = OURS.has(message.topic) ? readerOf(message) : undefined;
      const ageMs = takenAt - message.sentAt;
      if (reader === undefined || ageMs < HANDLED_WITHIN_MS || inboxes.get(reader)?.has(message.id) !== false) continue;
      const passedBy = Number(message.offset) < (reached.get(placeOf(reader, message)) ?? -1);
      if (!passedBy && !atRest && ageMs < CAUGHT_UP_WITHIN_MS) continue;
      yield {
        what: `${message.type} ${message.id} is in Kafka, and ${reader} has not handled it`,
        orderId: message.key,
        sagaId: message.sagaId,
        messages: [named(message)],
        remedy: `See whether ${reader} reads (its /health/ready tells its lag), and what came of it, \`npx backstep events ${message.key}\`; if its offset is past it, set the group backstep.${reader} back.`,
      };
    }
  }
}

const placeOf = (reader: ServiceName, { topic, partition }: MessageFacts): string => `${reader} ${topic}/${partition}`;

/** The last handled offset by reader and partition; a message that was sent again counts at its first offset. */
function handledUpTo({ messages, inboxes }: Evidence): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const log of messages.values()) {
    const seen = new Set<string>();
    for (const message of log) {
      const reader = readerOf(message);
      if (reader === undefined || seen.has(message.id) || !inboxes.get(reader)?.has(message.id)) continue;
      seen.add(message.id);
      const place = placeOf(reader, message);
      reached.set(place, Math.max(reached.get(place) ?? -1, Number(message.offset)));
    }
  }
  return reached;
}

function* handledFromNowhere(evidence: Evidence): Generator<Finding> {
  for (const { service, id, born } of handledAndNowhere(evidence)) {
    if (wentWithItsLog(evidence, service, born)) continue;
    yield {
      what: `${service} has handled message ${id}, made at ${new Date(born).toISOString()}, and Kafka does not have it`,
      messages: [{ id }],
      remedy: `Kafka lost acknowledged messages, or somebody wrote to the inbox of ${service}: compare the broker's log of that time, and look at orders of then: \`npx backstep orders\`.`,
    };
  }
}

interface HandledMessage {
  readonly service: ServiceName;
  readonly id: string;
  readonly born: number;
}

function* handledAndNowhere(evidence: Evidence): Generator<HandledMessage> {
  const { messages, otherMessageIds, inboxes, kafkaCompleteSince, takenAt } = evidence;
  if (kafkaCompleteSince === undefined) return;
  const inKafka = new Set(otherMessageIds);
  for (const log of messages.values()) for (const { id } of log) inKafka.add(id);
  for (const [service, inbox] of inboxes) {
    for (const id of inbox) {
      if (inKafka.has(id)) continue;
      const born = bornAt(id);
      if (born === undefined || born < kafkaCompleteSince + CLOCK_SKEW_MS || born > takenAt) continue;
      yield { service, id, born };
    }
  }
}

/**
 * Whether the service found a log cut or replaced after the message was made. An inbox does not have the place of a message, so the messages
 * that a service had handled before are not required in any of its logs.
 */
const wentWithItsLog = ({ logResets }: Evidence, service: ServiceName, born: number): boolean =>
  logResets.some((reset) => reset.service === service && born < reset.lastAt + CLOCK_SKEW_MS);

/** The number of handled messages that were lost with a log that was cut or replaced. */
export function goneWithTheirLogs(evidence: Evidence): number {
  let gone = 0;
  for (const { service, born } of handledAndNowhere(evidence)) gone += wentWithItsLog(evidence, service, born) ? 1 : 0;
  return gone;
}
