import { encodedBytes, isUuid, newId } from '@backstep/messages';
import { BATCH_OVERHEAD_BYTES, DEFAULT_BATCH_SIZES, type BatchSizes } from '../batch-size.js';
import type { OutboxMessage } from '../outbox.js';

/** The number of shards. A constant and not a setting: instances with different numbers would send one key from two shards. */
export const SHARDS = 16;

/** A message as a team's own code makes it. The result of `encode` fits as well. */
export interface OutgoingMessage {
  readonly topic: string;
  /** Decides the partition: messages of one key keep their order. */
  readonly key: string;
  readonly value: string;
  /** `ce_id` is the UUID by which the reader's inbox finds duplicates. A message without one gets one. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** One field of the message cannot be sent. The message was not added. */
export class InvalidOutgoingMessageError extends Error {
  override readonly name = 'InvalidOutgoingMessageError';
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** The message is larger than Kafka takes on its topic. The message was not added. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';
  constructor(
    readonly topic: string,
    readonly key: string,
    readonly bytes: number,
    readonly maxBytes: number,
  ) {
    super(`a message of ${bytes} bytes for ${topic}, key ${key.slice(0, 100)}: Kafka takes ${maxBytes}`);
  }
}

/** Kafka's own rule for the name of a topic. */
const TOPIC = /^[\w.-]{1,249}$/;

/** @throws InvalidOutgoingMessageError, MessageTooLargeError */
export function toOutboxMessage(message: OutgoingMessage, sizes: BatchSizes = DEFAULT_BATCH_SIZES): OutboxMessage {
  const { topic, key, value } = message;
  if (!TOPIC.test(topic)) throw new InvalidOutgoingMessageError('topic', 'must be the name of a Kafka topic');
  checkText('key', key);
  checkText('value', value);
  const headers = { ...message.headers };
  for (const [name, text] of Object.entries(headers)) {
    if (typeof text !== 'string') throw new InvalidOutgoingMessageError(`headers.${name}`, 'must be text');
  }
  const id = (headers['ce_id'] ??= newId());
  if (!isUuid(id)) throw new InvalidOutgoingMessageError('headers.ce_id', 'must be a UUID');
  const bytes = encodedBytes({ topic, key, headers, value });
  const maxBytes = Math.min(sizes.batchMaxBytes(topic) - BATCH_OVERHEAD_BYTES, sizes.requestMaxBytes);
  if (bytes > maxBytes) throw new MessageTooLargeError(topic, key, bytes, maxBytes);
  return { id: id.toLowerCase(), shard: shardOf(key), topic, key, headers, value, bytes };
}

function checkText(field: 'key' | 'value', text: unknown): void {
  if (typeof text !== 'string') throw new InvalidOutgoingMessageError(field, 'must be text');
  if (text.includes('\u0000'))
    throw new InvalidOutgoingMessageError(field, 'must not hold U+0000: PostgreSQL stores none');
}

/** FNV-1a, 32 bit. Any hash is right that all instances compute alike. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % SHARDS;
}
