/**
 * Messages that are committed and not yet known to be in Kafka.
 *
 * Deleted by primary key after the acknowledgement (without it the acknowledged rows are found by scanning dead ones).
 * `seq` sorts the rows of a key as they were committed: a row of the same key in a later transaction is only written after the
 * version check has seen the earlier one. It carries no index: it is read only at start-up and after a failed send, in large chunks.
 * `shard` is the partition number of the key.
 * The index on `key` answers each write whether something about its keys is still unsent. A hash index, because it is the smallest in
 * the log: 77 to 90 bytes a row, of some 900 in all; a B-tree of the key takes 100 to 115.
 */
export const OUTBOX_SQL = `
CREATE TABLE outbox (
  id         uuid PRIMARY KEY,
  seq        bigint GENERATED ALWAYS AS IDENTITY,
  shard      integer NOT NULL,
  topic      text NOT NULL,
  key        text NOT NULL,
  headers    text NOT NULL,
  value      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

CREATE INDEX outbox_key ON outbox USING hash (key);

-- STABLE: it sees what the statement that calls it sees, and no row that this statement writes. The table looks empty whenever it is
-- analyzed, and is full of dead rows: a plan that scans it must not be chosen.
CREATE FUNCTION backstep_outbox_ids(keys text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN (SELECT array_agg(id) FROM outbox WHERE key = ANY(keys));
END $$;
`;

/**
 * Keys whose next message Kafka refused. The message stays in the outbox, and so does what was committed about its key since: both go
 * when Kafka takes the message. One row a key, named after the message that is in the way.
 */
export const OUTBOX_PARKED_SQL = `
CREATE TABLE outbox_parked (
  key        text PRIMARY KEY,
  message_id uuid NOT NULL,
  shard      integer NOT NULL,
  topic      text NOT NULL,
  cause      text NOT NULL,
  error      text NOT NULL,
  attempts   integer NOT NULL DEFAULT 1,
  parked_at  timestamptz NOT NULL DEFAULT now(),
  retry_at   timestamptz NOT NULL
);
CREATE INDEX outbox_parked_retry_at ON outbox_parked (retry_at);
`;
