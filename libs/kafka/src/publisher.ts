import type { WireMessage } from '@backstep/messages';
import type { ICustomPartitioner, Message, Producer, RetryOptions } from 'kafkajs';
import { createClient, REQUEST_TIMEOUT_MS } from './client.js';
import {
  isTransient,
  KafkaRefusedError,
  KafkaSilentError,
  refusalOf,
  TopicMismatchError,
  unavailable,
} from './errors.js';
import {
  askSizes,
  BATCH_OVERHEAD_BYTES,
  DEFAULT_BATCH_MAX_BYTES,
  DEFAULT_REQUEST_MAX_BYTES,
  type KnownSizes,
} from './sizes.js';
import { SILENT, type KafkaLogger, type KafkaOptions } from './options.js';
import { partitionOf } from './partition.js';
import { within } from './time.js';

const ACKS_FROM_ALL = -1;
/** Long enough for a connect and an attempt. A send that has not ended by then may never end. If it does, its messages were sent twice. */
const SEND_TIMEOUT_MS = 6 * REQUEST_TIMEOUT_MS;

/**
 * One attempt a call. kafkajs 2.2.4 remembers across its attempts which brokers have answered, and sends them nothing again. When a broker
 * dies and another one that has answered already becomes the leader of its partitions, the messages to those partitions are sent to nobody,
 * and the call resolves. So the caller sends everything again, see docs/decisions/0023-a-send-is-one-attempt.md.
 * `when-a-leader-moves-during-a-send.unit.spec.ts` fails when a new version no longer needs this.
 */
export const ONE_ATTEMPT: RetryOptions = { retries: 0 };

/** Our own partitioner, because the partition is the outbox shard. It also keeps kafkajs from a warning about its default. */
const byKey: ICustomPartitioner =
  () =>
  ({ partitionMetadata, message }) =>
    partitionOf(String(message.key), partitionMetadata.length);

/** In bytes: of one request, and of its messages to one partition. */
export interface PublisherSizes {
  readonly requestMaxBytes: number;
  batchMaxBytes(topic: string): number;
}

/**
 * Sends batches, each acknowledged by all in-sync replicas before the next. That keeps the order of a key.
 *
 * Not an idempotent producer: with one batch in flight a repeat can only duplicate, never reorder, and the inbox drops duplicates. The
 * idempotent producer of kafkajs retries for ever, and stays broken once a broker has forgotten its sequence.
 */
export class KafkaPublisher {
  private readonly logger: KafkaLogger;
  private producer: Promise<Producer> | undefined;
  private sending = false;
  private reached = false;
  private known: KnownSizes | undefined;

  /** @param topics whose limits are asked for */
  constructor(
    private readonly options: KafkaOptions,
    private readonly topics: readonly string[] = [],
  ) {
    this.logger = options.logger ?? SILENT;
  }

  /** The sizes that Kafka takes: as it answered, or its defaults. */
  get sizes(): PublisherSizes {
    return {
      requestMaxBytes: this.known?.requestMaxBytes ?? DEFAULT_REQUEST_MAX_BYTES,
      batchMaxBytes: (topic) => this.known?.batchMaxBytes.get(topic) ?? DEFAULT_BATCH_MAX_BYTES,
    };
  }

  /** The largest message that Kafka takes on a topic, in bytes; undefined where Kafka has not answered. */
  largestMessage(topic: string): number | undefined {
    const { known } = this;
    const batch = known?.batchMaxBytes.get(topic);
    if (known === undefined || batch === undefined) return undefined;
    return Math.min(batch - BATCH_OVERHEAD_BYTES, known.requestMaxBytes);
  }

  /**
   * Compares the number of partitions of each topic with the wanted one: with another number a key's partition is not its outbox shard.
   * Asks Kafka unless it has answered before. A topic that Kafka does not name is passed over, and all are while Kafka does not answer.
   * @throws TopicMismatchError naming the first topic with another number
   */
  async checkPartitions(wanted: number): Promise<void> {
    if (!this.known) await this.askSizes();
    for (const [topic, found] of this.known?.partitions ?? []) {
      if (found !== wanted) throw new TopicMismatchError(topic, wanted, found);
    }
  }

  /** Asks Kafka which sizes it takes. Never throws: a size that Kafka does not answer stays as it was. */
  async askSizes(): Promise<void> {
    try {
      this.known = (await askSizes(this.options, this.topics)) ?? this.known;
    } catch (error) {
      this.logger.debug('could not ask Kafka how much it takes at once', { error });
    }
  }

  /** True when the last connect or publish reached Kafka. */
  get healthy(): boolean {
    return this.reached;
  }

  /** Connects ahead of the first batch; otherwise the first `publish` connects. @throws KafkaUnavailableError */
  async connect(): Promise<void> {
    await this.guard(() => this.connected());
  }

  /**
   * Resolves when all of `messages` are acknowledged, in order per key and topic.
   * @throws KafkaUnavailableError when Kafka is away; some of the messages may have arrived. Send the same batch again.
   * @throws KafkaRefusedError when Kafka will never take this batch.
   */
  async publish(messages: readonly WireMessage[]): Promise<void> {
    if (messages.length === 0) return;
    if (this.sending) throw new Error('one batch at a time: await the last publish, or the order of a key is lost');
    this.sending = true;
    try {
      await this.guard(async () => {
        const producer = await this.connected();
        await producer.sendBatch({
          acks: ACKS_FROM_ALL,
          timeout: REQUEST_TIMEOUT_MS,
          topicMessages: byTopic(messages),
        });
      });
    } finally {
      this.sending = false;
    }
  }

  async disconnect(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    this.reached = false;
    if (!producer) return;
    try {
      await (await producer).disconnect();
    } catch (error) {
      this.logger.debug('the producer was gone before it could disconnect', { error });
    }
  }

  private connected(): Promise<Producer> {
    return (this.producer ??= this.open());
  }

  private async open(): Promise<Producer> {
    const producer = createClient(this.options).producer({
      createPartitioner: byKey,
      allowAutoTopicCreation: false,
      retry: ONE_ATTEMPT,
    });
    await producer.connect();
    return producer;
  }

  /** After a failure the next call begins with a new producer: kafkajs keeps addresses and metadata that may be the cause. */
  private async guard(action: () => Promise<unknown>): Promise<void> {
    try {
      if (!(await within(SEND_TIMEOUT_MS, action()))) throw new KafkaSilentError('kafkajs does not come to an end');
      this.reached = true;
    } catch (error) {
      const refusal = refusalOf(error);
      // The refusal of a message is no fault of the connection.
      if (refusal?.of !== 'message') {
        void this.disconnect();
        this.reached = false;
      }
      if (refusal) throw new KafkaRefusedError(`Kafka refused the batch (${refusal.code})`, { cause: error, refusal });
      if (isTransient(error)) throw unavailable(error);
      throw new KafkaRefusedError('Kafka refused the batch', { cause: error });
    }
  }
}

function byTopic(messages: readonly WireMessage[]): { topic: string; messages: Message[] }[] {
  const groups = new Map<string, Message[]>();
  for (const { topic, key, headers, value } of messages) {
    const group = groups.get(topic);
    const message: Message = { key, value, headers: { ...headers } };
    if (group) group.push(message);
    else groups.set(topic, [message]);
  }
  return [...groups].map(([topic, group]) => ({ topic, messages: group }));
}
