import { SERVICES, type ServiceName } from '@backstep/contracts/topology';
import { Snapshot } from '../doctor/gather/snapshot.js';
import type { Api } from '../shared/api.js';
import { CliError } from '../shared/exit-codes.js';
import type { OrderMessage } from '../shared/representations.js';
import { whatRunsBehind, type CommonOptions } from '../shared/where.js';
import type { DatabaseEvidence, EntityRow, Evidence, OutboxRow, ParkedRow, TimerRow } from './evidence.js';
import type { OperableSaga } from './operable-saga.js';

/** An order has some dozen messages; one that is asked about for days has some hundred. */
const ROWS_MAX = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const NOTHING: Omit<DatabaseEvidence, 'service'> = { inbox: [], outbox: [], parked: [], rows: [], timers: [] };

const INBOX = `
  SELECT message_id AS id, extract(epoch FROM received_at)::float8 * 1000 AS "receivedAt"
  FROM inbox WHERE message_id = ANY($1::uuid[])`;

const OUTBOX = `
  SELECT id, topic, headers::json ->> 'ce_type' AS type, extract(epoch FROM created_at)::float8 * 1000 AS "createdAt"
  FROM outbox WHERE key = $1 ORDER BY seq LIMIT $2`;

const PARKED = `
  SELECT id, type, state, cause, topic, partition, kafka_offset::text AS offset,
    extract(epoch FROM parked_at)::float8 * 1000 AS "parkedAt"
  FROM parked_message WHERE key = $1 ORDER BY seq LIMIT $2`;

const TIMERS = `
  SELECT t.name, t.due_at::float8 AS "dueAt", failures,
    (CASE WHEN failures = 0 THEN t.due_at ELSE greatest(t.due_at, wake_at) END)::float8 AS "firesAt"
  FROM saga_instance, LATERAL (VALUES
    ('step', (instance #>> '{awaiting,dueAt}')::bigint),
    ('deadline', CASE WHEN status = 'RUNNING' AND NOT instance ? 'deadlinePassedAt' THEN (instance ->> 'deadlineAt')::bigint END)
  ) AS t (name, due_at)
  WHERE id = $1 AND wake_at IS NOT NULL AND t.due_at IS NOT NULL`;

/** The rows about an order, by service. For other services only inbox, outbox and parked messages are shown. */
const ROWS: Readonly<Partial<Record<ServiceName, string>>> = {
  order: `SELECT 'orders' AS "table", id::text AS key, version::float8 AS version, status AS state FROM orders WHERE id = $1`,
  inventory: `
    SELECT 'reservation' AS "table", order_id::text AS key, version::float8 AS version, status AS state FROM reservation WHERE order_id = $1
    UNION ALL SELECT 'stock', s.sku, s.version::float8, s.reserved || ' reserved of ' || s.on_hand
    FROM reservation r, jsonb_array_elements(r.items) AS line JOIN stock s ON s.sku = line ->> 'sku' WHERE r.order_id = $1`,
  payment: `
    SELECT 'payment_intent' AS "table", id::text AS key, version::float8 AS version,
      status || coalesce(' ' || provider_reference, '') || ', ' || attempts || CASE attempts WHEN 1 THEN ' attempt' ELSE ' attempts' END AS state
    FROM payment_intent WHERE id = $1
    UNION ALL SELECT 'ledger_entry', id, version::float8, account || ' ' || amount || ' ' || currency
    FROM ledger_entry WHERE payment_intent_id = $1`,
  shipment: `
    SELECT 'shipment' AS "table", order_id::text AS key, version::float8 AS version, status || coalesce(': ' || reason, '') AS state
    FROM shipment WHERE order_id = $1`,
  orchestrator: `
    SELECT 'saga_instance' AS "table", id::text AS key, version::float8 AS version, status AS state FROM saga_instance WHERE subject = $1::text`,
};

/** The evidence from all sources that can be reached; the others are named in `missing`. */
export async function gatherEvidence(api: Api, saga: OperableSaga, where: CommonOptions): Promise<Evidence> {
  const missing: string[] = [];
  const orElse = async <T>(look: () => Promise<T>, fallback: T, what: string): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      missing.push(`${what} (${error.message})`);
      return fallback;
    }
  };
  const messages = await orElse(() => messagesOf(api, saga.orderId), [], 'the messages in Kafka, and who handled them');
  const databases = await orElse(
    async () => (await whatRunsBehind(where)).databases,
    undefined,
    'inboxes, outboxes, rows and timers',
  );
  const found: DatabaseEvidence[] = [];
  for (const service of databases ? SERVICES : []) {
    const look = () => Snapshot.of(databases ?? {}, service, (snapshot) => read(snapshot, service, saga, messages));
    found.push({ service, ...(await orElse(look, NOTHING, `the database of ${service}`)) });
  }
  return { saga, messages, databases: found, missing };
}

async function messagesOf(api: Api, orderId: string): Promise<readonly OrderMessage[]> {
  return (await api.get<{ items: readonly OrderMessage[] }>(`/v1/orders/${orderId}/events`)).items;
}

async function read(
  snapshot: Snapshot,
  service: ServiceName,
  { id, orderId }: OperableSaga,
  messages: readonly OrderMessage[],
): Promise<Omit<DatabaseEvidence, 'service'>> {
  // What was thrown into a topic by hand may have an id that is none.
  const ids = messages.flatMap(({ headers }) => headers['ce_id'] ?? []).filter((one) => UUID.test(one));
  const rows = ROWS[service];
  return {
    inbox: await snapshot.rows<{ id: string; receivedAt: number }>(INBOX, [ids]),
    outbox: await snapshot.rows<OutboxRow>(OUTBOX, [orderId, ROWS_MAX]),
    parked: await snapshot.rows<ParkedRow>(PARKED, [orderId, ROWS_MAX]),
    rows: rows === undefined ? [] : await snapshot.rows<EntityRow>(rows, [orderId]),
    timers: service === 'orchestrator' ? await snapshot.rows<TimerRow>(TIMERS, [id]) : [],
  };
}
