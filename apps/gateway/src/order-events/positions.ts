import { TOPICS } from '@backstep/contracts';
import type { KeyReading, ReceivedMessage } from '@backstep/kafka';
import { createHash } from 'node:crypto';

/**
 * The progress of a stream of one order's messages: for each topic the offset of the last sent message, in the partition of the order's key.
 * A topic without a sent message is not in it.
 */
export type Positions = ReadonlyMap<string, bigint>;

export const START: Positions = new Map();

/**
 * The id of each server-sent event, `9f86d081884c7d65:inventory.commands@17,order.events@42`: the mark of the order and the progress of the
 * stream. A client that sends it back continues without loss or repetition, at any gateway.
 */
export interface EventId {
  /** {@link markOf} the order. */
  readonly order: string;
  readonly positions: Positions;
}

const MARK_CHARACTERS = 16;

/** Tells one order's ids from another's. It is no secret: a wrong mark harms its sender only. */
export const markOf = (orderId: string): string =>
  createHash('sha256').update(orderId.toLowerCase()).digest('hex').slice(0, MARK_CHARACTERS);

export const formatEventId = ({ order, positions }: EventId): string =>
  `${order}:${[...positions].map(([topic, offset]) => `${topic}@${offset}`).join(',')}`;

const TOPIC_NAMES = TOPICS.map(({ name }) => name);
const POSITION = `(?:${TOPIC_NAMES.map((name) => name.replace('.', '\\.')).join('|')})@(?:0|[1-9][0-9]{0,18})`;

/** The pattern of an event id, for the document. The parser also checks that each topic is there once and each offset is possible. */
export const EVENT_ID = new RegExp(
  `^[0-9a-f]{${MARK_CHARACTERS}}:${POSITION}(?:,${POSITION}){0,${TOPIC_NAMES.length - 1}}$`,
);
const OFFSET_MAX = 2n ** 63n - 1n;

/** Parses what `formatEventId` has written. @returns an error text for anything else */
export function parseEventId(text: string): EventId | string {
  if (!EVENT_ID.test(text)) return 'must be the id of an event of this stream';
  const [order = '', places = ''] = text.split(':');
  const positions = new Map<string, bigint>();
  for (const place of places.split(',')) {
    const [topic = '', digits = ''] = place.split('@');
    const offset = BigInt(digits);
    if (positions.has(topic)) return `must name ${topic} once`;
    if (offset > OFFSET_MAX) return `has an offset of ${topic} above ${OFFSET_MAX}`;
    positions.set(topic, offset);
  }
  return { order, positions };
}

/**
 * Whether a client's positions belong to the current log. After Kafka has lost its disk they do not: an offset lies beyond the end of the log,
 * or the message at it is not of this order. Positions before the part that was read cannot be checked.
 */
export const areOfThisLog = (positions: Positions, { ranges, messages }: KeyReading): boolean =>
  [...positions].every(([topic, offset]) => {
    const range = ranges.get(topic);
    if (range === undefined || offset >= range.end) return false;
    const wasRead = offset >= range.from && offset < range.to;
    return !wasRead || messages.some((message) => message.topic === topic && BigInt(message.offset) === offset);
  });

type Position = Pick<ReceivedMessage, 'topic' | 'offset'>;

/** Keeps the place in a stream. Each topic's messages must come in the order of their offsets; between topics any order is allowed. */
export class Bookmark {
  constructor(
    private readonly order: string,
    private positions: Positions,
  ) {}

  /** Moves past a message. @returns the id of its event; undefined when the message was sent already */
  pass({ topic, offset }: Position): string | undefined {
    const last = this.positions.get(topic);
    if (last !== undefined && BigInt(offset) <= last) return undefined;
    this.positions = new Map(this.positions).set(topic, BigInt(offset));
    return formatEventId({ order: this.order, positions: this.positions });
  }
}
