import { hash } from 'node:crypto';
import { NumberTable } from './number-table.js';

/** Stripe removes idempotency keys after at least a day. Whoever repeats a request must stop before: the payment service does after 23 hours. */
export const KEY_RETENTION_MS = 24 * 60 * 60 * 1_000;
/** What is forgotten is forgotten at once: all that came in one hour, when the last of it is a day old. */
const BUCKET_MS = 60 * 60 * 1_000;

/** Where the records are that were made with idempotency keys, by hour. A key is not kept: two may have one hash, and the record tells. */
export class RecentKeys {
  private readonly buckets = new Map<number, NumberTable>();

  /** @param createdAt when the record was made, at `offset` */
  add(key: string, offset: number, createdAt: number): void {
    const hour = Math.floor(createdAt / BUCKET_MS);
    let bucket = this.buckets.get(hour);
    if (!bucket) this.buckets.set(hour, (bucket = new NumberTable()));
    bucket.add(hashOf(key), offset);
  }

  /** Offsets of records, one of which may have been made with this key. Nearly always none or one. */
  candidates(key: string): number[] {
    const hashed = hashOf(key);
    return [...this.buckets.values()].flatMap((bucket) => bucket.all(hashed));
  }

  forget(now: number): void {
    for (const hour of this.buckets.keys()) {
      if ((hour + 1) * BUCKET_MS + KEY_RETENTION_MS <= now) this.buckets.delete(hour);
    }
  }

  get size(): number {
    return [...this.buckets.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

const HASH_HEX_DIGITS = 12;
const hashOf = (key: string): number => parseInt(hash('sha256', key, 'hex').slice(0, HASH_HEX_DIGITS), 16);
