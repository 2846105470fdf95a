import type { Broker, Cluster } from 'kafkajs';
import { advance, fetchFrom, leaderOf, type Cursor } from '../reader/log-client.js';
import { markIn, markOf, offsetIn, resetsIn, type Resets } from './log-marks.js';

/**
 * A committed offset is a place in a log. That log may have been replaced meanwhile: truncated, when its broker lost what it had not
 * written to disk, or recreated. Kafka reports this only while the offset is beyond the log's end. A consumer that fetches later, when the
 * log has grown past the offset, would skip what was written in between.
 *
 * So each offset is committed with a mark: the offset and the time of the last record that was handled. Each assignment compares both with
 * the log. An offset outside of the log, or a mark that differs from the log's record, means that it is another log. It is then read from
 * its beginning: nothing is skipped, and the inbox knows what was handled already.
 */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** The next message to read, decimal. */
  readonly offset: string;
  /** Of {@link LogMarks}: kept by Kafka with the offset. */
  readonly metadata?: string;
}

/** A log that an assignment found to be another, and is read from its beginning. */
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
export interface OffsetCheck {
  readonly topic: string;
  readonly partition: number;
  /** The resets before this assignment, as the group has them with its offset. */
  readonly before: Resets | undefined;
  /** Set when the log is another now. */
  readonly reset?: LogReset;
}

const checked = new WeakSet<Broker>();
/** Kafka answers at once when it has the record, so this wait is only a bound. */
const MARK_WAIT_MS = 100;
/** Kafka's number for "the earliest offset". kafkajs commits it when a fetch found the offset outside of the log. */
const SET_BACK = '-2';

/**
 * Checks the group's committed offsets each time kafkajs asks the coordinator for them, which is at each assignment. An offset that does
 * not fit its log is answered as if there were none, so that kafkajs begins at the log's first message.
 */
export function checkCommittedOffsets(cluster: Cluster, broker: Broker, onCheck: (check: OffsetCheck) => void): void {
  if (checked.has(broker)) return;
  checked.add(broker);
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
        onCheck({ topic, partition, before });
        continue;
      }
      const reset = { topic, partition, committed: entry.offset, earliest, latest, reason };
      onCheck({ topic, partition, before, reset });
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

/** The marks of the records that the log has at the offsets of the committed marks. An offset without a record has no mark. */
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
    return (await fetchFrom(cluster, leader, [cursor], MARK_WAIT_MS, 1)).flatMap(advance);
  } catch {
    // An offset outside of the log is found by the bounds. A broker that is away fails the next fetch, too.
    return [];
  }
}
