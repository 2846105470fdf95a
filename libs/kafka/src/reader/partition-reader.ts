import { KafkaUnavailableError, TooManyFollowersError } from '../errors.js';
import { mayBeOf, placeOf, toReceived, type RawRecord, type ReceivedMessage } from '../message.js';
import type { KafkaOptions } from '../options.js';
import { partitionOf } from '../partition.js';
import {
  LogClient,
  MAX_BYTES_PER_PARTITION,
  type Cursor,
  type PassedRecords,
  type Point,
  type TopicPartition,
} from './log-client.js';

/** Kafka has the messages already, so the wait is only a bound. */
const READ_WAIT_MS = 200;
/** How long an abort may go unnoticed, and the interval at which an idle follower fetches. */
const FOLLOW_WAIT_MS = 500;
/** Each follower has connections of its own, because on one connection Kafka answers one fetch after the other. */
const MAX_FOLLOWERS = 100;
/** Fetches in a row that bring nothing from below the end of the log, before Kafka counts as unavailable. */
const MAX_EMPTY_FETCHES = 10;

/**
 * Records in a row that are later than a window, after which the window counts as over. The time of a single record proves nothing: a
 * broker's clock may have been set, or the topic may have its senders' times. Some 1 MB, which is what one fetch brings anyway.
 */
const LATER_IN_A_ROW = 2_000;
/** Records that one `readKey` reads at most, of all its partitions: some 200 MB, a few seconds. */
const SCANNED_MAX = 300_000;
/** Messages that one `readKey` keeps at most. */
const FOUND_MAX = 10_000;

/** Where to begin, per topic: the offset of the next message in the key's partition. */
export type FollowFrom = Readonly<Record<string, bigint>>;

/** A part of a partition that was read: offsets from `from` up to, not including, `to`. The log ended at `end` at the time of the call. */
export interface ReadRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly end: bigint;
}

/** The messages of a key, and by topic the range that was read. */
export interface KeyReading {
  readonly messages: readonly ReceivedMessage[];
  readonly ranges: ReadonlyMap<string, ReadRange>;
  /** False when the read met one of its bounds before the end of the window: there may be more after each `to`. */
  readonly complete: boolean;
}

/** A message that could not be opened may be of any key. */
const concerns = (message: ReceivedMessage, key: string): boolean =>
  message.key === key || message.unreadable !== undefined;

/** A place in a partition: the offset of the next message to read. */
export interface LogPosition extends TopicPartition {
  readonly next: bigint;
}

interface Range {
  readonly cursor: Cursor;
  /** Moved back to where the cursor is when no more is wanted. */
  end: bigint;
}

/**
 * Reads partitions without a consumer group, to show messages, not to handle them.
 * All methods throw KafkaUnavailableError when Kafka stays away for some seconds, and UnknownTopicError.
 */
export class PartitionReader {
  private readonly log: LogClient;
  private followers = 0;

  constructor(private readonly options: KafkaOptions) {
    this.log = new LogClient(options);
  }

