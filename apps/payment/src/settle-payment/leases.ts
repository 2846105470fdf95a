import { translate, type Executor } from '@backstep/concurrency';
import type { PaymentIntent } from '../payment-intent/payment-intent.entity.js';

/**
 * How long a worker has a payment to itself, milliseconds. Longer than a call may take and its outcome may need to be recorded.
 * A worker that takes longer all the same does no harm: the idempotency key lets both see one outcome.
 */
export const LEASE_MS = 10_000;

/**
 * The provider forgets idempotency keys after a day at the earliest (https://docs.stripe.com/api/idempotent_requests): repeated later, a
 * charge whose outcome is unknown would be a second charge. It is left alone an hour before, and shows as pending until a person has looked.
 * (A refund can be repeated for ever: a payment is given back once.)
 */
export const REPEAT_CHARGES_FOR_HOURS = 23;

/** What a worker must know of a payment to ask the provider. */
export type Leased = Pick<
  PaymentIntent,
  'id' | 'amount' | 'currency' | 'state' | 'chargeCommand' | 'attempts' | 'leaseEpoch'
>;

/**
 * Leases what is due and nobody has, the longest due first. Set-wise; rows that somebody writes at the moment are passed over, so
 * that instances never wait for each other. The version goes up with it: a batch that has read the row decides again. The
 * ask that follows is counted here: whoever dies while it asks cannot count it any more.
 * @throws DatabaseUnavailableError
 */
export async function leaseDue(executor: Executor, max: number): Promise<Leased[]> {
  return query<Leased>(
    executor,
    `UPDATE payment_intent
     SET leased_at = now(), lease_epoch = lease_epoch + 1, attempts = attempts + 1, updated_at = now(), version = version + 1
     WHERE id = ANY (ARRAY(
       SELECT id FROM payment_intent
       WHERE status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED')
         AND next_attempt_at <= now()
         AND (leased_at IS NULL OR leased_at < now() - $1 * interval '1 millisecond')
         AND (status = 'REFUND_REQUESTED' OR created_at > now() - $2 * interval '1 hour')
       ORDER BY next_attempt_at LIMIT $3
       FOR NO KEY UPDATE SKIP LOCKED))
     RETURNING id, amount::float8 AS amount, currency, state, charge_command AS "chargeCommand", attempts,
       lease_epoch AS "leaseEpoch"`,
    [LEASE_MS, REPEAT_CHARGES_FOR_HOURS, max],
  );
}

export interface GivenBack extends Pick<PaymentIntent, 'id' | 'leaseEpoch'> {
  /** The provider was asked, and what it did is not known. */
  readonly asked: boolean;
  /** When it may be leased again. */
  readonly dueInMs: number;
  /** Why that is not known; shown until it is. */
  readonly problem?: string | undefined;
}

/**
 * Ends leases before their time. One that is over, because another worker has the payment or its outcome is recorded, is passed over.
 * @throws DatabaseUnavailableError
 */
export async function giveBack(executor: Executor, leases: readonly GivenBack[]): Promise<void> {
  await query(
    executor,
    `UPDATE payment_intent AS p
     SET leased_at = NULL, attempts = attempts - x.unasked, next_attempt_at = now() + x.due_in_ms * interval '1 millisecond',
       state = p.state || CASE WHEN x.problem IS NULL THEN '{}' ELSE jsonb_build_object('problem', x.problem) END,
       updated_at = now(), version = version + 1
     FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::float8[], $5::text[])
       AS x(id, lease_epoch, unasked, due_in_ms, problem)
     WHERE p.id = x.id AND p.lease_epoch = x.lease_epoch AND p.leased_at IS NOT NULL`,
    [
      leases.map(({ id }) => id),
      leases.map(({ leaseEpoch }) => leaseEpoch),
      leases.map(({ asked }) => (asked ? 0 : 1)),
      leases.map(({ dueInMs }) => dueInMs),
      leases.map(({ problem }) => problem ?? null),
    ],
  );
}

async function query<Row>(executor: Executor, text: string, values: unknown[]): Promise<Row[]> {
  try {
    return (await executor.query(text, values)).rows as Row[];
  } catch (error) {
    throw translate(error);
  }
}
