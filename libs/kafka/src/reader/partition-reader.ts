import { KafkaUnavailableError, TooManyFollowersError } from '../errors.js';
import type { ReceivedMessage } from '../message.js';
import type { KafkaOptions } from '../options.js';
import { partitionOf } from '../partition.js';
import { LogClient, type Cursor, type Place, type Point } from './log-client.js';

/** Kafka has what is asked for; the wait is only a bound. */
const READ_WAIT_MS = 200;
/** How long an abort goes unnoticed, and how often an idle follower asks. */
const FOLLOW_WAIT_MS = 500;
/** A follower has connections of its own: on one, Kafka answers a fetch only after the one before it. */
const MAX_FOLLOWERS = 100;
/** Fetches in a row that bring nothing below the end of the log, before that counts as Kafka being ill. */
const MAX_EMPTY_FETCHES = 10;

/** Where to begin: at a time (ms since 1970), or per topic at the offset of the next message in the key's partition. */
export type FollowFrom = { readonly sinceMs: number } | { readonly offsets: Readonly<Record<string, string>> };

interface Range {
  readonly cursor: Cursor;
  readonly end: bigint;
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
   * The messages of `key` in `topics`, of the time window, up to what was there when called. In order of time, and of
   * offset within a topic. Reads one partition per topic, beginning at the window: nothing is scanned from the start.
   */
  async readKey(
    topics: readonly string[],
    key: string,
    window: { readonly sinceMs: number; readonly untilMs?: number },
  ): Promise<ReceivedMessage[]> {
    const { sinceMs, untilMs } = window;
    const places = await this.placesOf(key, topics);
    const until = untilMs === undefined ? 'latest' : { sinceMs: untilMs + 1 };
    const ranges = await this.rangesOf(places, { sinceMs }, until);
    const found: ReceivedMessage[] = [];
    for await (const messages of this.scan(ranges)) found.push(...messages.filter((message) => message.key === key));
    return found.sort((a, b) => a.timestamp - b.timestamp);
  }

  /**
   * The messages of `key` in `topics` from there on, live, until the signal aborts (noticed within half a second).
   * To resume, give for each topic the offset after the last one seen.
   * @throws TooManyFollowersError
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
      const cursors = await this.cursorsAt(await this.placesOf(key, topics), from);
      while (!signal.aborted) {
        for (const message of await log.fetch(cursors, FOLLOW_WAIT_MS)) {
          if (signal.aborted) return;
          if (message.key === key) yield message;
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

  /** What comes to `topics` from now on, until the signal aborts (noticed within half a second); in order within a partition. */
  async *tail(topics: readonly string[], signal: AbortSignal): AsyncGenerator<ReceivedMessage[], void, void> {
    const places = await this.everyPlaceOf(topics);
    const ends = await this.log.offsetsAt(places, 'latest');
    const cursors = places.map((place, index) => ({ ...place, next: ends[index] ?? 0n }));
    while (!signal.aborted) {
      const messages = await this.log.fetch(cursors, FOLLOW_WAIT_MS);
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

  private async everyPlaceOf(topics: readonly string[]): Promise<Place[]> {
    const counts = await this.log.partitionsOf(topics);
    return [...counts].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
  }

  private async placesOf(key: string, topics: readonly string[]): Promise<Place[]> {
    const counts = await this.log.partitionsOf(topics);
    return [...counts].map(([topic, count]) => ({ topic, partition: partitionOf(key, count) }));
  }

  private async cursorsAt(places: readonly Place[], from: FollowFrom): Promise<Cursor[]> {
    if ('sinceMs' in from) {
      const offsets = await this.log.offsetsAt(places, from);
      return places.map((place, index) => ({ ...place, next: offsets[index] ?? 0n }));
    }
    return places.map((place) => {
      const offset = from.offsets[place.topic];
      if (offset === undefined) throw new RangeError(`no offset to follow ${place.topic} from`);
      return { ...place, next: BigInt(offset) };
    });
  }

  private async rangesOf(places: readonly Place[], from: Point, until: Point): Promise<Range[]> {
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
    const ends = new Map(ranges.map(({ cursor, end }) => [`${cursor.topic}/${cursor.partition}`, end]));
    for (let empty = 0; ;) {
      const open = ranges.filter(({ cursor, end }) => cursor.next < end).map(({ cursor }) => cursor);
      if (open.length === 0) return;
      const before = open.map(({ next }) => next);
      const messages = await this.log.fetch(open, READ_WAIT_MS);
      const inRange = messages.filter(
        ({ topic, partition, offset }) => BigInt(offset) < (ends.get(`${topic}/${partition}`) ?? 0n),
      );
      if (inRange.length > 0) yield inRange;
      empty = open.some(({ next }, index) => next !== before[index]) ? 0 : empty + 1;
      if (empty > MAX_EMPTY_FETCHES) throw new KafkaUnavailableError('Kafka returns nothing below the end of its log');
    }
  }
}