  /**
   * The messages of `key` in `topics`, up to the end of the logs at the time of the call. In order of time, and of offset within a topic.
   * Reads one partition per topic, from the first record of the window on: nothing is scanned from the start of the log.
   * In each partition the window ends where `LATER_IN_A_ROW` records in a row are later. All messages of the key before that are
   * returned.
   */
  async readKey(
    topics: readonly string[],
    key: string,
    { sinceMs, untilMs = Infinity }: { readonly sinceMs: number; readonly untilMs?: number },
  ): Promise<KeyReading> {
    const ranges = await this.rangesOf(await this.placesOf(key, topics), { sinceMs }, 'latest');
    const asked = ranges.map(({ cursor, end }) => ({ from: cursor.next, end }));
    const later = ranges.map(() => 0);
    const byTopic = new Map(ranges.map(({ cursor: { topic } }, index) => [topic, index]));
    const found: ReceivedMessage[] = [];
    let scanned = 0;
    let complete = true;
    const keyBytes = Buffer.from(key);
    for await (const { cursor, records } of this.scanRecords(ranges)) {
      const index = byTopic.get(cursor.topic) ?? 0;
      for (const record of records) {
        // Most are of other keys: opening them all would take most of the time.
        const message = mayBeOf(record, keyBytes) ? toReceived(cursor.topic, cursor.partition, record) : undefined;
        if (message && concerns(message, key)) found.push(message);
        later[index] = placeOf(record).timestamp > untilMs ? (later[index] ?? 0) + 1 : 0;
      }
      scanned += records.length;
      const enough = scanned >= SCANNED_MAX || found.length >= FOUND_MAX;
      for (const [index, range] of ranges.entries()) {
        const over = (later[index] ?? 0) >= LATER_IN_A_ROW;
        if (range.cursor.next >= range.end || !(over || enough)) continue;
        complete &&= over;
        range.end = range.cursor.next;
      }
    }
    return {
      messages: found.sort((a, b) => a.timestamp - b.timestamp),
      ranges: new Map(
        ranges.map(({ cursor: { topic, partition }, end: to }, index) => {
          const { from = 0n, end = 0n } = asked[index] ?? {};
          return [topic, { partition, from, to, end }];
        }),
      ),
      complete,
    };
  }

  /**
   * The messages of `key` in `topics` from the given offsets on, live, until the signal aborts (noticed within half a second).
   * To resume, give for each topic the offset after the last message that was seen.
   * @throws TooManyFollowersError; RangeError when a topic has no offset
   */
  async *follow(
    topics: readonly string[],
    key: string,
    from: FollowFrom,
    signal: AbortSignal,
  ): AsyncGenerator<ReceivedMessage, void, void> {
    if (this.followers >= MAX_FOLLOWERS) throw new TooManyFollowersError(MAX_FOLLOWERS);
    this.followers++;
    const log = new LogClient(this.options);
    try {
      const cursors = cursorsAt(await this.placesOf(key, topics), from);
      while (!signal.aborted) {
        for (const message of await log.fetch(cursors, FOLLOW_WAIT_MS, signal)) {
          if (signal.aborted) return;
          if (concerns(message, key)) yield message;
        }
      }
    } finally {
      this.followers--;
      await log.disconnect();
    }
  }

  /** All messages that `topics` held when called, in batches; in order within a partition. */
  async *readAll(topics: readonly string[]): AsyncGenerator<ReceivedMessage[], void, void> {
    yield* this.scan(await this.rangesOf(await this.everyPlaceOf(topics), 'earliest', 'latest'));
  }

  /** All messages of `topics` from `sinceMs` (ms since 1970) up to the end when called; in batches, in order within a partition. */
  async *readSince(topics: readonly string[], sinceMs: number): AsyncGenerator<ReceivedMessage[], void, void> {
    yield* this.scan(await this.rangesOf(await this.everyPlaceOf(topics), { sinceMs }, 'latest'));
  }

  /** The last `count` messages that each partition of `topics` held when called; in batches, in order within a partition. */
  async *readLast(topics: readonly string[], count: number): AsyncGenerator<ReceivedMessage[], void, void> {
    const ranges = await this.rangesOf(await this.everyPlaceOf(topics), 'earliest', 'latest');
    for (const { cursor, end } of ranges) {
      const first = end - BigInt(count);
      if (first > cursor.next) cursor.next = first;
    }
    yield* this.scan(ranges);
  }

  /** The messages that come to `topics` from now on, until the signal aborts (noticed within half a second); in order within a partition. */
  async *tail(topics: readonly string[], signal: AbortSignal): AsyncGenerator<ReceivedMessage[], void, void> {
    yield* this.tailFrom(await this.positionsAt(topics, 'latest'), signal);
  }

  /**
   * The same from these positions on.
   * @param attemptsMax fetches that fail one after the other before it throws; default: so many that other brokers lead the partitions of a dead one
   */
  async *tailFrom(
    from: readonly LogPosition[],
    signal: AbortSignal,
    attemptsMax?: number,
  ): AsyncGenerator<ReceivedMessage[], void, void> {
    const cursors = from.map((position) => ({ ...position }));
    while (!signal.aborted) {
      const messages = await this.log.fetch(cursors, FOLLOW_WAIT_MS, signal, attemptsMax);
      if (messages.length > 0) yield messages;
    }
  }

