import type { ServiceName } from '@backstep/contracts';
import { PARTITIONS, TOPIC_RETENTION_MS, TOPICS } from '@backstep/contracts/topology';
import type { RunningEnvironment } from '@backstep/infrastructure';
import { logResets, PartitionReader, type KnownResets, type ReceivedMessage } from '@backstep/kafka';
import { isWholeId } from '../../shared/arguments.js';
import { kafkaFailure, kafkaSecurity } from '../../shared/kafka-security.js';
import type { Evidence, LogResetFacts, MessageFacts } from '@backstep/doctor';
import { isMessage } from '@backstep/doctor';

export interface KafkaFacts {
  readonly messages: ReadonlyMap<string, readonly MessageFacts[]>;
  readonly otherMessageIds: ReadonlySet<string>;
  readonly kafkaCompleteSince: number | undefined;
  /** Records of the topics, and how many of them are no messages: a stranger's, which nobody handles. They are parked or passed by. */
  readonly records: number;
  readonly unreadable: number;
  /** Where the first of those lie, at most `UNREADABLE_PLACES_MAX`. */
  readonly unreadablePlaces: readonly RecordPlace[];
}

export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** More of them are one trouble, not many; each is parked by who reads the topic, where it is a command. */
const UNREADABLE_PLACES_MAX = 20;

/** Reads the topics once, whole, and what the groups know of their logs. @throws UnreachableError */
export async function gatherKafka(
  { kafka: { brokers }, topics, consumerGroups }: Pick<RunningEnvironment, 'kafka' | 'topics' | 'consumerGroups'>,
  from: string,
): Promise<KafkaFacts & Pick<Evidence, 'logResets'>> {
  const options = { brokers, clientId: 'backstep-doctor', security: kafkaSecurity() };
  const reader = new PartitionReader(options);
  try {
    const facts = await collect(reader.readAll(topics), from);
    return { ...facts, logResets: (await logResets(options, consumerGroups, topics)).map(resetFacts) };
  } catch (error) {
    throw kafkaFailure(error, `Kafka does not answer at ${brokers.join(',')}.`);
  } finally {
    await reader.disconnect();
  }
}

/** Groups are named after their service: `backstep.order`. */
const resetFacts = ({ group, ...reset }: KnownResets): LogResetFacts => ({
  ...reset,
  service: group.slice(group.indexOf('.') + 1) as ServiceName,
});

/** Keeps of each message what is judged, a few words; of orders before `from`, nothing. */
export async function collect(batches: AsyncIterable<readonly ReceivedMessage[]>, from: string): Promise<KafkaFacts> {
  const messages = new Map<string, MessageFacts[]>();
  const otherMessageIds = new Set<string>();
  const firsts = new Map<string, number>();
  const intern = interner();
  let records = 0;
  let unreadable = 0;
  const unreadablePlaces: RecordPlace[] = [];
  for await (const batch of batches) {
    for (const received of batch) {
      records += 1;
      const place = `${received.topic}/${received.partition}`;
      firsts.set(place, Math.min(firsts.get(place) ?? Infinity, received.timestamp));
      const id = idOf(received);
      const sound = id !== undefined && isMessage(received);
      if (!sound) {
        unreadable += 1;
        const { topic, partition, offset } = received;
        if (unreadablePlaces.length < UNREADABLE_PLACES_MAX) unreadablePlaces.push({ topic, partition, offset });
      }
      if (id !== undefined && id > from) {
        const facts = sound ? factsOf(id, received, intern) : undefined;
        if (!facts || isBefore(facts.key, from)) otherMessageIds.add(id);
        else {
          const log = messages.get(facts.key);
          if (log) log.push(facts);
          else messages.set(facts.key, [facts]);
        }
      }
    }
  }
  const kafkaCompleteSince = completeSince([...firsts.values()], TOPICS.length * PARTITIONS);
  return { messages, otherMessageIds, kafkaCompleteSince, records, unreadable, unreadablePlaces };
}

/**
 * The latest first message, which is no later than those behind it, whatever its time says: Kafka may have deleted what came before it in some partition. Of an empty one nobody knows what it
 * held, other than that Kafka keeps what is younger than its retention.
 */
function completeSince(firsts: readonly number[], partitions: number): number | undefined {
  if (firsts.length === 0) return undefined;
  const latest = firsts.reduce((a, b) => Math.max(a, b));
  return firsts.length < partitions ? Math.max(latest, Date.now() - TOPIC_RETENTION_MS) : latest;
}

const isBefore = (key: string, from: string): boolean => isWholeId(key) && key <= from;

function idOf({ headers }: ReceivedMessage): string | undefined {
  const id = headers['ce_id'];
  return id !== undefined && isWholeId(id) ? id.toLowerCase() : undefined;
}

function factsOf(id: string, received: ReceivedMessage, intern: (text: string) => string): MessageFacts | undefined {
  const { topic, partition, offset, key, headers, timestamp } = received;
  const { ce_type: type, ce_aggregateversion: version } = headers;
  if (type === undefined || key === null) return undefined;
  return {
    id,
    type: intern(type),
    key: intern(key),
    topic: intern(topic),
    partition,
    offset,
    sagaId: headers['ce_sagaid'] === undefined ? undefined : intern(headers['ce_sagaid']),
    causationId: headers['ce_causationid'],
    commandId: headers['ce_commandid'],
    aggregateVersion: version === undefined ? undefined : Number(version),
    sentAt: timestamp,
  };
}

/** Ten messages name the same order, and thousands the same type: each text is kept once. */
function interner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    known.set(text, text);
    return text;
  };
}
