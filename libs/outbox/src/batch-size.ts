import type { OutboxMessage } from './outbox.js';

/** The sizes that Kafka takes, in bytes. */
export interface BatchSizes {
  /** Bytes of one produce request. */
  readonly requestMaxBytes: number;
  /** Bytes of all messages of one request that go to one partition: `max.message.bytes` bounds them together, not each by itself. */
  batchMaxBytes(topic: string): number;
  /** True where a message's shard is not its partition: all messages of a topic count as one batch. */
  readonly oneBatchATopic?: boolean;
}

const KB = 1_024;
/** A little less than Kafka's own default of 1,048,588 bytes. */
export const DEFAULT_BATCH_MAX_BYTES = 1_000 * KB;
/** Far below the 100 MB that a broker takes: a request is built in memory, and the next one waits for its answer. */
export const REQUEST_MAX_BYTES = 4_096 * KB;

/** What a Kafka with its own defaults takes. */
export const DEFAULT_BATCH_SIZES: BatchSizes = {
  requestMaxBytes: REQUEST_MAX_BYTES,
  batchMaxBytes: () => DEFAULT_BATCH_MAX_BYTES,
};

/** Bytes of a batch beside its records. */
export const BATCH_OVERHEAD_BYTES = 61;

/** Counts the bytes of a request, in all and per partition, while messages are added to it. */
class RequestBytes {
  private requestBytes = 0;
  private readonly batchBytes = new Map<string, number>();

  constructor(private readonly sizes: BatchSizes) {}

  /** Adds the message if it fits. The first always does: whether a message is too large by itself is for Kafka to say. */
  add({ topic, shard, bytes }: OutboxMessage): boolean {
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

/** Thrown in place of the send: on a request above its `socket.request.max.bytes` a broker closes the connection without an answer. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
  readonly refusal = { of: 'message', code: 'REQUEST_TOO_LARGE' } as const;
  constructor(requestMaxBytes: number) {
    super(`Kafka takes requests of ${requestMaxBytes} bytes`);
  }
}

/** Whether this one message is more than a request may have. */
export const exceedsRequest = ([first, second]: readonly OutboxMessage[], { requestMaxBytes }: BatchSizes): boolean =>
  second === undefined && first !== undefined && first.bytes > requestMaxBytes;

/** How many of the first `max` messages fit into one request. */
export function fitting(messages: readonly OutboxMessage[], max: number, sizes: BatchSizes): number {
  const request = new RequestBytes(sizes);
  const end = Math.min(messages.length, max);
  for (let count = 0; count < end; count++) {
    const message = messages[count];
    if (message && !request.add(message)) return count;
  }
  return end;
}

/** Takes messages of the first message's topic only. No message is taken past an earlier one of its key that stays. */
export function fittingOfOneTopic(messages: readonly OutboxMessage[], max: number, sizes: BatchSizes) {
  const [taken, rest] = [[] as OutboxMessage[], [] as OutboxMessage[]];
  const passedOver = new Set<string>();
  const request = new RequestBytes(sizes);
  for (const message of messages) {
    const fits =
      taken.length < max &&
      message.topic === messages[0]?.topic &&
      !passedOver.has(message.key) &&
      request.add(message);
    (fits ? taken : rest).push(message);
    if (!fits) passedOver.add(message.key);
  }
  return { taken, rest };
}
