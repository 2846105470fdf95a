import { FetchedRecord, UnreadableBatch, type RecordTexts } from './protocol/fetched-record.js';
import { keyText } from './protocol/key-text.js';
import type { Unreadable } from './protocol/unreadable.js';

export type { Unreadable };

/** A record as it was read. Nothing is checked yet: `decode` of contracts does that. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Decimal: Kafka's offsets are 64 bit. */
  readonly offset: string;
  /** One that is not UTF-8 is U+FFFD and its bytes in hexadecimal, so that different keys stay different. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  /** Milliseconds since 1970: when Kafka took it, in topics of ours. −1 when nobody said; within what a `Date` can show. */
  readonly timestamp: number;
  /** Set when the record could not be opened, or not whole: `key` is null then, `headers` are empty, `value` is null or the first bytes. */
  readonly unreadable?: Unreadable | undefined;
}

/** What one fetch brought for one partition, in order, never empty. */
export interface MessageBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReceivedMessage[];
}

type HeaderValue = Buffer | string | null | undefined;

/** The record as kafkajs hands it over: its own, or one that `protocol` has read. */
export interface RawRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue | (Buffer | string | null)[]>>;
}

export function toReceived(topic: string, partition: number, record: RawRecord): ReceivedMessage {
  const isOurs = record instanceof FetchedRecord || record instanceof UnreadableBatch;
  const { key, value, headers, unreadable } = isOurs ? record.texts() : textsOf(record);
  const timestamp = timeOf(record.timestamp);
  return { topic, partition, offset: record.offset, key, headers, value, timestamp, unreadable };
}

const END_OF_9999 = 253_402_300_799_999;

/** In a topic of others the time is its sender's word, 64 bits of anything; a `Date` of it would throw. */
const timeOf = (timestamp: string): number => Math.max(-1, Math.min(Number(timestamp), END_OF_9999));

/** Of what kafkajs itself has read, from a Kafka before 2.3. */
function textsOf({ key, value, headers = {} }: RawRecord): RecordTexts {
  const texts: Record<string, string> = {};
  for (const [name, given] of Object.entries(headers)) {
    const first = [given].flat().find((one) => one != null);
    if (first !== undefined && first !== null) texts[name] = first.toString();
  }
  return { key: keyText(key), value: value?.toString() ?? null, headers: texts, unreadable: undefined };
}
