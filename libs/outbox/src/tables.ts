/**
 * Messages that are committed and not yet known to be in Kafka.
 *
 * The primary key is for the delete after the acknowledgement: without an index it would find its rows by a scan of dead ones.
 * `seq` sorts the rows of a key in the order of their commits: a later transaction writes a row of the same key only after its version check
 * has seen the earlier one. `seq` has no index, because it is used only at start-up and after a failed send, in large chunks.
 * `shard` is the partition number of the key.
 * `headers` is JSON, or the values of the codec's headers without their names: see `stored-headers.ts`.
 * The index on `key` tells each write which messages of its keys are still unsent. It is a hash index, because that is the smallest in the
 * write-ahead log: 77 to 90 bytes a row, of some 900 in all; a B-tree of the key takes 100 to 115.
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
 * Keys whose next message Kafka refused. That message and all later ones of its key stay in the outbox until Kafka takes it. One row a key,
 * with the id of the refused message.
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
