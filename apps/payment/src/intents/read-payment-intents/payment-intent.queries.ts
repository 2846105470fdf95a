import type { PaymentIntentView, PaymentStatus } from '@backstep/contracts/http';
import type { Database } from '@backstep/messaging';
import { paymentIntentView, type Shown } from '../payment-intent/payment-intent.view.js';

const SELECT = `
  SELECT id, for_order AS "forOrder", amount::float8 AS amount, currency, state, attempts, version::float8 AS version,
    created_at AS "createdAt", updated_at AS "updatedAt"
  FROM payment_intent`;

export async function readPaymentIntent({ pool }: Database, id: string): Promise<PaymentIntentView | undefined> {
  const { rows } = await pool.query<Shown>(`${SELECT} WHERE id = $1`, [id]);
  return rows[0] && paymentIntentView(rows[0]);
}

/** Newest first, those of orders included. Ids are UUIDv7, so their order is that of their making, and the page's key is the id alone. */
export async function listPaymentIntents(
  { pool }: Database,
  { status, before, limit }: { status: PaymentStatus | undefined; before: string | undefined; limit: number },
): Promise<PaymentIntentView[]> {
  const { rows } = await pool.query<Shown>(
    `${SELECT} WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [status ?? null, before ?? null, limit],
  );
  return rows.map(paymentIntentView);
}
