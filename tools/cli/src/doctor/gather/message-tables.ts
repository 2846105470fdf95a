import type { ServiceName } from '@backstep/contracts';
import type { OutboxFacts, ParkedFacts } from '@backstep/doctor';
import type { Snapshot } from './snapshot.js';

/** Rows of each service that are looked at one by one; more of them are one trouble, not many. */
const OUTBOX_MAX = 200;
const PARKED_MAX = 1_000;

const INBOX = 'SELECT message_id AS id FROM inbox WHERE message_id > $1 ORDER BY message_id LIMIT $2';

const OUTBOX = `
  SELECT o.id, o.topic, o.key, extract(epoch FROM o.created_at)::float8 * 1000 AS "createdAt",
    CASE WHEN p.message_id = o.id THEN p.cause END AS "refusedFor", p.message_id AS "heldBehind"
  FROM outbox AS o LEFT JOIN outbox_parked AS p ON p.key = o.key
  -- What Kafka refuses comes first: it is why others wait.
  ORDER BY p.message_id IS DISTINCT FROM o.id, o.seq LIMIT $1`;

const PARKED = `
  SELECT id, state, topic, partition, kafka_offset::text AS offset, key, type, cause, cut, headers, value,
    extract(epoch FROM changed_at)::float8 * 1000 AS "changedAt"
  FROM parked_message ORDER BY state = 'discarded', seq LIMIT $1`;

const COUNTS = `
  SELECT (SELECT count(*) FROM outbox)::int AS unpublished,
    (SELECT count(*) FROM parked_message WHERE state = 'poisoned')::int AS poisoned,
    (SELECT count(*) FROM parked_message WHERE state = 'held')::int AS held,
    (SELECT count(*) FROM parked_message WHERE state = 'discarded')::int AS discarded`;

export interface MessageCounts {
  readonly unpublished: number;
  readonly poisoned: number;
  readonly held: number;
  readonly discarded: number;
}

type ParkedRow = Omit<ParkedFacts, 'service' | 'headers' | 'value' | 'type'> & {
  readonly headers: string;
  readonly value: Buffer | null;
  readonly type: string | null;
};

/** The messages that a service handled, has yet to send, and could not handle. */
export async function gatherMessageTables(snapshot: Snapshot, service: ServiceName, from: string) {
  const inbox = new Set<string>();
  for await (const page of snapshot.pages<{ id: string }>(INBOX, ({ id }) => id, from)) {
    for (const { id } of page) inbox.add(id);
  }
  const unsent = await snapshot.rows<Omit<OutboxFacts, 'service'>>(OUTBOX, [OUTBOX_MAX]);
  const parked = await snapshot.rows<ParkedRow>(PARKED, [PARKED_MAX]);
  return {
    inbox,
    outbox: unsent.map((row) => ({ ...row, service })),
    parked: parked.map((row) => parkedOf(row, service)),
    counts: await snapshot.one<MessageCounts>(COUNTS),
  };
}

const parkedOf = ({ headers, value, type, ...row }: ParkedRow, service: ServiceName): ParkedFacts => ({
  ...row,
  service,
  type: type ?? undefined,
  headers: JSON.parse(headers) as Record<string, string>,
  value: value?.toString() ?? null,
});
