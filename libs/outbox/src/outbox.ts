import { oneRowSql, TextArray, type Executor, type Question, type StatementPart } from '@backstep/concurrency';
import { encodedBytes, type EncodedMessage } from '@backstep/messages';
import { headersOf, storedHeaders } from './stored-headers.js';

/** A message that waits in the outbox to be sent. */
export interface OutboxMessage extends EncodedMessage {
  readonly id: string;
  /** The partition number of the key. The owner of that partition sends this row if its own process dies. */
  readonly shard: number;
}

/** The changes of the outbox that one write has committed. */
export interface CommittedWrite {
  /** The messages that it has inserted, in the order in which they are to be sent. */
  readonly sent: readonly OutboxMessage[];
  /** Ids of unsent messages of the same keys that were committed before: the write's answer to {@link findUnsentPredecessors}. */
  readonly unsentPredecessors: readonly string[];
  /** Ids of the rows that it has deleted, from `relay.takeAcknowledged()`. */
  readonly deleted: readonly string[];
}

const INSERT =
  'INSERT INTO outbox (id, shard, topic, key, headers, value) ' +
  'SELECT x.id::uuid, x.shard::integer, x.topic, x.key, x.headers, x.value ' +
  'FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS x(id, shard, topic, key, headers, value)';
const INSERT_ONE = oneRowSql(INSERT);

/** Inserts the batch's outgoing messages, in the order in which they were decided. */
export const outboxPart = (messages: readonly OutboxMessage[]): StatementPart => ({
  name: 'outbox_in',
  sql: INSERT,
  oneRow: INSERT_ONE,
  params: [
    new TextArray(messages.map(({ id }) => id)),
    new TextArray(messages.map(({ shard }) => String(shard))),
    new TextArray(messages.map(({ topic }) => topic)),
    new TextArray(messages.map(({ key }) => key)),
    new TextArray(messages.map(storedHeaders)),
    new TextArray(messages.map(({ value }) => value)),
  ],
  rows: messages.length,
});

/** Deletes messages that Kafka has acknowledged. Any number of deleted rows is right: an owner's sweep may have deleted some already. */
export const acknowledgedPart = (ids: readonly string[]): StatementPart => ({
  name: 'outbox_out',
  sql: 'DELETE FROM outbox WHERE id = ANY($1::uuid[])',
  params: [ids],
  rows: undefined,
});

/**
 * The ids of messages of the same keys that were committed before these and are still in the table. A write that changes the row which a
 * key's messages tell about has checked its version. So every earlier change of that row is committed, and its messages are in the answer.
 */
export const findUnsentPredecessors = (messages: readonly OutboxMessage[]): Question<readonly string[] | null> => ({
  sql: 'backstep_outbox_ids($1::text[])',
  params: [keysOf(messages)],
});

/** The keys of these messages, each once. */
export const keysOf = (messages: readonly OutboxMessage[]): string[] => [...new Set(messages.map(({ key }) => key))];

const IS_HELD = 'EXISTS (SELECT FROM outbox_parked AS p WHERE p.key = outbox.key)';

/** Rows of these shards that are older than `olderThanMs`, oldest first, without those of held keys. */
export const readShards = (
  executor: Executor,
  { shards, olderThanMs, limit }: { shards: readonly number[]; olderThanMs: number; limit: number },
): Promise<ReadMessage[]> =>
  readOutbox(
    executor,
    'shard = ANY($1::integer[]) AND created_at <= now() - make_interval(secs => $2::double precision / 1000)' +
      ` AND NOT ${IS_HELD}`,
    [shards, olderThanMs, limit],
  );

/** Rows of these keys, oldest first. `held`: the key's next message was refused by Kafka. */
export const readKeys = (executor: Executor, keys: readonly string[], limit: number): Promise<ReadMessage[]> =>
  readOutbox(executor, 'key = ANY($1::text[])', [keys, limit]);

/** A message read from the outbox table. */
export interface ReadMessage {
  readonly message: OutboxMessage;
  readonly held: boolean;
}

type OutboxRow = Omit<OutboxMessage, 'headers' | 'bytes'> & { readonly headers: string; readonly held: boolean };

async function readOutbox(executor: Executor, where: string, values: unknown[]): Promise<ReadMessage[]> {
  const { rows } = await executor.query(
    `SELECT id, shard, topic, key, headers, value, ${IS_HELD} AS held FROM outbox WHERE ${where} ORDER BY seq LIMIT $${values.length}`,
    values,
  );
  return (rows as OutboxRow[]).map(({ id, shard, topic, key, value, headers: text, held }) => {
    const headers = headersOf({ id, key, headers: text });
    const bytes = encodedBytes({ topic, key, headers, value });
    return { message: { id, shard, topic, key, headers, value, bytes }, held };
  });
}

/** How many messages are not acknowledged by Kafka yet, and the age of the oldest in seconds; 0 when there is none. */
export interface OutboxBacklog {
  readonly unpublished: number;
  readonly oldestAgeSeconds: number;
}

/** Counts the whole table: for a gauge, not for each request. */
export async function outboxBacklog(executor: Executor): Promise<OutboxBacklog> {
  const { rows } = await executor.query(
    `SELECT count(*)::int AS unpublished, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "oldestAgeSeconds" FROM outbox`,
    [],
  );
  return rows[0] as OutboxBacklog;
}
