import type { ReceivedMessage } from '@backstep/messages';
import { FetchedRecord, UnreadableBatch, type RecordTexts } from './protocol/fetched-record.js';
import { keyText } from './protocol/key-text.js';

export type { ReceivedMessage, Unreadable } from '@backstep/messages';

/** The messages of one fetch of one partition, in order, never empty. */
export interface MessageBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ReceivedMessage[];
}

type HeaderValue = Buffer | string | null | undefined;

/** The record as kafkajs hands it over: read by kafkajs itself, or by `protocol`. */
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

/** The id of a message, without the rest of its record; undefined when it can be told only with the rest. */
export const idOf = (record: RawRecord): string | undefined =>
  record instanceof FetchedRecord ? record.header('ce_id') : undefined;

/** Whether a record may be of this key, without the rest of it: a record that cannot be opened may be of any. */
export const mayBeOf = (record: RawRecord, key: Buffer): boolean =>
  !(record instanceof FetchedRecord) || record.mayBeOf(key);

/** Where a record lies, and when it was made. */
export const placeOf = ({ offset, timestamp }: RawRecord): { readonly offset: string; readonly timestamp: number } => ({
  offset,
  timestamp: timeOf(timestamp),
});

const END_OF_9999 = 253_402_300_799_999;

/** In a topic that we did not make, the time is any 64 bits that the sender chose. A `Date` of it could throw. */
const timeOf = (timestamp: string): number => Math.max(-1, Math.min(Number(timestamp), END_OF_9999));

/** Of a record that kafkajs itself has read, from a Kafka before 2.3. */
function textsOf({ key, value, headers = {} }: RawRecord): RecordTexts {
  const texts: Record<string, string> = {};
  for (const [name, given] of Object.entries(headers)) {
    const first = [given].flat().find((one) => one != null);
    if (first !== undefined && first !== null) texts[name] = first.toString();
  }
  return { key: keyText(key), value: value?.toString() ?? null, headers: texts, unreadable: undefined };
}
