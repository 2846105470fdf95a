/**
 * The messages that were handled, and those that cannot be.
 *
 * inbox: the primary key deduplicates. An id is inserted with the batch's effects, never looked up first. A BRIN index on the time costs
 * almost nothing, since the table only grows at its end, and the purge needs no other.
 * parked_message: `value` is bytea, because a poisoned message may hold bytes that text refuses (U+0000).
 */
export const INBOX_TABLES_SQL = `
CREATE TABLE inbox (
  message_id  uuid PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_received_at ON inbox USING brin (received_at);

CREATE TABLE parked_message (
  id           uuid PRIMARY KEY,
  seq          bigint GENERATED ALWAYS AS IDENTITY,
  state        text NOT NULL CHECK (state IN ('poisoned', 'held', 'discarded')),
  topic        text NOT NULL,
  partition    integer NOT NULL,
  kafka_offset bigint NOT NULL,
  key          text NOT NULL,
  type         text,
  headers      text NOT NULL,
  value        bytea,
  cause        text NOT NULL,
  error        text NOT NULL,
  attempts     integer NOT NULL DEFAULT 1,
  parked_at    timestamptz NOT NULL DEFAULT now(),
  changed_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX parked_message_key ON parked_message (key, seq) WHERE state <> 'discarded';
`;

/**
 * Bounds what is parked: `cut` marks a message that is not stored whole, `size_bytes` is the size of its value in Kafka. Keys are short
 * enough for the index, whatever their characters: see `parkedKey`.
 */
export const PARKED_BOUNDS_SQL = `
ALTER TABLE parked_message
  ADD COLUMN cut boolean NOT NULL DEFAULT false,
  ADD COLUMN size_bytes bigint,
  ADD CONSTRAINT parked_message_key_is_short CHECK (octet_length(key) <= 2048);
`;

/**
 * What operators did about parked messages, each with what the message was: a message that is handled is parked no more. The time is in
 * milliseconds, as whoever reads the list on knows it.
 */
export const PARKED_OPERATIONS_SQL = `
CREATE TABLE parked_operation (
  id              uuid PRIMARY KEY,
  message_id      uuid NOT NULL,
  action          text NOT NULL CHECK (action IN ('replay', 'discard')),
  outcome         text NOT NULL CHECK (outcome IN ('handled', 'discarded', 'poisoned')),
  acted_by        text NOT NULL CHECK (char_length(acted_by) <= 100),
  reason          text NOT NULL CHECK (char_length(reason) <= 500),
  idempotency_key text CHECK (char_length(idempotency_key) <= 255),
  request_id      text CHECK (char_length(request_id) <= 255),
  key             text NOT NULL,
  type            text,
  topic           text NOT NULL,
  partition       integer NOT NULL,
  kafka_offset    bigint NOT NULL,
  cause           text NOT NULL,
  attempts        integer NOT NULL,
  acted_at        timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX parked_operation_message ON parked_operation (message_id);
CREATE INDEX parked_operation_key ON parked_operation (key, acted_at);
CREATE INDEX parked_operation_acted_at ON parked_operation (acted_at, id);
`;

/** All tables of the inbox, as they are now. */
export const INBOX_SQL = `${INBOX_TABLES_SQL}${PARKED_BOUNDS_SQL}${PARKED_OPERATIONS_SQL}`;
