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

/** Newest first. Ids are UUIDv7, so their order is the order of placement and the page's key is the id alone. */
export async function listOrders(
  { pool }: Database,
  { status, before, limit }: { status: OrderStatus | undefined; before: string | undefined; limit: number },
): Promise<OrderView[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [status ?? null, before ?? null, limit],
  );
  return rows.map(view);
}
