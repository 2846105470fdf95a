import { array, ask, int16, int32, NoAnswerError, text } from '../system/wire.js';

const PRODUCE = 0;
const PRODUCE_VERSION = 3;
const INCREMENTAL_ALTER_CONFIGS = 44;
const TOPIC = 2;
const SET = 0;
const ACKS_FROM_ALL = -1;
const TIMEOUT_MS = 5_000;
const NONE = 0;

/** Where a batch begins in its log, or Kafka's error code; `closed` when the broker hung up. */
export type Taken = { readonly baseOffset: number } | { readonly refused: number | 'closed' };

/** Sends one batch as it is. A broker that cannot even read the request closes the connection: that is a refusal too. */
export async function produceRaw(broker: string, topic: string, partition: number, batch: Buffer): Promise<Taken> {
  const records = Buffer.concat([int32(batch.length), batch]);
  const place = Buffer.concat([text(topic), array([Buffer.concat([int32(partition), records])])]);
  const body = Buffer.concat([int16(-1), int16(ACKS_FROM_ALL), int32(TIMEOUT_MS), array([place])]);
  let answer: Buffer;
  try {
    answer = await ask(broker, PRODUCE, PRODUCE_VERSION, body);
  } catch (error) {
    if (error instanceof NoAnswerError) return { refused: 'closed' };
    throw error;
  }
  // One topic with its name, one partition with its number.
  const at = 4 + 2 + answer.readInt16BE(4) + 4 + 4;
  const code = answer.readInt16BE(at);
  return code === NONE ? { baseOffset: Number(answer.readBigInt64BE(at + 2)) } : { refused: code };
}

/** Every codec that a topic's `compression.type` can name; `producer` keeps what came. */
export const COMPRESSION_TYPES = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionType = (typeof COMPRESSION_TYPES)[number];

/** The broker writes what comes from now on with this codec, whoever sends it. @throws Error when it refuses */
export async function setCompression(broker: string, topic: string, type: CompressionType): Promise<void> {
  const setting = Buffer.concat([text('compression.type'), Buffer.from([SET]), text(type)]);
  const resource = Buffer.concat([Buffer.from([TOPIC]), text(topic), array([setting])]);
  const answer = await ask(broker, INCREMENTAL_ALTER_CONFIGS, 0, Buffer.concat([array([resource]), Buffer.from([0])]));
  // Throttle time, then one answer.
  const code = answer.readInt16BE(8);
  if (code !== NONE) throw new Error(`Kafka did not set compression.type of ${topic} to ${type}: error ${code}`);
}
