import { TOPICS } from '@backstep/contracts';
import type { ReceivedMessage } from '@backstep/kafka';

/**
 * How far a stream of one order's messages has got: for each topic the offset of the last message that was sent, in the
 * partition of the order's key. Written as the id of each server-sent event, `inventory.commands@17,order.events@42`,
 * it is all a client must give back to go on without loss or repetition, at any gateway.
 */
export type Positions = ReadonlyMap<string, bigint>;

export const START: Positions = new Map();

/** Eight topics of at most 30 characters, each with an offset of at most 19 digits. */
export const POSITIONS_MAX_CHARACTERS = 512;

export const formatPositions = (positions: Positions): string =>
  [...positions].map(([topic, offset]) => `${topic}@${offset}`).join(',');

const POSITION = /^([a-z-]+\.[a-z]+)@(\d{1,19})$/;
const KNOWN = new Set(TOPICS.map(({ name }) => name));

/** What `formatPositions` wrote. @returns undefined when it did not. */
export function parsePositions(text: string): Positions | undefined {
  if (text.length > POSITIONS_MAX_CHARACTERS) return undefined;
  const positions = new Map<string, bigint>();
  for (const part of text.split(',')) {
    const [, topic, offset] = POSITION.exec(part) ?? [];
    if (topic === undefined || offset === undefined || !KNOWN.has(topic) || positions.has(topic)) return undefined;
    positions.set(topic, BigInt(offset));
  }
  return positions;
}

type Position = Pick<ReceivedMessage, 'topic' | 'offset'>;

/** Keeps the place in a stream. Each topic's messages must come in the order of their offsets; between topics any order will do. */
export class Bookmark {
  constructor(private positions: Positions) {}

  /** Moves past a message. @returns the id of its event; undefined when it lies before the place: it was sent already. */
  pass({ topic, offset }: Position): string | undefined {
    const last = this.positions.get(topic);
    if (last !== undefined && BigInt(offset) <= last) return undefined;
    this.positions = new Map(this.positions).set(topic, BigInt(offset));
    return formatPositions(this.positions);
  }
}
