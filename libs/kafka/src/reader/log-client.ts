import { backoffMs } from '@backstep/resilience';
import type { Cluster } from 'kafkajs';
import {
  isOffsetOutOfRange,
  isTransient,
  isUnknownTopic,
  KafkaUnavailableError,
  unavailable,
  UnknownTopicError,
} from '../errors.js';
import { toReceived, type RawRecord, type ReceivedMessage } from '../message.js';
import { SILENT, type KafkaOptions } from '../options.js';
import { delay } from '../time.js';
import { openCluster } from './open-cluster.js';

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The place up to which a partition is read: `next` moves on with each fetch. */
export interface Cursor extends TopicPartition {
  next: bigint;
}

/** A point in a partition's log: one of its ends, or its first message at `sinceMs` or later (ms since 1970). */
export type Point = 'earliest' | 'latest' | { readonly sinceMs: number };

/** One fetch asks for so much of a partition at most. */
export const MAX_BYTES_PER_PARTITION = 1024 * 1024;
const MAX_BYTES = 10 * 1024 * 1024;
const READ_COMMITTED = 1;
const ATTEMPTS = 6;
/** A follower can wait until other brokers lead the partitions of a dead one, some 10 s at most. */
const FOLLOW_ATTEMPTS = 30;
const BACKOFF = { baseMs: 100, capMs: 1_000 };

interface FetchedPartition {
  readonly partition: number;
  readonly messages: readonly (RawRecord & { readonly isControlRecord?: boolean })[];
}
interface Fetched {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

/**
 * Kafka's log without a consumer group: metadata, offsets by time, fetches from any offset. kafkajs has all this only inside its
 * consumer. It hands its cluster client to partition assigners, which is the public way to it.
 * Every call survives moved leaders and closed connections, a bounded number of times.
 * @throws KafkaUnavailableError, UnknownTopicError from every method.
 */
export class LogClient {
  private cluster: Promise<Cluster> | undefined;
  private readonly ending = new AbortController();

  constructor(private readonly options: KafkaOptions) {}

