import { PARTITIONS, TOPICS } from '@backstep/contracts';
import type { LogPosition, ReceivedMessage } from '@backstep/kafka';
import { createHash } from 'node:crypto';

/** The topics of the stream. */
export const STREAMED_TOPICS = TOPICS.map(({ name }) => name);

const PLACES = STREAMED_TOPICS.flatMap((topic) =>
  Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition })),
);
const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`;
const INDEX = new Map(PLACES.map((place, index) => [nameOf(place), index]));

const LAYOUT_CHARACTERS = 8;
/** Other topics or partitions make other ids. */
const LAYOUT = createHash('sha256').update(PLACES.map(nameOf).join()).digest('hex').slice(0, LAYOUT_CHARACTERS);
const RADIX = 36;
const OFFSET_MAX = 2n ** 63n - 1n;

/** The pattern of an event's id. */
export const STREAM_ID = new RegExp(`^${LAYOUT}(?:[.](?:0|[1-9a-z][0-9a-z]{0,12})){${PLACES.length}}$`);

/**
 * How far a stream has got: the next offset of every partition. The ids of a stream are this, `1f0c2a9b.0.a.3f…`, so that any gateway goes on
 * with it, also one that has just started.
 */
export class StreamPosition {
  private text: string | undefined;

  private constructor(private readonly next: bigint[]) {}

  /** @throws Error when the log has other partitions than the contract */
  static of(positions: readonly LogPosition[]): StreamPosition {
    const next = PLACES.map(() => 0n);
    for (const position of positions) {
      const index = INDEX.get(nameOf(position));
      if (index === undefined) throw new Error(`${nameOf(position)} is no partition of the contract`);
      next[index] = position.next;
    }
    return new StreamPosition(next);
  }

  /** @returns undefined for what is no id */
  static parse(id: string): StreamPosition | undefined {
    if (!STREAM_ID.test(id)) return undefined;
    const next = id.split('.').slice(1).map(bigintOf);
    return next.every((offset) => offset <= OFFSET_MAX) ? new StreamPosition(next) : undefined;
  }

  get id(): string {
    return (this.text ??= [LAYOUT, ...this.next.map((offset) => offset.toString(RADIX))].join('.'));
  }

  get all(): LogPosition[] {
    return PLACES.map((place, index) => ({ ...place, next: this.next[index] ?? 0n }));
  }

  copy(): StreamPosition {
    return new StreamPosition([...this.next]);
  }

  /** Moves past a message. */
  pass({ topic, partition, offset }: Pick<ReceivedMessage, 'topic' | 'partition' | 'offset'>): void {
    const index = INDEX.get(`${topic}/${partition}`);
    if (index === undefined) return;
    this.next[index] = BigInt(offset) + 1n;
    this.text = undefined;
  }

  /** Whether no partition is further than in `other`. */
  isUpTo(other: StreamPosition): boolean {
    return this.next.every((offset, index) => offset <= (other.next[index] ?? 0n));
  }

  /** How many offsets lie between this and a later one. */
  distanceTo(later: StreamPosition): bigint {
    return this.next.reduce((sum, offset, index) => sum + (later.next[index] ?? 0n) - offset, 0n);
  }
}

function bigintOf(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * BigInt(RADIX) + BigInt(parseInt(digit, RADIX));
  return value;
}
