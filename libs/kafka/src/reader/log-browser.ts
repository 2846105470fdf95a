import { isUtf8 } from 'node:buffer';
import { KafkaUnavailableError } from '../errors.js';
import { toReceived, type RawRecord, type ReceivedMessage } from '../message.js';
import type { KafkaOptions } from '../options.js';
import { FetchedRecord } from '../protocol/fetched-record.js';
import { REPLACEMENT } from '../protocol/key-text.js';
import { RECORD_OVERHEAD_BYTES } from '../protocol/limits.js';
import { LogClient, type TopicPartition } from './log-client.js';
import { scan, type Chunk, type OffsetRange, type ScanPage, type ScanWish } from './log-scan.js';

/** A record as it lies in the log, whatever it is: a message, a stranger's, one without a value, one that is no text. */
export interface BrowsedRecord extends ReceivedMessage {
  /** Bytes of its value; null when it has none, or cannot be read. */
  readonly valueBytes: number | null;
  /** The value when it is not UTF-8. */
  readonly binary: Buffer | undefined;
  readonly sizeBytes: number;
}

/** Where a partition's log begins, and the offset of the next record. */
export interface LogBounds extends TopicPartition {
  readonly earliest: bigint;
  readonly latest: bigint;
}

/** One record by its offset, or why there is none: its offset is still to come, retention has deleted it, Kafka uses it for itself. */
export type FoundRecord =
  { readonly record: BrowsedRecord } | { readonly absent: 'later' | 'deleted' | 'none'; readonly bounds: LogBounds };

/** Kafka has the records already, so the wait is only a bound. */
const WAIT_MS = 200;
/** What is read at once, of all partitions: beyond it, ranges are read in part. */
const ROUND_BYTES_MAX = 16 * 1024 * 1024;
/** What is asked for of one partition: of a range of a few records not the megabytes behind it. */
const FETCH_BYTES = { min: 16 * 1024, aRecord: 2 * 1024, max: 1024 * 1024 };
/** Fetches in a row that bring nothing from below the end of the log, before Kafka counts as unavailable. */
const EMPTY_FETCHES_MAX = 10;

/**
 * Looks into the log without a consumer group: nothing is committed, nobody's position moves.
 * All methods throw KafkaUnavailableError when Kafka stays away for some seconds, and UnknownTopicError.
 */
export class LogBrowser {
  private readonly log: LogClient;

  constructor(options: KafkaOptions) {
    this.log = new LogClient(options);
  }

  /** In the order of the places. */
  async boundsOf(places: readonly TopicPartition[]): Promise<LogBounds[]> {
    // The end last, so that a log that retention cuts meanwhile never ends before it begins.
    const earliest = await this.log.offsetsAt(places, 'earliest');
    const latest = await this.log.offsetsAt(places, 'latest');
    return places.map(({ topic, partition }, index) => {
      const begin = earliest[index] ?? 0n;
      const end = latest[index] ?? 0n;
      return { topic, partition, earliest: begin, latest: end > begin ? end : begin };
    });
  }

  /** In each place the offset of the first record at `sinceMs` or later; the end of the log when there is none. */
  positionsAt(places: readonly TopicPartition[], sinceMs: number): Promise<bigint[]> {
    return this.log.offsetsAt(places, { sinceMs });
  }

  /** @param ending aborts it between two reads: it throws then */
  page(wish: ScanWish<BrowsedRecord>, ending: AbortSignal): Promise<ScanPage<BrowsedRecord>> {
    return scan(wish, (ranges) => this.readRanges(ranges, ending));
  }

  async record(place: TopicPartition, offset: bigint, ending: AbortSignal): Promise<FoundRecord> {
    const [bounds] = await this.boundsOf([place]);
    if (!bounds) throw new RangeError('a record is read in one place');
    if (offset >= bounds.latest) return { absent: 'later', bounds };
    if (offset < bounds.earliest) return { absent: 'deleted', bounds };
    const cursor = { topic: place.topic, partition: place.partition, next: offset };
    const [found] = await this.log.fetchRecords([cursor], WAIT_MS, FETCH_BYTES.max, ending);
    const [raw] = found?.records ?? [];
    const record = raw && browsed(place, raw);
    // A batch that cannot be read stands at its last offset, for all of its records.
    if (record && (BigInt(record.offset) === offset || record.unreadable)) return { record };
    return { absent: 'none', bounds };
  }

  async disconnect(): Promise<void> {
    await this.log.disconnect();
  }

  private async readRanges(ranges: readonly OffsetRange[], ending: AbortSignal): Promise<Chunk<BrowsedRecord>[]> {
    const reading = ranges.map((range) => ({
      range,
      cursor: { topic: range.topic, partition: range.partition, next: range.from },
      records: [] as BrowsedRecord[],
    }));
    const byCursor = new Map(reading.map((one) => [one.cursor, one]));
    let bytes = 0;
    for (let empty = 0; ;) {
      if (ending.aborted) throw new KafkaUnavailableError('reading the log took too long');
      const open = reading.filter(
        ({ range: { from, to }, cursor }) => cursor.next < to && (bytes < ROUND_BYTES_MAX || to - from === 1n),
      );
      if (open.length === 0) break;
      const before = open.map(({ cursor }) => cursor.next);
      const cursors = open.map(({ cursor }) => cursor);
      for (const { cursor, records } of await this.log.fetchRecords(cursors, WAIT_MS, bytesFor(open), ending)) {
        const one = byCursor.get(cursor);
        for (const raw of records) {
          if (!one || BigInt(raw.offset) >= one.range.to) break;
          const record = browsed(cursor, raw);
          bytes += record.sizeBytes;
          one.records.push(record);
        }
      }
      empty = open.some(({ cursor }, index) => cursor.next !== before[index]) ? 0 : empty + 1;
      if (empty > EMPTY_FETCHES_MAX) throw new KafkaUnavailableError('Kafka returns nothing below the end of its log');
    }
    return reading.map(({ range: { to }, cursor: { next }, records }) => ({ records, reached: next < to ? next : to }));
  }
}

function bytesFor(ranges: readonly { readonly range: OffsetRange }[]): number {
  const longest = Math.max(...ranges.map(({ range: { from, to } }) => Number(to - from)));
  return Math.min(Math.max(longest * FETCH_BYTES.aRecord, FETCH_BYTES.min), FETCH_BYTES.max);
}

function browsed({ topic, partition }: TopicPartition, raw: RawRecord): BrowsedRecord {
  const message = toReceived(topic, partition, raw);
  const value = message.unreadable ? null : raw.value;
  const isText = value === null || !message.value?.includes(REPLACEMENT) || isUtf8(value);
  const content = raw instanceof FetchedRecord ? raw.sizeBytes : (raw.value?.length ?? 0);
  return {
    ...message,
    valueBytes: value?.length ?? null,
    // A copy: the record's own bytes are a view, which would keep its whole batch in memory.
    binary: isText ? undefined : Buffer.from(value),
    sizeBytes: content + RECORD_OVERHEAD_BYTES,
  };
}