  /** The number of partitions of each topic. */
  async partitionsOf(topics: readonly string[]): Promise<Map<string, number>> {
    return this.attempt(topics, (cluster) =>
      Promise.resolve(new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]))),
    );
  }

  /** The offset of `point` in each place, in order. A time after the last message is the end of the log. */
  async offsetsAt(places: readonly TopicPartition[], point: Point): Promise<bigint[]> {
    if (places.length === 0) return [];
    const found = await this.listOffsets(places, point);
    if (found.every((offset) => offset >= 0n)) return found;
    const ends = await this.listOffsets(places, 'latest');
    return found.map((offset, index) => (offset >= 0n ? offset : (ends[index] ?? 0n)));
  }

  /**
   * Fetches from all cursors, moves them on and returns the messages, in order per partition.
   * Kafka answers as soon as it has messages, at the latest after `waitMs` with none.
   * @param following the signal of a follower: its fetch is retried for longer, and returns nothing once the signal has aborted
   * @param attemptsMax of a follower that has something better to do than to wait
   */
  async fetch(
    cursors: readonly Cursor[],
    waitMs: number,
    following?: AbortSignal,
    attemptsMax = following ? FOLLOW_ATTEMPTS : ATTEMPTS,
  ): Promise<ReceivedMessage[]> {
    if (cursors.length === 0) return [];
    const topics = [...new Set(cursors.map(({ topic }) => topic))];
    const attempts = { onOutOfRange: () => this.skipDeleted(cursors), ending: following, attemptsMax };
    try {
      return await this.attempt(topics, (cluster) => fetchFromAll(cluster, cursors, waitMs), attempts);
    } catch (error) {
      if (following?.aborted) return [];
      throw error;
    }
  }

  /**
   * The same with the records as they lie in their batches, for who opens some of them only. Of each partition at most `maxBytes` are asked for;
   * a batch that is larger comes whole.
   * @param ending once it has aborted nothing is tried again
   */
  async fetchRecords(
    cursors: readonly Cursor[],
    waitMs: number,
    maxBytes: number,
    ending?: AbortSignal,
  ): Promise<PassedRecords[]> {
    if (cursors.length === 0) return [];
    const topics = [...new Set(cursors.map(({ topic }) => topic))];
    const attempts = { onOutOfRange: () => this.skipDeleted(cursors), ending };
    return this.attempt(topics, (cluster) => recordsFromAll(cluster, cursors, waitMs, maxBytes), attempts);
  }

  /** For good: what is under way is tried no more, and throws; nothing opens a connection again, which nobody would close. */
  async disconnect(): Promise<void> {
    this.ending.abort();
    const opened = this.cluster;
    this.cluster = undefined;
    if (opened) await this.end(opened);
  }

  private async end(opened: Promise<Cluster>): Promise<void> {
    try {
      await (await opened).disconnect();
    } catch (error) {
      (this.options.logger ?? SILENT).debug('the log client was gone before it could disconnect', { error });
    }
  }

  private async listOffsets(places: readonly TopicPartition[], point: Point): Promise<bigint[]> {
    const at = typeof point === 'object' ? { fromTimestamp: point.sinceMs } : { fromBeginning: point === 'earliest' };
    const byTopic = groupBy(places, ({ topic }) => topic);
    const wanted = [...byTopic].map(([topic, group]) => ({
      topic,
      partitions: group.map(({ partition }) => ({ partition })),
      ...at,
    }));
    const answer = await this.attempt([...byTopic.keys()], (cluster) => cluster.fetchTopicsOffset(wanted));
    const offsets = new Map(
      answer.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [`${topic}/${partition}`, BigInt(offset)] as const),
      ),
    );
    return places.map(({ topic, partition }) => offsets.get(`${topic}/${partition}`) ?? -1n);
  }

  /** Retention deleted messages that a cursor was to read next: the cursor goes on with the first that is left. */
  private async skipDeleted(cursors: readonly Cursor[]): Promise<void> {
    const first = await this.listOffsets(cursors, 'earliest');
    cursors.forEach((cursor, index) => {
      const earliest = first[index] ?? 0n;
      if (cursor.next < earliest) cursor.next = earliest;
    });
  }

  private async attempt<T>(
    topics: readonly string[],
    action: (cluster: Cluster) => Promise<T>,
    { onOutOfRange, ending, attemptsMax = ATTEMPTS }: Attempts = {},
  ): Promise<T> {
    const closing = this.ending.signal;
    for (let attempt = 0; ; attempt++) {
      if (closing.aborted) throw closed();
      const opened = (this.cluster ??= openCluster(this.options));
      let failure: unknown;
      try {
        const cluster = await opened;
        if (closing.aborted) throw closed();
        await cluster.addMultipleTargetTopics([...topics]);
        await cluster.refreshMetadataIfNecessary();
        return await action(cluster);
      } catch (error) {
        failure = error;
        // A new client has no stale metadata. Of several calls that failed on one client, the first replaces it.
        if (!isOffsetOutOfRange(error) && this.cluster === opened) this.cluster = undefined;
      } finally {
        // kafkajs connects again for whatever is under way: a client that was given up meanwhile is ended after each of its calls.
        if (this.cluster !== opened) await this.end(opened);
      }
      const deleted = isOffsetOutOfRange(failure);
      const over = attempt + 1 >= attemptsMax || closing.aborted || ending?.aborted === true;
      if (over || !(deleted || isTransient(failure))) throw describe(failure, topics);
      if (deleted) await onOutOfRange?.();
      await delay(backoffMs(BACKOFF, attempt), ending ? AbortSignal.any([ending, closing]) : closing);
    }
  }
}

