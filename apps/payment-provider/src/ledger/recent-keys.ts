import { hash } from 'node:crypto';
import { NumberTable } from './number-table.js';

/** Stripe deletes idempotency keys after a day at the earliest. A client must stop repeating before: the payment service does after 23 hours. */
export const KEY_RETENTION_MS = 24 * 60 * 60 * 1_000;
/** Keys are deleted by the hour: all keys of an hour together, when the last of them is a day old. */
const BUCKET_MS = 60 * 60 * 1_000;

/** The offsets of records with idempotency keys, by hour and hash. The key itself is in the record, which tells equal hashes apart. */
export class RecentKeys {
  private readonly buckets = new Map<number, NumberTable>();

  /** @param createdAt when the record was made, at `offset` */
  add(key: string, offset: number, createdAt: number): void {
    const hour = Math.floor(createdAt / BUCKET_MS);
    let bucket = this.buckets.get(hour);
    if (!bucket) this.buckets.set(hour, (bucket = new NumberTable()));
    bucket.add(hashOf(key), offset);
  }

  /** Offsets of records that may have this key; nearly always none or one. */
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
