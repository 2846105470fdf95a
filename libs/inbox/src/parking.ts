import type { Executor, StatementPart } from '@backstep/concurrency';
import { dedupeIdOf, type Delivered } from './delivered.js';

/** poisoned: cannot be handled. held: could be, but waits behind a poisoned one of its key. discarded: an operator gave it up. */
export type ParkedState = 'poisoned' | 'held' | 'discarded';

export interface Parking {
  readonly delivered: Delivered;
  readonly state: 'poisoned' | 'held';
  /** Short and stable, for grouping: `bad_json`, `handler_failed`, `behind_parked`, … */
  readonly cause: string;
  readonly error: string;
}

export interface ParkedMessage {
  readonly id: string;
  readonly state: ParkedState;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly type: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
  readonly cause: string;
  readonly error: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

const MAX_ERROR_CHARACTERS = 2_000;

/** Text that PostgreSQL accepts: it has no U+0000. */
export const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd');

/** Parks messages within the batch's statement, so that a message is either handled, or parked, or neither yet. */
export const parkPart = (parkings: readonly Parking[]): StatementPart => ({
  name: 'parked_in',
  sql:
    'INSERT INTO parked_message (id, state, topic, partition, kafka_offset, key, type, headers, value, cause, error) ' +
    'SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::text[], $11::text[])',
  params: [
    parkings.map(({ delivered }) => dedupeIdOf(delivered)),
    parkings.map(({ state }) => state),
    parkings.map(({ delivered }) => delivered.topic),
    parkings.map(({ delivered }) => delivered.partition),
    parkings.map(({ delivered }) => delivered.offset),
    parkings.map(({ delivered }) => storable(delivered.key ?? '')),
    parkings.map(({ delivered }) => storable(delivered.headers['ce_type'] ?? '') || null),
    parkings.map(({ delivered }) => JSON.stringify(delivered.headers)),
    parkings.map(({ delivered }) => (delivered.value === null ? null : Buffer.from(delivered.value))),
    parkings.map(({ cause }) => cause),
    parkings.map(({ error }) => storable(error).slice(0, MAX_ERROR_CHARACTERS)),
  ],
  rows: parkings.length,
});

/** A parked message that was handled after all is gone from here; its inbox row stays. Zero rows: somebody else was first. */
export const unparkPart = (ids: readonly string[]): StatementPart => ({
  name: 'parked_out',
  sql: "DELETE FROM parked_message WHERE id = ANY($1::uuid[]) AND state <> 'discarded'",
  params: [ids],
  rows: ids.length,
});

/** SQL for the batch's read: the keys among `$n` that have something parked, as a JSON array. */
/** Finds that no message of these keys is parked: for a batch that reads nothing, and so has not asked. */
export const nothingHeldPart = (keys: readonly string[]): StatementPart => ({
  name: 'held_keys',
  sql: "SELECT 1 FROM parked_message WHERE key = ANY($1::text[]) AND state <> 'discarded'",
  params: [keys],
  rows: 0,
});

export const heldKeysSql = (param: string): string =>
  `(SELECT json_agg(DISTINCT key) FROM parked_message WHERE key = ANY(${param}::text[]) AND key <> '' AND state <> 'discarded')`;

const COLUMNS =
  'id, state, topic, partition, kafka_offset, key, type, headers, value, cause, error, attempts, parked_at, seq';

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
  cause: string;
  error: string;
  attempts: number;
  parked_at: Date;
}

const toParked = (row: ParkedRow): ParkedMessage => ({
  id: row.id,
  state: row.state,
  topic: row.topic,
  partition: row.partition,
  offset: row.kafka_offset,
  key: row.key,
  type: row.type,
  headers: JSON.parse(row.headers) as Record<string, string>,
  value: row.value?.toString() ?? null,
  cause: row.cause,
  error: row.error,
  attempts: row.attempts,
  parkedAt: row.parked_at.toISOString(),
});

export const toDelivered = (parked: ParkedMessage): Delivered => ({
  ...parked,
  timestamp: Date.parse(parked.parkedAt),
});

/** The operator's view of what is parked. */
export class ParkingLot {
  constructor(private readonly executor: Executor) {}

  /** Newest last, at most `limit`, after the message `after` where given. */
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
         AND ($2::uuid IS NULL OR seq > (SELECT seq FROM parked_message WHERE id = $2)) ORDER BY seq LIMIT $3`,
      [state ?? null, after ?? null, limit],
    );
  }

  async find(id: string): Promise<ParkedMessage | undefined> {
    const [found] = await this.select('WHERE id = $1', [id]);
    return found;
  }

  /** A poisoned message and all that wait behind it, in the order they came, at most `limit`. */
  async withFollowers(id: string, limit: number): Promise<ParkedMessage[]> {
    return this.select(
      `WHERE state <> 'discarded' AND (id = $1 OR (key <> '' AND key = (SELECT key FROM parked_message WHERE id = $1)))
       ORDER BY seq LIMIT $2`,
      [id, limit],
    );
  }

  /** Messages that are held though nothing of their key is poisoned any more: they can go on. */
  async released(limit: number): Promise<ParkedMessage[]> {
    return this.select(
      `AS p WHERE state = 'held' AND NOT EXISTS (
         SELECT FROM parked_message AS head WHERE head.key = p.key AND head.state = 'poisoned')
       ORDER BY seq LIMIT $1`,
      [limit],
    );
  }

  /** Gives a poisoned message up. @returns false when it is not there, or not poisoned. */
  async discard(id: string): Promise<boolean> {
    const { rows } = await this.executor.query(
      `WITH d AS (UPDATE parked_message SET state = 'discarded', changed_at = now() WHERE id = $1 AND state = 'poisoned' RETURNING 1)
       SELECT count(*)::int AS n FROM d`,
      [id],
    );
    return (rows[0] as { n: number }).n === 1;
  }

  /** Notes that a replay failed, and why. */
  async failedAgain(id: string, cause: string, error: string): Promise<void> {
    await this.executor.query(
      `UPDATE parked_message SET attempts = attempts + 1, changed_at = now(), cause = $2, error = $3, state = 'poisoned' WHERE id = $1`,
      [id, cause, storable(error).slice(0, MAX_ERROR_CHARACTERS)],
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
