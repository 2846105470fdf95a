import type { Executor, StatementPart } from '@backstep/concurrency';
import type { Delivered } from './delivered.js';
import { parkedError } from './storable.js';

/** poisoned: cannot be handled. held: could be, but waits behind a poisoned one of its key. discarded: an operator gave it up. */
export type ParkedState = 'poisoned' | 'held' | 'discarded';

/** A parked message as operators see it. */
export interface ParkedMessage {
  readonly id: string;
  /** The message's place among the parked messages of this service, decimal. It is never used again. */
  readonly seq: string;
  readonly state: ParkedState;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly type: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  /** Some of its value or headers is not stored: the message can be discarded, not replayed. */
  readonly cut: boolean;
  /** Bytes of its value in Kafka; null when unknown, or when the message has no value. */
  readonly sizeBytes: number | null;
  readonly cause: string;
  readonly error: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

/** Deletes parked messages that a replay has handled; their inbox rows stay. A message that another instance has unparked fails the write. */
export const unparkPart = (ids: readonly string[]): StatementPart => ({
  name: 'parked_out',
  sql: "DELETE FROM parked_message WHERE id = ANY($1::uuid[]) AND state <> 'discarded'",
  params: [ids],
  rows: ids.length,
});

/** @returns those of the ids that are parked, in whatever state. Needed only after a unique violation. */
export async function parkedMessages(executor: Executor, messageIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await executor.query('SELECT id FROM parked_message WHERE id = ANY($1::uuid[])', [messageIds]);
  return new Set((rows as { id: string }[]).map(({ id }) => id));
}

/** A guard that no message of these keys is parked: for a batch that reads nothing and so has not checked it. */
export const nothingHeldPart = (keys: readonly string[]): StatementPart => ({
  name: 'held_keys',
  sql: "SELECT 1 FROM parked_message WHERE key = ANY($1::text[]) AND state <> 'discarded'",
  params: [keys],
  rows: 0,
});

/** SQL for the batch's read: those of the keys in parameter `param` that are held, as a JSON array. */
export const heldKeysSql = (param: string): string =>
  `(SELECT json_agg(DISTINCT key) FROM parked_message WHERE key = ANY(${param}::text[]) AND key <> '' AND state <> 'discarded')`;

const COLUMNS =
  'id, state, topic, partition, kafka_offset, key, type, headers, value, cut, size_bytes, cause, error, attempts, parked_at, seq';

interface ParkedRow {
  id: string;
  state: ParkedState;
  topic: string;
  partition: number;
  kafka_offset: string;
  key: string;
  type: string | null;
  headers: string;
  value: Buffer | null;
  cut: boolean;
  size_bytes: string | null;
  cause: string;
  error: string;
  attempts: number;
  parked_at: Date;
  seq: string;
}

const toParked = (row: ParkedRow): ParkedMessage => ({
  id: row.id,
  seq: row.seq,
  state: row.state,
  topic: row.topic,
  partition: row.partition,
  offset: row.kafka_offset,
  key: row.key,
  type: row.type,
  headers: JSON.parse(row.headers) as Record<string, string>,
  value: row.value?.toString() ?? null,
  cut: row.cut,
  sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
  cause: row.cause,
  error: row.error,
  attempts: row.attempts,
  parkedAt: row.parked_at.toISOString(),
});

/** The record that was parked, as Kafka delivered it. */
export const toDelivered = (parked: ParkedMessage): Delivered => ({
  ...parked,
  timestamp: Date.parse(parked.parkedAt),
});

/** The operator's view of the parked messages. */
export class ParkingLot {
  constructor(private readonly executor: Executor) {}

  /** Oldest first, at most `limit`, after the message whose `seq` is `after` (it may be gone meanwhile) where given. */
  async list({
    state,
    limit,
    after,
  }: {
    state?: ParkedState;
    limit: number;
    after?: string;
  }): Promise<ParkedMessage[]> {
    return this.select(
      `WHERE ($1::text IS NULL OR state = $1)
         AND ($2::bigint IS NULL OR seq > $2) ORDER BY seq LIMIT $3`,
      [state ?? null, after ?? null, limit],
    );
  }

  async find(id: string): Promise<ParkedMessage | undefined> {
    const [found] = await this.select('WHERE id = $1', [id]);
    return found;
  }

  /** A parked message and all others of its key that are poisoned or held, in the order in which they were parked, at most `limit`. */
  async withFollowers(id: string, limit: number): Promise<ParkedMessage[]> {
    return this.select(
      `WHERE state <> 'discarded' AND (id = $1 OR (key <> '' AND key = (SELECT key FROM parked_message WHERE id = $1)))
       ORDER BY seq LIMIT $2`,
      [id, limit],
    );
  }

  /** Held messages whose key has no poisoned message any more: they can be handled. */
  async released(limit: number): Promise<ParkedMessage[]> {
    return this.select(
      `AS p WHERE state = 'held' AND NOT EXISTS (
         SELECT FROM parked_message AS head WHERE head.key = p.key AND head.state = 'poisoned')
       ORDER BY seq LIMIT $1`,
      [limit],
    );
  }

  /** Discards a poisoned message. @returns false when no message has this id, or it is not poisoned. */
  async discard(id: string): Promise<boolean> {
    const { rows } = await this.executor.query(
      `WITH d AS (UPDATE parked_message SET state = 'discarded', changed_at = now() WHERE id = $1 AND state = 'poisoned' RETURNING 1)
       SELECT count(*)::int AS n FROM d`,
      [id],
    );
    return (rows[0] as { n: number }).n === 1;
  }

  /** Stores that a replay failed, and why. */
  async failedAgain(id: string, cause: string, error: string): Promise<void> {
    await this.executor.query(
      `UPDATE parked_message SET attempts = attempts + 1, changed_at = now(), cause = $2, error = $3, state = 'poisoned' WHERE id = $1`,
      [id, cause, parkedError(error)],
    );
  }

  async counts(): Promise<Record<ParkedState, number>> {
    const { rows } = await this.executor.query(
      'SELECT state, count(*)::int AS n FROM parked_message GROUP BY state',
      [],
    );
    const counts = { poisoned: 0, held: 0, discarded: 0 };
    for (const { state, n } of rows as { state: ParkedState; n: number }[]) counts[state] = n;
    return counts;
  }

  private async select(condition: string, values: unknown[]): Promise<ParkedMessage[]> {
    const { rows } = await this.executor.query(`SELECT ${COLUMNS} FROM parked_message ${condition}`, values);
    return (rows as ParkedRow[]).map(toParked);
  }
}
