import { createRequire } from 'node:module';
import { decodeBatches, encodeBatch, type IncomingRecord, type OutgoingRecord } from './record-batch.js';

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
/** As much of kafkajs' `Encoder` as it asks of the payload of a request. */
interface Payload {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}
interface ProduceCall {
  readonly request: { encode(): Promise<Payload> };
}
type Protocol = (which: { version: number }) => (options: ProduceOptions) => ProduceCall;

interface Fetched {
  readonly partition: number;
  readonly messages: readonly IncomingRecord[];
}
type DecodeFetched = (raw: Buffer) => Promise<unknown>;

/** Versions 3 to 7 have one format. */
const PRODUCE_VERSIONS = { from: 3, to: 7 };

const load = createRequire(import.meta.url);
const produce = load('kafkajs/src/protocol/requests/produce/index.js') as { protocol: Protocol };
const fetched = load('kafkajs/src/protocol/requests/fetch/v11/response.js') as { decode: DecodeFetched };
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: unknown,
) => Promise<IncomingRecord[]>;
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => unknown;

export const original = { protocol: produce.protocol, decode: fetched.decode };

produce.protocol = ({ version }) => {
  const make = original.protocol({ version });
  if (version < PRODUCE_VERSIONS.from || version > PRODUCE_VERSIONS.to) return make;
  return (options) => {
    const call = make(options);
    if (!isPlain(options)) return call;
    return { ...call, request: { ...call.request, encode: async () => payload(encodeProduce(options)) } };
  };
};

fetched.decode = async (raw) => decodeFetch(raw);

const isPlain = ({ compression = 0, transactionalId, producerId = -1, topicData }: ProduceOptions): boolean =>
  compression === 0 &&
  transactionalId == null &&
  String(producerId) === '-1' &&
  topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp == null)),
  );

const payload = (buffer: Buffer): Payload => ({ buf: buffer, buffer });

/** Produce request: `transactional_id acks timeout [topic [partition record_set]]`. */
function encodeProduce({ acks, timeout, topicData }: ProduceOptions): Buffer {
  const now = Date.now();
  const chunks: Buffer[] = [int16(-1), int16(acks), int32(timeout), int32(topicData.length)];
  for (const { topic, partitions } of topicData) {
    const name = Buffer.from(topic);
    chunks.push(int16(name.length), name, int32(partitions.length));
    for (const { partition, messages } of partitions) {
      const batch = encodeBatch(messages, now);
      chunks.push(int32(partition), int32(batch.length), batch);
    }
  }
  return Buffer.concat(chunks);
}

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Reads big-endian fields one after the other. */
class Fields {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  int16 = (): number => this.bytes.readInt16BE((this.at += 2) - 2);
  int32 = (): number => this.bytes.readInt32BE((this.at += 4) - 4);
  int64 = (): string => this.bytes.readBigInt64BE((this.at += 8) - 8).toString();
  raw = (length: number): Buffer => this.bytes.subarray(this.at, (this.at += Math.max(0, length)));
  text = (): string => this.raw(this.int16()).toString();
  list<T>(item: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, item);
  }
}

/** Fetch response, version 11, as kafkajs hands it on. */
async function decodeFetch(raw: Buffer) {
  const fields = new Fields(raw);
  const clientSideThrottleTime = fields.int32();
  const errorCode = fields.int16();
  const sessionId = fields.int32();
  const answers = fields.list(() => ({
    topicName: fields.text(),
    partitions: fields.list(() => ({
      partition: fields.int32(),
      errorCode: fields.int16(),
      highWatermark: fields.int64(),
      lastStableOffset: fields.int64(),
      lastStartOffset: fields.int64(),
      abortedTransactions: fields.list(() => ({ producerId: fields.int64(), firstOffset: fields.int64() })),
      preferredReadReplica: fields.int32(),
      messages: fields.raw(fields.int32()),
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

const recordsOf = async (bytes: Buffer): Promise<readonly IncomingRecord[]> =>
  decodeBatches(bytes) ?? decodeMessages(new Decoder(Buffer.concat([int32(bytes.length), bytes])));
