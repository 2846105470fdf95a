import type { Database } from '@backstep/messaging';
import type { CarrierMove } from '../shipment/shipment.rules.js';

/** Shipments that one statement finds at most. */
export const DUE_MAX = 500;

/** What is due, the longest due first. Each is read from a partial index that holds the shipments in this state alone. */
const DUE: Readonly<Record<CarrierMove, string>> = {
  'hand-over': `/* carrier.hand-over */
    SELECT order_id AS "orderId" FROM shipment
    WHERE status = 'CREATED' AND created_at <= now() - make_interval(secs => $1::double precision / 1000)
    ORDER BY created_at LIMIT $2`,
  deliver: `/* carrier.deliver */
    SELECT order_id AS "orderId" FROM shipment
    WHERE status = 'HANDED_OVER' AND handed_over_at <= now() - make_interval(secs => $1::double precision / 1000)
    ORDER BY handed_over_at LIMIT $2`,
};

/** @returns the orders whose shipments have been in the state before this move for `afterMs`, at most {@link DUE_MAX} */
export async function dueShipments(
  { pool }: Pick<Database, 'pool'>,
  move: CarrierMove,
  afterMs: number,
): Promise<string[]> {
  const { rows } = await pool.query<{ orderId: string }>(DUE[move], [afterMs, DUE_MAX]);
  return rows.map(({ orderId }) => orderId);
}
