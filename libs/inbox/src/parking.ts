import type { Executor, StatementPart } from '@backstep/concurrency';
import type { Delivered } from './delivered.js';
import { insertOperations, operationParams, type ParkedOperation } from './operations.js';
import { parkedError } from './storable.js';

/** poisoned: cannot be handled. held: could be, but waits behind a poisoned one of its key. discarded: an operator gave it up. */
export type ParkedState = 'poisoned' | 'held' | 'discarded';

/** A parked message as operators see it. */
export interface ParkedMessage {
  readonly id: string;
  /** The message's place among the parked messages of this service, decimal. It is never used again. */
  readonly seq: string;
  readonly state: ParkedState;
  /** Counts what became of it since it was parked: a replay that failed, that it was discarded. */
  readonly version: number;
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

/** A parked message and the others of its key. */
export interface SeenMessage extends ParkedMessage {
  /** How many wait behind it, up to the next poisoned one of its key; at most {@link HELD_COUNT_MAX} are counted. */
  readonly held: number;
  /** Of a held one, the poisoned one before it. Null for others, and for one that is free to be handled. */
  readonly behind: string | null;
}

/** One of those that are listed, without what it says: values have up to 256 KB, and headers 64 KB, each. */
export type ListedMessage = Omit<SeenMessage, 'headers' | 'value'>;

/** So many of those that wait behind one are counted. */
export const HELD_COUNT_MAX = 1_000;

/** A parked message that goes, and how often it was tried when that was decided; undefined: however often. */
export interface Unparking {
  readonly id: string;
  readonly attempts?: number | undefined;
}

/**
 * Deletes parked messages that a replay has handled; their inbox rows stay. A message that another instance has unparked, or that has failed
 * once more meanwhile, fails the write.
 */
export const unparkPart = (parked: readonly Unparking[]): StatementPart => ({
  name: 'parked_out',
  sql:
    'DELETE FROM parked_message AS p USING unnest($1::uuid[], $2::integer[]) AS x (id, attempts) ' +
    "WHERE p.id = x.id AND p.state <> 'discarded' AND p.attempts = coalesce(x.attempts, p.attempts)",
  params: [parked.map(({ id }) => id), parked.map(({ attempts }) => attempts ?? null)],
  rows: parked.length,
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

const PLAIN_COLUMNS =
  'id, state, topic, partition, kafka_offset, key, type, cut, size_bytes, cause, error, attempts, parked_at, seq';
/** What a message says lies beside its row (TOAST): it is read only when it is named. */
const COLUMNS = `${PLAIN_COLUMNS}, headers, value`;
const ofP = (columns: string): string => columns.replaceAll(/\w+/g, 'p.$&');

/** Both by the index on key and place; what is discarded holds nothing. */
const AMONG_ITS_KEY = `
  CASE WHEN p.state <> 'poisoned' OR p.key = '' THEN 0 ELSE (SELECT count(*)::int FROM (
    SELECT FROM parked_message AS h WHERE h.key = p.key AND h.state = 'held' AND h.seq > p.seq AND NOT EXISTS (
      SELECT FROM parked_message AS later
      WHERE later.key = p.key AND later.state = 'poisoned' AND later.seq > p.seq AND later.seq < h.seq)
    LIMIT ${HELD_COUNT_MAX}) AS counted) END AS held,
  CASE WHEN p.state = 'held' THEN (SELECT head.id FROM parked_message AS head
    WHERE head.key = p.key AND head.state = 'poisoned' AND head.seq < p.seq ORDER BY head.seq DESC LIMIT 1) END AS behind`;

interface PlainRow {
  id: string;
  state: ParkedState;
  topic: string;
  partition: number;
  kafka_offset: string;
  key: string;
  type: string | null;
  cut: boolean;
  size_bytes: string | null;
  cause: string;
  error: string;
  attempts: number;
  parked_at: Date;
  seq: string;
}

interface ParkedRow extends PlainRow {
  headers: string;
  value: Buffer | null;
}

interface AmongItsKey {
  held: number;
  behind: string | null;
}

/** Each try counts, and that it is given up, after which nothing more becomes of it. */
const versionOf = ({ attempts, state }: Pick<PlainRow, 'attempts' | 'state'>): number =>
  attempts + (state === 'discarded' ? 1 : 0);

const toPlain = (row: PlainRow): Omit<ParkedMessage, 'headers' | 'value'> => ({
  id: row.id,
  seq: row.seq,
  state: row.state,
  version: versionOf(row),
  topic: row.topic,
  partition: row.partition,
  offset: row.kafka_offset,
  key: row.key,
  type: row.type,
  cut: row.cut,
  sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
  cause: row.cause,
  error: row.error,
  attempts: row.attempts,
  parkedAt: row.parked_at.toISOString(),
});

const toParked = (row: ParkedRow): ParkedMessage => ({
  ...toPlain(row),
  headers: JSON.parse(row.headers) as Record<string, string>,
  value: row.value?.toString() ?? null,
});

/** The record that was parked, as Kafka delivered it. */
export const toDelivered = (parked: ParkedMessage): Delivered => ({
  ...parked,
  timestamp: Date.parse(parked.parkedAt),
});

/** The operator's view of the parked messages. */
export class ParkingLot {
  constructor(private readonly executor: Executor) {}

  /**
   * Oldest first, at most `limit`, after the message whose `seq` is `after` (it may be gone meanwhile) where given.
   * @param key as parked messages have it
   */
  async list({
    state,
    key,
    limit,
    after,
  }: {
    state?: ParkedState | undefined;
    key?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<ListedMessage[]> {
    const { rows } = await this.executor.query(
      `SELECT ${ofP(PLAIN_COLUMNS)}, ${AMONG_ITS_KEY} FROM parked_message AS p
       WHERE ($1::text IS NULL OR p.state = $1) AND ($2::bigint IS NULL OR p.seq > $2)
         AND ($3::text IS NULL OR p.key = $3) ORDER BY p.seq LIMIT $4`,
      [state ?? null, after ?? null, key ?? null, limit],
    );
    return (rows as (PlainRow & AmongItsKey)[]).map((row) => ({ ...toPlain(row), held: row.held, behind: row.behind }));
  }

  /** The message as {@link list} has it, and what it says. */
  async look(id: string): Promise<SeenMessage | undefined> {
    const { rows } = await this.executor.query(
      `SELECT ${ofP(COLUMNS)}, ${AMONG_ITS_KEY} FROM parked_message AS p WHERE p.id = $1`,
      [id],
    );
    const [row] = rows as (ParkedRow & AmongItsKey)[];
    return row && { ...toParked(row), held: row.held, behind: row.behind };
  }

  async find(id: string): Promise<ParkedMessage | undefined> {
    const [found] = await this.select('WHERE id = $1', [id]);
    return found;
  }

  /** The held messages that can be handled: no poisoned one of their key is before them. */
  async released(limit: number): Promise<ParkedMessage[]> {
    return this.select(
      `AS p WHERE state = 'held' AND NOT EXISTS (
         SELECT FROM parked_message AS head WHERE head.key = p.key AND head.state = 'poisoned' AND head.seq < p.seq)
       ORDER BY seq LIMIT $1`,
      [limit],
    );
  }

  /** The held messages that are {@link released} when this one is settled, in the order in which they are handled. */
  async releasedBy(
    { id, key, seq }: Pick<ParkedMessage, 'id' | 'key' | 'seq'>,
    limit: number,
  ): Promise<ParkedMessage[]> {
    if (key === '') return [];
    return this.select(
      `AS p WHERE key = $2 AND state = 'held' AND seq > $3 AND NOT EXISTS (
         SELECT FROM parked_message AS head WHERE head.key = $2 AND head.state = 'poisoned' AND head.id <> $1 AND head.seq < p.seq)
       ORDER BY seq LIMIT $4`,
      [id, key, seq, limit],
    );
  }

  /** The message of its key, poisoned or held, that comes first of those before it; undefined: it is its turn. */
  async before({ key, seq }: Pick<ParkedMessage, 'key' | 'seq'>): Promise<ParkedMessage | undefined> {
    if (key === '') return undefined;
    const [first] = await this.select(`WHERE key = $1 AND state <> 'discarded' AND seq < $2 ORDER BY seq LIMIT 1`, [
      key,
      seq,
    ]);
    return first;
  }

  /**
   * Discards a poisoned message.
   * @param operation stored with it
   * @returns false when no message has this id, it is not poisoned, or it was tried again.
   */
  async discard({ id, attempts }: Unparking, operation?: ParkedOperation): Promise<boolean> {
    const { rows } = await this.executor.query(
      `WITH d AS (UPDATE parked_message SET state = 'discarded', changed_at = now()
         WHERE id = $1 AND state = 'poisoned' AND attempts = coalesce($2::integer, attempts) RETURNING id),
       o AS (${insertOperations(3, ' JOIN d ON d.id = p.id')})
       SELECT count(*)::int AS n FROM d`,
      [id, attempts ?? null, ...operationParams(operation ? [[operation, 'discarded']] : [])],
    );
    return (rows[0] as { n: number }).n === 1;
  }

  /** Stores that a replay failed, and why. One that was discarded meanwhile stays so. */
  async failedAgain(id: string, cause: string, error: string, operation?: ParkedOperation): Promise<void> {
    await this.executor.query(
      `WITH f AS (UPDATE parked_message SET attempts = attempts + 1, changed_at = now(), cause = $2, error = $3, state = 'poisoned'
         WHERE id = $1 AND state <> 'discarded' RETURNING id),
       o AS (${insertOperations(4, ' JOIN f ON f.id = p.id')})
       SELECT count(*)::int AS n FROM f`,
      [id, cause, parkedError(error), ...operationParams(operation ? [[operation, 'poisoned']] : [])],
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
