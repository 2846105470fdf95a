import { storable, type Executor } from '@backstep/concurrency';
import type { Refusal } from './send-policy.js';
import type { OutboxMessage } from './outbox.js';

/** Bounds of what is held while Kafka refuses a message. */
export interface HoldLimits {
  /** Keys that may be held. If more would be, the fault is Kafka's and not that of some messages. */
  readonly heldMax: number;
  /** The first retry of a parked message is due after this time, each later one after twice the time before it. */
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
  /** Parked messages that are retried in one turn. */
  readonly retryMax: number;
}

export const DEFAULT_HOLD_LIMITS: HoldLimits = {
  heldMax: 100_000,
  retryBaseMs: 30_000,
  retryCapMs: 300_000,
  retryMax: 100,
};

const ERROR_MAX_CHARS = 500;
const ROWS_MAX = 1_000;
/** Bounds the exponent. More doublings would be far above `retryCapMs`. */
const DOUBLINGS_MAX = 20;

/** A message that Kafka refuses, and what it says. */
export interface Refused {
  readonly message: OutboxMessage;
  readonly refusal: Refusal;
}

/**
 * The keys whose next message Kafka refused. The table has them all; memory has those that this process has met. Messages that are committed
 * for a held key stay in the outbox.
 */
export class HeldKeys {
  private readonly keys = new Set<string>();
  /** Keys that are held in the table, and whose messages are being sent again. */
  private readonly retrying = new Set<string>();

  constructor(
    private readonly executor: Executor,
    private readonly limits: HoldLimits,
  ) {}

  get size(): number {
    return this.keys.size;
  }

  /** Whether messages of held keys are being sent again. */
  get areRetried(): boolean {
    return this.retrying.size > 0;
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** Remembers keys that are held in the table. */
  add(keys: Iterable<string>): void {
    for (const key of keys) this.keys.add(key);
  }

  /** Drops a key that is no longer held in the table. */
  forget(key: string): void {
    this.keys.delete(key);
  }

  /**
   * Parks messages, and holds their keys. The row of a key names its first message.
   * @returns the parked messages; undefined when more keys would be held than may be
   */
  async park(refused: readonly Refused[], error: unknown): Promise<readonly Refused[] | undefined> {
    const first = new Map<string, Refused>();
    for (const one of refused) if (!first.has(one.message.key)) first.set(one.message.key, one);
    const parked = [...first.values()];
    if (this.keys.size + parked.length > this.limits.heldMax) return undefined;
    for (let from = 0; from < parked.length; from += ROWS_MAX) {
      const some = parked.slice(from, from + ROWS_MAX);
      await this.executor.query(PARK, [
        some.map(({ message }) => message.key),
        some.map(({ message }) => message.id),
        some.map(({ message }) => message.shard),
        some.map(({ message }) => message.topic),
        some.map(({ refusal }) => refusal.code),
        textOf(error),
        this.limits.retryBaseMs,
      ]);
      for (const { message } of some) {
        this.keys.add(message.key);
        this.retrying.delete(message.key);
      }
    }
    return parked;
  }

  /** Keys of these shards whose retry is due. Their next retry is set at once, so a process that dies now loses none. */
  async due(shards: readonly number[]): Promise<string[]> {
    const { retryBaseMs, retryCapMs, retryMax } = this.limits;
    const { rows } = await this.executor.query(DUE, [shards, retryMax, retryBaseMs, retryCapMs, DOUBLINGS_MAX]);
    return (rows as { key: string }[]).map(({ key }) => key);
  }

  /** Makes the retries of all held keys of these shards due now. */
  async allDue(shards: readonly number[]): Promise<void> {
    await this.executor.query(
      '/* outbox.all-due */ UPDATE outbox_parked SET retry_at = now() WHERE shard = ANY($1::integer[])',
      [shards],
    );
  }

  retry(keys: readonly string[]): void {
    for (const key of keys) {
      this.keys.delete(key);
      this.retrying.add(key);
    }
  }

  /** Releases the keys of these sent messages that were retried. */
  async sent(messages: readonly OutboxMessage[]): Promise<void> {
    if (this.retrying.size === 0) return;
    const keys = new Set(messages.map(({ key }) => key).filter((key) => this.retrying.has(key)));
    await this.release([...keys]);
  }

  async release(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.executor.query('/* outbox.release */ DELETE FROM outbox_parked WHERE key = ANY($1::text[])', [keys]);
    for (const key of keys) {
      this.keys.delete(key);
      this.retrying.delete(key);
    }
  }

  /** Drops keys from memory that another process has released in the table. */
  async compare(): Promise<void> {
    if (this.keys.size === 0) return;
    const held = [...this.keys];
    const { rows } = await this.executor.query(
      '/* outbox.held */ SELECT key FROM outbox_parked WHERE key = ANY($1::text[])',
      [held],
    );
    const still = new Set((rows as { key: string }[]).map(({ key }) => key));
    for (const key of held) if (!still.has(key)) this.keys.delete(key);
  }
}

/** A key that is held already keeps the time of its next retry, which {@link DUE} has set. */
const PARK = `/* outbox.park */
INSERT INTO outbox_parked AS p (key, message_id, shard, topic, cause, error, retry_at)
SELECT x.key, x.id, x.shard, x.topic, x.cause, $6, now() + make_interval(secs => $7::double precision / 1000)
FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::text[], $5::text[]) AS x(key, id, shard, topic, cause)
ON CONFLICT (key) DO UPDATE SET message_id = EXCLUDED.message_id, topic = EXCLUDED.topic, cause = EXCLUDED.cause, error = EXCLUDED.error`;

const DUE = `/* outbox.due */
UPDATE outbox_parked SET attempts = attempts + 1,
  retry_at = now() + make_interval(secs => least($4::double precision, $3::double precision * 2 ^ least(attempts, $5::integer)) / 1000)
WHERE key IN (
  SELECT key FROM outbox_parked WHERE shard = ANY($1::integer[]) AND retry_at <= now() ORDER BY retry_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING key`;

const textOf = (error: unknown): string =>
  storable((error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, ERROR_MAX_CHARS));

/** How many keys are held, by the code of Kafka's refusal. */
export async function parkedInOutbox(executor: Executor): Promise<{ readonly cause: string; readonly keys: number }[]> {
  const { rows } = await executor.query(
    'SELECT cause, count(*)::int AS keys FROM outbox_parked GROUP BY cause ORDER BY cause',
    [],
  );
  return rows as { cause: string; keys: number }[];
}