  /** One end of each partition of `topics`, now. */
  async positionsAt(topics: readonly string[], end: 'earliest' | 'latest'): Promise<LogPosition[]> {
    const places = await this.everyPlaceOf(topics);
    const offsets = await this.log.offsetsAt(places, end);
    return places.map((place, index) => ({ ...place, next: offsets[index] ?? 0n }));
  }

  /** The messages between two positions of the same partitions, `to` not included; in batches, in order within a partition. */
  async *readBetween(
    from: readonly LogPosition[],
    to: readonly LogPosition[],
  ): AsyncGenerator<ReceivedMessage[], void, void> {
    yield* this.scan(from.map((position, index) => ({ cursor: { ...position }, end: to[index]?.next ?? 0n })));
  }

  /** How many messages were ever sent to `topics`. */
  async countAll(topics: readonly string[]): Promise<number> {
    const ends = await this.log.offsetsAt(await this.everyPlaceOf(topics), 'latest');
    return ends.reduce((sum, end) => sum + Number(end), 0);
  }

  async disconnect(): Promise<void> {
    await this.log.disconnect();
  }

  private async everyPlaceOf(topics: readonly string[]): Promise<TopicPartition[]> {
    const counts = await this.log.partitionsOf(topics);
    return [...counts].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
  }

  private async placesOf(key: string, topics: readonly string[]): Promise<TopicPartition[]> {
    const counts = await this.log.partitionsOf(topics);
    return [...counts].map(([topic, count]) => ({ topic, partition: partitionOf(key, count) }));
  }

  private async rangesOf(places: readonly TopicPartition[], from: Point, until: Point): Promise<Range[]> {
    // The end is read first, so that a message that arrives in between is beyond the end, never before the start.
    const ends = await this.log.offsetsAt(places, until);
    const starts = await this.log.offsetsAt(places, from);
    return places.map((place, index) => ({
      cursor: { ...place, next: starts[index] ?? 0n },
      end: ends[index] ?? 0n,
    }));
  }

  private async *scan(ranges: readonly Range[]): AsyncGenerator<ReceivedMessage[], void, void> {
    for await (const { cursor, records } of this.scanRecords(ranges))
      yield records.map((record) => toReceived(cursor.topic, cursor.partition, record));
  }

  /** Fetches the ranges to their ends, a partition's records of one fetch at a time; memory holds one fetch. */
  private async *scanRecords(ranges: readonly Range[]): AsyncGenerator<PassedRecords, void, void> {
    const rangeOf = new Map<Cursor, Range>(ranges.map((range) => [range.cursor, range]));
    for (let empty = 0; ;) {
      const open = ranges.filter(({ cursor, end }) => cursor.next < end).map(({ cursor }) => cursor);
      if (open.length === 0) return;
      const before = open.map(({ next }) => next);
      for (const { cursor, records } of await this.log.fetchRecords(open, READ_WAIT_MS, MAX_BYTES_PER_PARTITION)) {
        const end = rangeOf.get(cursor)?.end ?? 0n;
        const isInRange = ({ offset }: RawRecord): boolean => BigInt(offset) < end;
        const last = records.at(-1);
        // In the order of their offsets: where the last is in the range, all are.
        const inRange = last && isInRange(last) ? records : records.filter(isInRange);
        if (inRange.length > 0) yield { cursor, records: inRange };
      }
      empty = open.some(({ next }, index) => next !== before[index]) ? 0 : empty + 1;
      if (empty > MAX_EMPTY_FETCHES) throw new KafkaUnavailableError('Kafka returns nothing below the end of its log');
    }
  }
}

function cursorsAt(places: readonly TopicPartition[], from: FollowFrom): Cursor[] {
  return places.map((place) => {
    const next = from[place.topic];
    if (next === undefined) throw new RangeError(`no offset to follow ${place.topic} from`);
    return { ...place, next };
  });
}