interface Attempts {
  readonly onOutOfRange?: () => Promise<void>;
  readonly ending?: AbortSignal | undefined;
  readonly attemptsMax?: number;
}

/** The messages of {@link recordsFromAll}. */
export async function fetchFromAll(
  cluster: Cluster,
  cursors: readonly Cursor[],
  waitMs: number,
): Promise<ReceivedMessage[]> {
  const passed = await recordsFromAll(cluster, cursors, waitMs, MAX_BYTES_PER_PARTITION);
  return passed.flatMap(({ cursor: { topic, partition }, records }) =>
    records.map((record) => toReceived(topic, partition, record)),
  );
}

/**
 * No cursor moves before all leaders have answered. Otherwise, when one leader fails and all are asked again, messages of another would be
 * skipped.
 */
async function recordsFromAll(
  cluster: Cluster,
  cursors: readonly Cursor[],
  waitMs: number,
  maxBytes: number,
): Promise<PassedRecords[]> {
  const byLeader = groupBy(cursors, ({ topic, partition }) => leaderOf(cluster, topic, partition));
  // With one broker the wait ends with the first message. With several, the slowest decides, so `waitMs` is to be small.
  const fetched = await Promise.all(
    [...byLeader].map(([nodeId, group]) => fetchFrom(cluster, nodeId, group, waitMs, maxBytes)),
  );
  return fetched.flat().map(passed);
}

/** The records that a cursor has moved past. */
export interface PassedRecords {
  readonly cursor: Cursor;
  readonly records: readonly RawRecord[];
}

interface FetchedAt {
  readonly cursor: Cursor;
  readonly records: FetchedPartition['messages'];
}

export async function fetchFrom(
  cluster: Cluster,
  nodeId: string,
  cursors: readonly Cursor[],
  waitMs: number,
  maxBytes: number,
): Promise<FetchedAt[]> {
  const broker = await cluster.findBroker({ nodeId });
  const topics = [...groupBy(cursors, ({ topic }) => topic)].map(([topic, group]) => ({
    topic,
    partitions: group.map(({ partition, next }) => ({
      partition,
      fetchOffset: String(next),
      maxBytes,
    })),
  }));
  const { responses } = (await broker.fetch({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: waitMs,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    topics,
  })) as Fetched;
  return responses.flatMap(({ topicName, partitions }) =>
    partitions.flatMap(({ partition, messages: records }) => {
      const cursor = cursors.find((one) => one.topic === topicName && one.partition === partition);
      return cursor ? [{ cursor, records }] : [];
    }),
  );
}

/** Kafka returns whole record batches, which may begin before the requested offset. Control records only move the cursor. */
function passed({ cursor, records }: FetchedAt): PassedRecords {
  // In the order of their offsets: where the first is fresh, all are.
  const isFresh = ({ offset }: RawRecord): boolean => BigInt(offset) >= cursor.next;
  const fresh = records[0] && isFresh(records[0]) ? records : records.filter(isFresh);
  const last = fresh.at(-1);
  if (last) cursor.next = BigInt(last.offset) + 1n;
  return { cursor, records: fresh.filter(({ isControlRecord }) => isControlRecord !== true) };
}

/** The messages of what {@link fetchFrom} brought. */
export function advance(fetched: FetchedAt): ReceivedMessage[] {
  const { cursor, records } = passed(fetched);
  return records.map((record) => toReceived(cursor.topic, cursor.partition, record));
}

export function leaderOf(cluster: Cluster, topic: string, partition: number): string {
  const [leader] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (leader === undefined) throw new UnknownTopicError([topic]);
  return leader;
}

const closed = (): KafkaUnavailableError => new KafkaUnavailableError('the log client was closed');

function describe(error: unknown, topics: readonly string[]): unknown {
  if (isUnknownTopic(error)) return new UnknownTopicError(topics, { cause: error });
  if (isTransient(error)) return unavailable(error);
  return error;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
