import type { Broker, Cluster } from 'kafkajs';
import { advance, fetchFrom, leaderOf, type Cursor } from '../reader/log-client.js';
import { markIn, markOf, offsetIn, resetsIn, type Resets } from './log-marks.js';

/**
 * A committed offset is a place in a log. The log may have become another under it: cut when its broker lost what it had not written to
 * disk, or begun anew. Kafka says so only when the offset is beyond the log's end, and who fetches later, when the log has grown past it,
 * passes over what was written in between.
 *
 * So each offset is committed with a mark: the offset and the time of the last record that was handled. At the assignment the
 * log is looked at: an offset outside of the log, or a mark that the log does not have so, means that it is another log. It is read from its
 * beginning then: the inbox knows what was handled, and nothing is passed over.
 */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** The next message to read, decimal. */
  readonly offset: string;
  /** Of {@link LogMarks}: kept by Kafka with the offset. */
  readonly metadata?: string;
}

/** What was found at an assignment, and how it was answered. */
export interface LogReset {
  readonly topic: string;
  readonly partition: number;
  readonly committed: string;
  /** The first and the next offset of the log, as it is now. */
  readonly earliest: string;
  readonly latest: string;
  readonly reason: 'before the log' | 'beyond the log' | 'another log';
}

interface CommittedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: { partition: number; offset: string; metadata: string | null }[];
  }[];
}
interface Coordinator {
  offsetFetch(which: object): Promise<CommittedOffsets>;
}

/** What an assignment found of one partition that has a committed offset. */
export interface Look {
  readonly topic: string;
  readonly partition: number;
  /** As the group knew of them. */
  readonly before: Resets | undefined;
  /** Set when the log is another, again. */
  readonly reset?: LogReset;
}

const looking = new WeakSet<Broker>();
/** A record that is there comes at once. */
const LOOK_WAIT_MS = 100;
/** What kafkajs commits when an offset turned out to be outside of the log while it was fetched from: the earliest. */
const SET_BACK = '-2';

/**
 * Has the group's committed offsets looked at each time kafkajs asks the coordinator for them, which is when partitions were assigned. One
 * that does not fit its log is answered as if there was none: kafkajs begins at the log's first message.
 */
export function lookAtCommittedOffsets(cluster: Cluster, broker: Broker, onLook: (look: Look) => void): void {
  if (looking.has(broker)) return;
  looking.add(broker);
  const coordinator = broker as unknown as Coordinator;
  const offsetFetch = coordinator.offsetFetch.bind(coordinator);
  coordinator.offsetFetch = async (which) => {
    const answer = await offsetFetch(which);
    const committed = answer.responses.flatMap(({ topic, partitions }) =>
      partitions.map((entry) => ({ topic, entry })).filter(({ entry }) => entry.offset !== '-1'),
    );
    if (committed.length === 0) return answer;
    const topics = [...new Set(committed.map(({ topic }) => topic))];
    const bounds = { earliest: await ends(cluster, topics, true), latest: await ends(cluster, topics, false) };
    const marks = await readMarks(cluster, committed);
    for (const { topic, entry } of committed) {
      const { partition } = entry;
      const place = `${topic}/${partition}`;
      const before = resetsIn(entry.metadata);
      const [earliest, latest] = [bounds.earliest.get(place), bounds.latest.get(place)];
      const known = earliest !== undefined && latest !== undefined;
      const reason = known ? verdict(entry, earliest, latest, marks.get(place)) : undefined;
      if (!known || !reason) {
        onLook({ topic, partition, before });
        continue;
      }
      const reset = { topic, partition, committed: entry.offset, earliest, latest, reason };
      onLook({ topic, partition, before, reset });
      entry.offset = '-1';
    }
    return answer;
  };
}

function verdict(
  { offset, metadata }: { readonly offset: string; readonly metadata: string | null },
  earliest: string,
  latest: string,
  found: string | undefined,
): LogReset['reason'] | undefined {
  if (offset === SET_BACK || BigInt(offset) > BigInt(latest)) return 'beyond the log';
  if (BigInt(offset) < BigInt(earliest)) return 'before the log';
  return found !== undefined && found !== markIn(metadata) ? 'another log' : undefined;
}

async function ends(cluster: Cluster, topics: readonly string[], fromBeginning: boolean): Promise<Map<string, string>> {
  const wanted = topics.map((topic) => ({
    topic,
    partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId })),
    fromBeginning,
  }));
  const answer = await cluster.fetchTopicsOffset(wanted);
  return new Map(
    answer.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic}/${partition}`, offset] as const),
    ),
  );
}

/** The marks of the records that the log has where the committed ones were. What the log no longer has, or not yet, has none. */
async function readMarks(
  cluster: Cluster,
  committed: readonly { topic: string; entry: { partition: number; offset: string; metadata: string | null } }[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { topic, entry } of committed) {
    const { partition, metadata } = entry;
    const offset = offsetIn(metadata);
    if (offset === undefined) continue;
    const messages = await messagesAt(cluster, { topic, partition, next: BigInt(offset) });
    const same = messages.find((message) => message.offset === offset);
    if (same) found.set(`${topic}/${partition}`, markOf(same));
  }
  return found;
}

async function messagesAt(cluster: Cluster, cursor: Cursor) {
  const leader = leaderOf(cluster, cursor.topic, cursor.partition);
  try {
    return (await fetchFrom(cluster, leader, [cursor], LOOK_WAIT_MS, 1)).flatMap(advance);
  } catch {
    // Outside of the log: the offsets say so themselves. Away: who fetches next meets it too.
    return [];
  }
}
