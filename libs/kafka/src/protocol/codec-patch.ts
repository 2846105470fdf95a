import { createRequire } from 'node:module';
import { withoutAborted, type AbortedTransaction } from './aborted.js';
import { OpeningBudget, readBatches, type ReadRecord } from './batch-reader.js';
import { encodeBatch, type OutgoingRecord } from './record-batch.js';

/**
 * Puts {@link encodeBatch} and {@link readBatches} in place of the codec of kafkajs. Other versions of the two requests, and batches that are
 * sent compressed or in a transaction, are left to kafkajs. `codec-patch.unit.spec.ts` compares both codecs, bytes and records.
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
/** The part of kafkajs' `Encoder` and `Decoder` that is used here. Integers are big-endian. */
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
  readonly messages: readonly ReadRecord[];
  /** Empty: their records are replaced already. */
  readonly abortedTransactions: readonly [];
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
/** Reached through kafkajs' own `require`: for a module that another module loaded first, Node looks on the disk at each `require` there. */
const { response: fetched } = (load('kafkajs/src/protocol/requests/fetch/index.js') as FetchProtocol).protocol({
  version: FETCH_VERSION,
})({ topics: [] });
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
  // The broker has not delayed this answer. The client is to wait before its next request (KIP-219).
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses: await openAnswers(answers) };
}

interface Answer<P> {
  readonly topicName: string | null;
  readonly partitions: readonly P[];
}
interface AnsweredPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  readonly messages: Buffer;
}

const NOTHING = Buffer.alloc(0);
/** The partition to begin with, counted up: a partition with large batches must not keep the others waiting for ever. */
let turn = 0;

/** A partition beyond the budget is left out, as if Kafka had not answered for it. An error is never left out. */
async function openAnswers(answers: readonly Answer<AnsweredPartition>[]): Promise<Answer<Fetched>[]> {
  const budget = new OpeningBudget();
  const opened = answers.map(({ topicName }) => ({ topicName, partitions: [] as Fetched[] }));
  const all = answers.flatMap(({ partitions }, index) => partitions.map((partition) => ({ partition, index })));
  const first = turn++ % Math.max(1, all.length);
  for (let step = 0; step < all.length; step++) {
    const { partition, index } = all[(first + step) % all.length]!;
    const { messages, highWatermark, lastStableOffset } = partition;
    if (budget.spent && messages.length > 0 && partition.errorCode === 0) continue;
    const stable = Number(lastStableOffset);
    const end = stable >= 0 ? stable : Number(highWatermark);
    const records = messages.length === 0 ? [] : await readBatches(messages, end, budget);
    const sound = withoutAborted(records, partition.abortedTransactions);
    opened[index]?.partitions.push({ ...partition, messages: sound, abortedTransactions: [] });
  }
  return opened;
}
