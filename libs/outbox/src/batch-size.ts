import type { OutboxMessage } from './outbox.js';

/** What Kafka takes at once, in bytes. */
export interface BatchSizes {
  /** Of one produce request. */
  readonly requestMaxBytes: number;
  /** Of the messages of one request that go to one partition: `max.message.bytes` is about them together, not about each. */
  batchMaxBytes(topic: string): number;
  /** Set where a message's shard is not its partition: all of a topic is counted as one batch. */
  readonly oneBatchATopic?: boolean;
}

const KB = 1_024;
/** Kafka's own default of 1,048,588 bytes, and some left over. */
export const DEFAULT_BATCH_MAX_BYTES = 1_000 * KB;
/** Far below the 100 MB that a broker takes: a request is built in memory, and its answer is waited for. */
export const REQUEST_MAX_BYTES = 4_096 * KB;

export const DEFAULT_BATCH_SIZES: BatchSizes = {
  requestMaxBytes: REQUEST_MAX_BYTES,
  batchMaxBytes: () => DEFAULT_BATCH_MAX_BYTES,
};

/** Of a batch, beside its records. */
export const BATCH_OVERHEAD_BYTES = 61;

/** What a request holds so far. */
class Filling {
  private requestBytes = 0;
  private readonly batchBytes = new Map<string, number>();

  constructor(private readonly sizes: BatchSizes) {}

  /** The first always fits: whether Kafka takes what is too large by itself is for Kafka to say. */
  takes({ topic, shard, bytes }: OutboxMessage): boolean {
    const partition = this.sizes.oneBatchATopic ? topic : `${topic}/${shard}`;
    const batchBytes = (this.batchBytes.get(partition) ?? BATCH_OVERHEAD_BYTES) + bytes;
    const requestBytes = this.requestBytes + bytes;
    const first = this.requestBytes === 0;
    const { requestMaxBytes } = this.sizes;
    if (!first && (requestBytes > requestMaxBytes || batchBytes > this.sizes.batchMaxBytes(topic))) return false;
    this.requestBytes = requestBytes;
    this.batchBytes.set(partition, batchBytes);
    return true;
  }
}

/** A broker closes the connection on a request above its `socket.request.max.bytes`, without a word. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
  readonly refusal = { of: 'message', code: 'REQUEST_TOO_LARGE' } as const;
  constructor(requestMaxBytes: number) {
    super(`Kafka takes requests of ${requestMaxBytes} bytes`);
  }
}

export const exceedsRequest = ([first, second]: readonly OutboxMessage[], { requestMaxBytes }: BatchSizes): boolean =>
  second === undefined && first !== undefined && first.bytes > requestMaxBytes;

/** How many of the first `max` messages one request takes. */
export function fitting(messages: readonly OutboxMessage[], max: number, sizes: BatchSizes): number {
  const filling = new Filling(sizes);
  const end = Math.min(messages.length, max);
  for (let count = 0; count < end; count++) {
    const message = messages[count];
    if (message && !filling.takes(message)) return count;
  }
  return end;
}

/** The same of one topic, the first message's: nothing is taken from behind a message of its key that is not. */
export function fittingOfOneTopic(messages: readonly OutboxMessage[], max: number, sizes: BatchSizes) {
  const [taken, rest] = [[] as OutboxMessage[], [] as OutboxMessage[]];
  const passedOver = new Set<string>();
  const filling = new Filling(sizes);
  for (const message of messages) {
    const fits =
      taken.length < max &&
      message.topic === messages[0]?.topic &&
      !passedOver.has(message.key) &&
      filling.takes(message);
    (fits ? taken : rest).push(message);
    if (!fits) passedOver.add(message.key);
  }
  return { taken, rest };
}
