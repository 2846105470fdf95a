import { claim, translate, type Executor, type Tables } from '@backstep/concurrency';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';

/**
 * How long a worker has a payment to itself, milliseconds. Longer than a call and the commit of its outcome may take.
 * A worker that takes longer does no harm: by the idempotency key both workers see one outcome.
 */
export const LEASE_MS = 10_000;

/**
 * The provider deletes idempotency keys after a day at the earliest (https://docs.stripe.com/api/idempotent_requests). A charge with an
 * unknown outcome that is repeated later could be a second charge. So it is not repeated from an hour before, and stays pending until a
 * person has looked. (A refund can be repeated at any time, since a payment is refunded once.)
 */
export const REPEAT_CHARGES_FOR_HOURS = 23;

/** What a worker needs of a payment to call the provider. */
export type Leased = Pick<
  PaymentIntent,
  'id' | 'amount' | 'currency' | 'state' | 'chargeCommand' | 'attempts' | 'leaseEpoch'
>;

/**
 * Leases due payments without a lease, the longest due first, many at once. Locked rows are skipped, so that instances never wait for each
 * other. The version goes up, so that a batch that has read the row decides again. The call that follows is counted here, since a process
 * that dies during the call cannot count it.
 * @throws DatabaseUnavailableError
 */
export async function leaseDue(executor: Executor, tables: Tables, max: number): Promise<Leased[]> {
  return claim(executor, tables.of(PaymentIntent), {
    set: 'leased_at = now(), lease_epoch = lease_epoch + 1, attempts = attempts + 1, updated_at = now()',
    where: `status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED')
      AND next_attempt_at <= now()
      AND (leased_at IS NULL OR leased_at < now() - $1 * interval '1 millisecond')
      AND (status = 'REFUND_REQUESTED' OR created_at > now() - $2 * interval '1 hour')`,
    params: [LEASE_MS, REPEAT_CHARGES_FOR_HOURS],
    orderBy: 'next_attempt_at',
    max,
  });
}

export interface GivenBack extends Pick<PaymentIntent, 'id' | 'leaseEpoch'> {
  /** The provider was called, and the outcome is unknown. */
  readonly asked: boolean;
  /** When the payment may be leased again. */
  readonly dueInMs: number;
  /** Why the outcome is unknown; shown until it is known. */
  readonly problem?: string | undefined;
}

/**
 * Releases leases before their end. A lease that is over, because another worker has the payment or its outcome is stored, is skipped.
 * @throws DatabaseUnavailableError
 */
export async function giveBack(executor: Executor, givenBack: readonly GivenBack[]): Promise<void> {
  // In the order in which every writer takes its rows (decision 0036).
  const leases = [...givenBack].sort((a, b) => (a.id < b.id ? -1 : 1));
  const values = [
    leases.map(({ id }) => id),
    leases.map(({ leaseEpoch }) => leaseEpoch),
    leases.map(({ asked }) => (asked ? 0 : 1)),
    leases.map(({ dueInMs }) => dueInMs),
    leases.map(({ problem }) => problem ?? null),
  ];
  try {
    await executor.query(
      `UPDATE payment_intent AS p
     SET leased_at = NULL, attempts = attempts - x.unasked, next_attempt_at = now() + x.due_in_ms * interval '1 millisecond',
       state = p.state || CASE WHEN x.problem IS NULL THEN '{}' ELSE jsonb_build_object('problem', x.problem) END,
       updated_at = now(), version = version + 1
     FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::float8[], $5::text[])
       AS x(id, lease_epoch, unasked, due_in_ms, problem)
     WHERE p.id = x.id AND p.lease_epoch = x.lease_epoch AND p.leased_at IS NOT NULL`,
      values,
    );
  } catch (error) {
    throw translate(error);
  }
}
