import { isUuid } from '@backstep/messages';
import type { OutboxMessage } from '@backstep/outbox';
import { FRAME_MAX_BYTES, HANDSHAKE_FRAME_MAX_BYTES, HEADERS_MAX } from './limits.js';

/** What a frame is: one byte after its length. */
export const FRAME = {
  /** Who connects. */
  hello: 1,
  /** Who answers, and its proof. */
  welcome: 2,
  /** The proof of who connects. */
  proof: 3,
  /** Messages are taken from now on. */
  ready: 4,
  message: 5,
  /** Kafka's copy of a message is waited for. */
  hurry: 6,
  ping: 7,
  pong: 8,
} as const;

/** One of {@link FRAME}. */
export type FrameKind = (typeof FRAME)[keyof typeof FRAME];
const KINDS: ReadonlySet<number> = new Set(Object.values(FRAME));

/** The peer does not speak as it should. Its connection is closed. */
export class BadFrameError extends Error {
  override readonly name = 'BadFrameError';
}

/** Bytes before the body of each frame: the length of the body, and the kind. */
const HEAD_BYTES = 5;

export function frameOf(kind: FrameKind, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  frame.writeUInt32BE(bytes, 0);
  frame[4] = kind;
  if (typeof body === 'string') frame.write(body, HEAD_BYTES);
  else body.copy(frame, HEAD_BYTES);
  return frame;
}

/** A message as it is handed over, and its number among all that its sender has committed to this topic and shard. */
export interface NumberedMessage {
  readonly number: number;
  readonly message: OutboxMessage;
}

/** Where the parts of a message frame stand: number, shard, then how long topic, key and headers are. The value is the rest. */
const NUMBER_AT = HEAD_BYTES;
const SHARD_AT = NUMBER_AT + 6;
const TOPIC_LENGTH_AT = SHARD_AT + 2;
const KEY_LENGTH_AT = TOPIC_LENGTH_AT + 2;
const HEADERS_LENGTH_AT = KEY_LENGTH_AT + 2;
const TEXTS_AT = HEADERS_LENGTH_AT + 4;
const SHARD_MAX = 0xffff;
const KEY_MAX_BYTES = 0xffff;

/** @returns undefined for a message that is too large for a frame */
export function messageFrame(message: OutboxMessage, number: number): Buffer | undefined {
  const { topic, key, shard, value } = message;
  const headers = JSON.stringify(message.headers);
  const topicBytes = Buffer.byteLength(topic);
  const keyBytes = Buffer.byteLength(key);
  const headersBytes = Buffer.byteLength(headers);
  const bytes = TEXTS_AT + topicBytes + keyBytes + headersBytes + Buffer.byteLength(value);
  if (bytes - HEAD_BYTES > FRAME_MAX_BYTES || keyBytes > KEY_MAX_BYTES || shard > SHARD_MAX) return undefined;
  const frame = Buffer.allocUnsafe(bytes);
  frame.writeUInt32BE(bytes - HEAD_BYTES, 0);
  frame[4] = FRAME.message;
  frame.writeUIntBE(number, NUMBER_AT, 6);
  frame.writeUInt16BE(shard, SHARD_AT);
  frame.writeUInt16BE(topicBytes, TOPIC_LENGTH_AT);
  frame.writeUInt16BE(keyBytes, KEY_LENGTH_AT);
  frame.writeUInt32BE(headersBytes, HEADERS_LENGTH_AT);
  let at = TEXTS_AT;
  at += frame.write(topic, at);
  at += frame.write(key, at);
  at += frame.write(headers, at);
  frame.write(value, at);
  return frame;
}

/**
 * Reads what {@link messageFrame} wrote. What the message says is checked by who handles it, as with Kafka's copy.
 * @param body the frame without its head
 * @throws BadFrameError
 */
export function readMessage(body: Buffer): NumberedMessage {
  const at = (place: number): number => place - HEAD_BYTES;
  if (body.length < at(TEXTS_AT)) throw new BadFrameError('a message without its lengths');
  const number = body.readUIntBE(at(NUMBER_AT), 6);
  const shard = body.readUInt16BE(at(SHARD_AT));
  const topicEnd = at(TEXTS_AT) + body.readUInt16BE(at(TOPIC_LENGTH_AT));
  const keyEnd = topicEnd + body.readUInt16BE(at(KEY_LENGTH_AT));
  const headersEnd = keyEnd + body.readUInt32BE(at(HEADERS_LENGTH_AT));
  if (headersEnd > body.length) throw new BadFrameError('a message that is longer than its frame');
  const headers = headersOf(body.toString('utf8', keyEnd, headersEnd));
  const id = headers['ce_id'] ?? '';
  if (!isUuid(id)) throw new BadFrameError('a message without an id');
  const message = {
    id: id.toLowerCase(),
    topic: body.toString('utf8', at(TEXTS_AT), topicEnd),
    key: body.toString('utf8', topicEnd, keyEnd),
    shard,
    headers,
    value: body.toString('utf8', headersEnd),
    bytes: body.length,
  };
  return { number, message };
}

function headersOf(text: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BadFrameError('headers that are not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new BadFrameError('headers that are no object');
  const values = Object.values(parsed);
  if (values.length > HEADERS_MAX) throw new BadFrameError('too many headers');
  if (!values.every((value) => typeof value === 'string')) throw new BadFrameError('a header that is no text');
  return parsed as Record<string, string>;
}

/** Cuts what a socket brings into frames. */
export class FrameReader {
  private rest: Buffer | undefined;
  /** Bytes that the body of a frame may have: few, until the peer has proved who it is. */
  maxBytes = HANDSHAKE_FRAME_MAX_BYTES;

  /**
   * @param take called with each whole frame; its body is valid during the call alone
   * @throws BadFrameError; what `take` throws
   */
  push(chunk: Buffer, take: (kind: FrameKind, body: Buffer) => void): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUInt32BE(at);
      const kind = bytes[at + 4] ?? 0;
      if (!KINDS.has(kind)) throw new BadFrameError(`an unknown kind of frame, ${kind}`);
      if (length > this.maxBytes) throw new BadFrameError(`a frame of ${length} bytes`);
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) break;
      take(kind as FrameKind, bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }
}
