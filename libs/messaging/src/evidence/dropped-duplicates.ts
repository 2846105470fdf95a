import { dedupeIdOf, parkedKey, type Delivered } from '@backstep/inbox';

/** The last duplicates that are known, at some 300 bytes each. */
const DROPPED_MAX = 1_000;

/** A record that was dropped, since its message was known already. */
export interface DroppedEvidence {
  readonly messageId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** When it was dropped, RFC 3339, by the clock of the process that dropped it. */
  readonly at: string;
}

interface Dropped {
  readonly messageId: string;
  /** As parked messages have it: short, whatever came. */
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly atMs: number;
}

/** The last records that this process has dropped as duplicates. In memory alone: a duplicate costs no write, and is forgotten with the process. */
export class DroppedDuplicates {
  private readonly ring: Dropped[] = [];
  private next = 0;

  constructor(
    private readonly max = DROPPED_MAX,
    private readonly now: () => number = Date.now,
  ) {}

  add(dropped: readonly Delivered[]): void {
    const atMs = this.now();
    for (const delivered of dropped) {
      const { topic, partition, offset } = delivered;
      // Without a place in Kafka it is no record: it came by express.
      if (offset.startsWith('-')) continue;
      const key = parkedKey(delivered.key);
      this.ring[this.next] = { messageId: dedupeIdOf(delivered), key, topic, partition, offset, atMs };
      this.next = (this.next + 1) % this.max;
    }
  }

  /** Those of a key, and those of these messages; the first dropped first. */
  of(key: string, messageIds: ReadonlySet<string>): readonly DroppedEvidence[] {
    const short = parkedKey(key);
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)]
      .filter((one) => one.key === short || messageIds.has(one.messageId))
      .map(({ messageId, topic, partition, offset, atMs }) => {
        return { messageId, topic, partition, offset, at: new Date(atMs).toISOString() };
      });
  }
}
