/**
 * Messages that are committed and not yet known to be in Kafka.
 *
 * Deleted by primary key after the acknowledgement (without it the acknowledged rows are found by scanning dead ones).
 * `seq` orders the rows of a key as they were committed: a row of the same key in a later transaction is only written after the
 * version check has seen the earlier one. It carries no index: it is read only at start-up and after a failed send, in large chunks.
 * `shard` is the partition number of the key.
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
`;
