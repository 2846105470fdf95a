import type { OrderRevisionView, OrderStatus, OrderView } from '@backstep/contracts/http';
import type { Database } from '@backstep/messaging';
import type { EndedCancellation, HeldChange } from '../order/order.entity.js';
import { cancellationView, changeView } from '../order/order.view.js';

/** Ids are UUIDv7, so the latest revision has the largest. An order that nobody revises costs one probe of an index. */
const LATEST_REVISION = `
  SELECT json_build_object(
    'id', r.id, 'status', r.status, 'operations', r.operations, 'items', r.items, 'total', r.total,
    'shippingAddress', r.shipping_address, 'requestedAt', r.requested_at, 'failure',
    CASE WHEN r.failure_code IS NOT NULL THEN json_build_object('code', r.failure_code, 'message', r.failure_message) END
  ) AS revision
  FROM order_revision AS r WHERE r.order_id = orders.id ORDER BY r.id DESC LIMIT 1`;

const SELECT = `
  SELECT id, status, change, cancellation, version::float8 AS version, currency, total::float8 AS total, items, shipping_address AS "shippingAddress",
         CASE WHEN failure_code IS NULL THEN NULL
              ELSE json_build_object('code', failure_code, 'message', failure_message) END AS failure,
         created_at AS "createdAt", latest.revision
  FROM orders LEFT JOIN LATERAL (${LATEST_REVISION}) AS latest ON true`;

interface Row extends Omit<OrderView, 'createdAt' | 'change' | 'cancellation' | 'revision'> {
  readonly createdAt: Date;
  readonly change: HeldChange | null;
  readonly cancellation: EndedCancellation | null;
  readonly revision: OrderRevisionView | null;
}

const view = (row: Row): OrderView => ({
  ...row,
  change: changeView(row.change),
  cancellation: cancellationView(row.cancellation),
  revision: row.revision && { ...row.revision, requestedAt: new Date(row.revision.requestedAt).toISOString() },
  createdAt: row.createdAt.toISOString(),
});

export async function readOrder({ pool }: Database, id: string): Promise<OrderView | undefined> {
  const { rows } = await pool.query<Row>(`${SELECT} WHERE id = $1`, [id]);
  return rows[0] && view(rows[0]);
}

export interface OrderQuery {
  readonly status: OrderStatus | undefined;
  /** Those placed at this moment or later, milliseconds since the epoch. */
  readonly placedFrom: number | undefined;
  /** Those placed before this moment. */
  readonly placedBefore: number | undefined;
  /** The id of the last order of the page before. */
  readonly before: string | undefined;
  readonly limit: number;
}

/**
 * Newest first. Ids are UUIDv7, so their order is the order of placement and the page's key is the id alone. For the same reason a time is a range
 * of ids: the index of the primary key finds last week's orders without reading those of this week. The column decides, since the clock
 * that made the id may be another one.
 */
export async function listOrders(
  { pool }: Database,
  { status, placedFrom, placedBefore, before, limit }: OrderQuery,
): Promise<OrderView[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR id < $2)
       AND ($4::uuid IS NULL OR id >= $4) AND ($5::float8 IS NULL OR created_at >= to_timestamp($5 / 1000))
       AND ($6::uuid IS NULL OR id < $6) AND ($7::float8 IS NULL OR created_at < to_timestamp($7 / 1000))
     ORDER BY id DESC LIMIT $3`,
    [
      ...[status ?? null, before ?? null, limit],
      ...[placedFrom === undefined ? null : firstIdAt(placedFrom - CLOCKS_APART_MS), placedFrom ?? null],
      ...[placedBefore === undefined ? null : firstIdAt(placedBefore + CLOCKS_APART_MS), placedBefore ?? null],
    ],
  );
  return rows.map(view);
}

/** The clocks of the gateway and of the order service differ by less. */
const CLOCKS_APART_MS = 60_000;
const HEX_OF_TIME = 12;
const TIME_MAX_MS = 2 ** 48 - 1;

/** The least UUIDv7 of a moment. */
function firstIdAt(ms: number): string {
  const time = Math.min(Math.max(ms, 0), TIME_MAX_MS).toString(16).padStart(HEX_OF_TIME, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
