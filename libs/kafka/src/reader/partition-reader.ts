import { KafkaUnavailableError, TooManyFollowersError } from '../errors.js';
import type { ReceivedMessage } from '../message.js';
import type { KafkaOptions } from '../options.js';
import { partitionOf } from '../partition.js';
import { LogClient, type Cursor, type TopicPartition, type Point } from './log-client.js';

/** Kafka has what is asked for; the wait is only a bound. */
const READ_WAIT_MS = 200;
/** How long an abort goes unnoticed, and how often an idle follower asks. */
const FOLLOW_WAIT_MS = 500;
/** A follower has connections of its own: on one, Kafka answers a fetch only after the one before it. */
const MAX_FOLLOWERS = 100;
/** Fetches in a row that bring nothing below the end of the log, before that counts as Kafka being ill. */
const MAX_EMPTY_FETCHES = 10;

/**
 * Later records in a row after which a window of time counts as over. One record's time proves nothing, however late: a broker's clock
 * was set, or the topic takes its senders' word. Some 1 MB, which is what one fetch brings anyway.
 */
const LATER_IN_A_ROW = 2_000;
/** What one `readKey` reads at most, of all its partitions: some 200 MB, a few seconds. */
const SCANNED_MAX = 300_000;
/** What one `readKey` keeps at most. */
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

/** What was found of a key, and by topic where it was looked for. */
export interface KeyReading {
  readonly messages: readonly ReceivedMessage[];
  readonly ranges: ReadonlyMap<string, ReadRange>;
  /** False when a bound of the reading was met before the end of the window: there may be more after each `to`. */
  readonly complete: boolean;
}

/** What could not be opened may be of any key. */
const concerns = (message: ReceivedMessage, key: string): boolean =>
  message.key === key || message.unreadable !== undefined;

interface Range {
  readonly cursor: Cursor;
  /** Moved back to where the cursor is when no more is wanted. */
  end: bigint;
}

/**
 * Reads partitions without a consumer group: for showing what happened, not for handling it.
 * All methods throw KafkaUnavailableError when Kafka stays away for some seconds, and UnknownTopicError.
 */
export class PartitionReader {
  private readonly log: LogClient;
  private followers = 0;

  constructor(private readonly options: KafkaOptions) {
    this.log = new LogClient(options);
  }

  /**
   * The messages of `key` in `topics`, up to what was there when called. In order of time, and of offset within a topic.
   * Reads one partition per topic, from the first record of the window on: nothing is scanned from the start.
   * The window ends a partition where {@link LATER_IN_A_ROW} records in a row are later; those of the key before that are all told.
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
    for await (const messages of this.scan(ranges)) {
      for (const message of messages) {
        if (concerns(message, key)) found.push(message);
        const index = byTopic.get(message.topic) ?? 0;
        later[index] = message.timestamp > untilMs ? (later[index] ?? 0) + 1 : 0;
      }
      scanned += messages.length;
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
   * The messages of `key` in `topics` from there on, live, until the signal aborts (noticed within half a second).
   * To resume, give for each topic the offset after the last one seen.
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

  /** Everything that `topics` held when called, in batches; in order within a partition. */
  async *readAll(topics: readonly string[]): AsyncGenerator<ReceivedMessage[], void, void> {
    yield* this.scan(await this.rangesOf(await this.everyPlaceOf(topics), 'earliest', 'latest'));
  }

  /** Everything of `topics` from that moment on, ms since 1970, up to what they held when called; in batches, in order within a partition. */
  async *readSince(topics: readonly string[], sinceMs: number): AsyncGenerator<ReceivedMessage[], void, void> {
    yield* this.scan(await this.rangesOf(await this.everyPlaceOf(topics), { sinceMs }, 'latest'));
  }

  /** The last `count` messages of each partition of `topics`, of what they held when called; in batches, in order within a partition. */
  async *readLast(topics: readonly string[], count: number): AsyncGenerator<ReceivedMessage[], void, void> {
    const ranges = await this.rangesOf(await this.everyPlaceOf(topics), 'earliest', 'latest');
    for (const { cursor, end } of ranges) {
      const first = end - BigInt(count);
      if (first > cursor.next) cursor.next = first;
    }
    yield* this.scan(ranges);
  }

  /** What comes to `topics` from now on, until the signal aborts (noticed within half a second); in order within a partition. */
  async *tail(topics: readonly string[], signal: AbortSignal): AsyncGenerator<ReceivedMessage[], void, void> {
    const places = await this.everyPlaceOf(topics);
    const ends = await this.log.offsetsAt(places, 'latest');
    const cursors = places.map((place, index) => ({ ...place, next: ends[index] ?? 0n }));
    while (!signal.aborted) {
      const messages = await this.log.fetch(cursors, FOLLOW_WAIT_MS, signal);
      if (messages.length > 0) yield messages;
    }
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
    // The end first: what arrives in between is then beyond it, never before the start.
    const ends = await this.log.offsetsAt(places, until);
    const starts = await this.log.offsetsAt(places, from);
    return places.map((place, index) => ({
      cursor: { ...place, next: starts[index] ?? 0n },
      end: ends[index] ?? 0n,
    }));
  }

  /** Fetches the ranges to their ends; memory holds one fetch at a time. */
  private async *scan(ranges: readonly Range[]): AsyncGenerator<ReceivedMessage[], void, void> {
    const byPlace = new Map(ranges.map((range) => [`${range.cursor.topic}/${range.cursor.partition}`, range]));
    for (let empty = 0; ;) {
      const open = ranges.filter(({ cursor, end }) => cursor.next < end).map(({ cursor }) => cursor);
      if (open.length === 0) return;
      const before = open.map(({ next }) => next);
      const messages = await this.log.fetch(open, READ_WAIT_MS);
      const inRange = messages.filter(
        ({ topic, partition, offset }) => BigInt(offset) < (byPlace.get(`${topic}/${partition}`)?.end ?? 0n),
      );
      if (inRange.length > 0) yield inRange;
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
