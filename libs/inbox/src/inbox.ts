import type { Executor, StatementPart } from '@backstep/concurrency';

/**
 * Inserts the message ids of a batch. An id that exists already is a unique violation of table `inbox`, and nothing of the batch is written.
 * The ids are sorted: two instances that get the same messages in different sequences would wait for each other.
 */
export const inboxPart = (messageIds: readonly string[]): StatementPart => ({
  name: 'inbox_in',
  sql: 'INSERT INTO inbox (message_id) SELECT unnest($1::uuid[])',
  params: [[...messageIds].sort()],
  rows: messageIds.length,
});

/** A unique violation of this table is a message that is known already. */
export const INBOX_TABLE = 'inbox';

/** @returns those of the ids that the inbox knows. Needed only after a unique violation. */
export async function knownMessages(executor: Executor, messageIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await executor.query('SELECT message_id AS id FROM inbox WHERE message_id = ANY($1::uuid[])', [
    messageIds,
  ]);
  return new Set((rows as { id: string }[]).map(({ id }) => id));
}

/** How long the inbox keeps what it knows. */
export interface RetentionPolicy {
  /** Must be longer than Kafka keeps messages: what Kafka can still deliver, the inbox must still know. */
  readonly retainInboxDays: number;
  readonly retainDiscardedDays: number;
  /** How long it is known who settled which parked message, and why. */
  readonly retainOperationsDays: number;
  /** Rows that one statement deletes, so that no purge holds locks for long. */
  readonly purgeChunk: number;
}

/** Two weeks of ids, which is twice as long as Kafka keeps messages by its default; a month of what was discarded; a quarter of who did it. */
export const DEFAULT_RETENTION: RetentionPolicy = {
  retainInboxDays: 14,
  retainDiscardedDays: 30,
  retainOperationsDays: 90,
  purgeChunk: 5_000,
};

/**
 * Deletes one chunk of the rows past their retention. The id of a parked message is kept as long as the message: a discarded message must
 * not be handled when it is delivered again.
 * @returns how many rows were deleted; fewer than `purgeChunk` means that none is left
 */
export async function purgeInbox(executor: Executor, policy: RetentionPolicy = DEFAULT_RETENTION): Promise<number> {
  const { rows } = await executor.query(
    `WITH gone AS (
       DELETE FROM inbox WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM inbox AS i WHERE received_at < now() - make_interval(days => $1)
           AND NOT EXISTS (SELECT FROM parked_message WHERE id = i.message_id) LIMIT $2)) RETURNING 1),
     discarded AS (
       DELETE FROM parked_message WHERE id IN (
         SELECT id FROM parked_message WHERE state = 'discarded' AND changed_at < now() - make_interval(days => $3) LIMIT $2) RETURNING 1),
     operations AS (
       DELETE FROM parked_operation WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM parked_operation WHERE acted_at < now() - make_interval(days => $4) LIMIT $2)) RETURNING 1)
     SELECT (SELECT count(*) FROM gone)::int + (SELECT count(*) FROM discarded)::int + (SELECT count(*) FROM operations)::int AS deleted`,
    [policy.retainInboxDays, policy.purgeChunk, policy.retainDiscardedDays, policy.retainOperationsDays],
  );
  return (rows[0] as { deleted: number }).deleted;
}
