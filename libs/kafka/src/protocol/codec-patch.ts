import { createRequire } from 'node:module';
import type { FetchedRecord } from './fetched-record.js';
import { decodeBatches, encodeBatch, type OutgoingRecord } from './record-batch.js';

/**
 * Puts {@link encodeBatch} and {@link decodeBatches} where kafkajs has its own, for what they know; all else is left to kafkajs: other
 * versions of the two requests, transactions, compression. `codec-patch.unit.spec.ts` holds both to the same bytes and the same records.
 */
interface ProduceOptions {
  readonly acks: number;
  readonly timeout: number;
  readonly compression?: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly messages: readonly (OutgoingRecord & { readonly timestamp?: string })[];
    }[];
  }[];
}
/** As much of kafkajs' `Encoder` and `Decoder` as is used here. Integers are big-endian. */
interface Encoder {
  readonly buffer: Buffer;
  writeInt16(value: number): this;
  writeInt32(value: number): this;
  writeString(value: string | null): this;
  /** Length and bytes. */
  writeBytes(value: Buffer): this;
}
interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string | null;
  /** Length and bytes: a view, nothing is copied. */
  readBytes(): Buffer | null;
  readArray<T>(item: () => T): T[];
}
interface ProduceCall {
  readonly request: { encode(): Promise<Encoder> };
}
type Protocol = (which: { version: number }) => (options: ProduceOptions) => ProduceCall;

interface Fetched {
  readonly partition: number;
  readonly messages: readonly FetchedRecord[];
}
interface FetchProtocol {
  protocol(which: { version: number }): (options: { topics: [] }) => {
    response: { decode(this: void, raw: Buffer): Promise<unknown> };
  };
}

/** Versions 3 to 7 have one format. */
const PRODUCE_VERSIONS = { from: 3, to: 7 };
const FETCH_VERSION = 11;

const load = createRequire(import.meta.url);
const produce = load('kafkajs/src/protocol/requests/produce/index.js') as { protocol: Protocol };
/** Loaded by kafkajs' own `require`: what somebody else has loaded first, Node looks for on the disk each time it is required there. */
const { response: fetched } = (load('kafkajs/src/protocol/requests/fetch/index.js') as FetchProtocol).protocol({
  version: FETCH_VERSION,
})({ topics: [] });
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: Decoder,
) => Promise<FetchedRecord[]>;
const Encoder = load('kafkajs/src/protocol/encoder.js') as new () => Encoder;
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => Decoder;

export const original = { protocol: produce.protocol, decode: fetched.decode };

produce.protocol = ({ version }) => {
  const make = original.protocol({ version });
  if (version < PRODUCE_VERSIONS.from || version > PRODUCE_VERSIONS.to) return make;
  return (options) => {
    const call = make(options);
    if (!isPlain(options)) return call;
    return { ...call, request: { ...call.request, encode: async () => encodeProduce(options) } };
  };
};

fetched.decode = decodeFetch;

const isPlain = ({ compression = 0, transactionalId, producerId = -1, topicData }: ProduceOptions): boolean =>
  compression === 0 &&
  transactionalId == null &&
  String(producerId) === '-1' &&
  topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp == null)),
  );

/** Produce request: `transactional_id acks timeout [topic [partition record_set]]`. */
function encodeProduce({ acks, timeout, topicData }: ProduceOptions): Encoder {
  const now = Date.now();
  const request = new Encoder().writeString(null).writeInt16(acks).writeInt32(timeout).writeInt32(topicData.length);
  for (const { topic, partitions } of topicData) {
    request.writeString(topic).writeInt32(partitions.length);
    for (const { partition, messages } of partitions) {
      request.writeInt32(partition).writeBytes(encodeBatch(messages, now));
    }
  }
  return request;
}

/** Fetch response, version 11, as kafkajs hands it on. */
async function decodeFetch(raw: Buffer) {
  const fields = new Decoder(raw);
  const int64 = (): string => fields.readInt64().toString();
  const clientSideThrottleTime = fields.readInt32();
  const errorCode = fields.readInt16();
  const sessionId = fields.readInt32();
  const answers = fields.readArray(() => ({
    topicName: fields.readString(),
    partitions: fields.readArray(() => ({
      partition: fields.readInt32(),
      errorCode: fields.readInt16(),
      highWatermark: int64(),
      lastStableOffset: int64(),
      lastStartOffset: int64(),
      abortedTransactions: fields.readArray(() => ({ producerId: int64(), firstOffset: int64() })),
      preferredReadReplica: fields.readInt32(),
      messages: fields.readBytes() ?? NOTHING,
    })),
  }));
  const responses = [];
  for (const { topicName, partitions } of answers) {
    const read: Fetched[] = [];
    for (const partition of partitions) read.push({ ...partition, messages: await recordsOf(partition.messages) });
    responses.push({ topicName, partitions: read });
  }
  // The broker has not waited; its client is to wait before the next request (KIP-219).
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

const NOTHING = Buffer.alloc(0);

const recordsOf = async (bytes: Buffer): Promise<readonly FetchedRecord[]> =>
  decodeBatches(bytes) ?? decodeMessages(new Decoder(new Encoder().writeBytes(bytes).buffer));
