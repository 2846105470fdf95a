import { PARTITIONS, TOPICS } from '@backstep/contracts';
import type { Direction, TopicPartition } from '@backstep/kafka';
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A place in the log: in each partition that is read, the offset of the record after it. And which way the page goes from there. */
export interface MessageCursor {
  readonly direction: Direction;
  /** Tells the partitions, by {@link markOf}. */
  readonly mark: string;
  readonly positions: readonly bigint[];
}

const LETTERS = { forward: 'f', backward: 'b' } as const satisfies Record<Direction, string>;
const MARK_CHARACTERS = 8;
const RADIX = 36;
const OFFSET_MAX = 2n ** 63n - 1n;
const PLACES_MAX = TOPICS.length * PARTITIONS;
const PATTERN = new RegExp(
  `^messages[.][fb][.][0-9a-f]{${MARK_CHARACTERS}}(?:[.](?:0|[1-9a-z][0-9a-z]{0,12})){1,${PLACES_MAX}}$`,
);
export const NOT_OF_THIS_LIST = 'must be the nextCursor or prevCursor of a page of this list, with the same filters';

/** Other partitions have another mark: positions in one of them mean nothing in another. */
export const markOf = (places: readonly TopicPartition[]): string =>
  createHash('sha256')
    .update(places.map(({ topic, partition }) => `${topic}/${partition}`).join())
    .digest('hex')
    .slice(0, MARK_CHARACTERS);

/** `messages.f.9f86d081.0.a.3f…`, the offsets to the base of 36: some 150 characters for all partitions. */
export const formatCursor = ({ direction, mark, positions }: MessageCursor): string =>
  ['messages', LETTERS[direction], mark, ...positions.map((offset) => offset.toString(RADIX))].join('.');

export const MessageCursorText = z
  .string()
  .regex(PATTERN, NOT_OF_THIS_LIST)
  .transform((text, context): MessageCursor => {
    const [, letter, mark = '', ...offsets] = text.split('.');
    const positions = offsets.map(bigintOf);
    if (positions.some((offset) => offset > OFFSET_MAX)) {
      context.addIssue({ code: 'custom', message: 'has an offset above 2^63 - 1' });
      return z.NEVER;
    }
    return { direction: letter === LETTERS.forward ? 'forward' : 'backward', mark, positions };
  });

function bigintOf(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * BigInt(RADIX) + BigInt(parseInt(digit, RADIX));
  return value;
}
