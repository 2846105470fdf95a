import type { OrderStatus, OrderView } from '@backstep/contracts/http';
import type { Database } from '@backstep/messaging';
import type { EndedCancellation, HeldChange } from '../order/order.entity.js';
import { cancellationView, changeView } from '../order/order.view.js';

const SELECT = `
  SELECT id, status, change, cancellation, version::float8 AS version, currency, total::float8 AS total, items, shipping_address AS "shippingAddress",
         CASE WHEN failure_code IS NULL THEN NULL
              ELSE json_build_object('code', failure_code, 'message', failure_message) END AS failure,
         created_at AS "createdAt"
  FROM orders`;

interface Row extends Omit<OrderView, 'createdAt' | 'change' | 'cancellation'> {
  readonly createdAt: Date;
  readonly change: HeldChange | null;
  readonly cancellation: EndedCancellation | null;
}

const view = (row: Row): OrderView => ({
  ...row,
  change: changeView(row.change),
  cancellation: cancellationView(row.cancellation),
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
