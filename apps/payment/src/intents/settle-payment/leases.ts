import { claim, translate, type Executor, type Tables } from '@backstep/concurrency';
import type { Lease, NamedLocks } from '@backstep/locks';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';

/**
 * How long a worker has a payment to itself, milliseconds. Longer than a call and the commit of its outcome may take.
 * A worker that takes longer does no harm: by the idempotency key both workers see one outcome, and the fence lets one of them store it.
 */
export const LEASE_MS = 10_000;

/**
 * The provider deletes idempotency keys after a day at the earliest (https://docs.stripe.com/api/idempotent_requests). A charge with an
 * unknown outcome that is repeated later could be a second charge, and a refund of a part of a charge a second refund. So neither is
 * repeated from an hour before, and it stays pending until a person has looked. (A refund that leaves nothing can be repeated at any
 * time, since a charge is refunded once.)
 */
export const REPEAT_FOR_HOURS = 23;

/** The named lock of a payment. */
export const lockOf = (paymentIntentId: string): string => `payment/${paymentIntentId}`;

/** What a worker needs of a payment to call the provider, and the lock that it has for it. */
export interface Leased extends Pick<
  PaymentIntent,
  'id' | 'forOrder' | 'amount' | 'currency' | 'state' | 'chargeCommand' | 'attempts'
> {
  readonly lease: Lease;
}

/** What leases are taken and given back with. */
export interface LeaseParts {
  readonly executor: Executor;
  readonly tables: Tables;
  readonly locks: NamedLocks;
  /** Whether a payment is this instance's to look after. Default: every one is. */
  readonly isOurs?: (paymentIntentId: string) => boolean;
}

/** Due payments that are looked at for each one that is wanted: most may be other instances'. */
const LOOKS = 10;

/**
 * Payments that are due, and that nobody has locked. The third condition is for leases of the version before, which had them in the row. A call
 * has a time where it came later than its row.
 */
const DUE = `status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED')
      AND next_attempt_at <= now()
      AND (leased_at IS NULL OR leased_at < now() - $1 * interval '1 millisecond')
      AND CASE WHEN state -> 'since' IS NULL THEN status = 'REFUND_REQUESTED' OR created_at > now() - $2 * interval '1 hour'
        ELSE (state ->> 'since')::float8 > extract(epoch FROM now() - $2 * interval '1 hour') * 1000 END
      AND NOT EXISTS (SELECT FROM named_lock AS l WHERE l.name = 'payment/' || payment_intent.id AND l.until > now())`;

/**
 * Leases due payments that nobody has locked, the longest due first, many at once; then takes their locks. The version goes up, so that a batch that
 * has read the row decides again. The call that follows is counted here, since a process that dies during the call cannot count it. Rows are
 * claimed first: a payment whose lock another has taken meanwhile is due again when its lease would be over.
 * @throws DatabaseUnavailableError
 */
export async function leaseDue({ executor, tables, locks, isOurs }: LeaseParts, max: number): Promise<Leased[]> {
  const ours = isOurs && (await ourDue(executor, isOurs, max));
  if (ours?.length === 0) return [];
  const due = await claim(executor, tables.of(PaymentIntent), {
    set: `next_attempt_at = now() + $1 * interval '1 millisecond', attempts = attempts + 1, updated_at = now()`,
    where: ours ? `id = ANY($3::uuid[]) AND ${DUE}` : DUE,
    params: [LEASE_MS, REPEAT_FOR_HOURS, ...(ours ? [ours] : [])],
    orderBy: 'next_attempt_at',
    max,
  });
  const leases = await locks.claim(
    due.map(({ id }) => lockOf(id)),
    { leaseMs: LEASE_MS },
  );
  const byName = new Map(leases.map((lease) => [lease.name, lease]));
  return due.flatMap((intent): Leased[] => {
    const lease = byName.get(lockOf(intent.id));
    return lease ? [leased(intent, lease)] : [];
  });
}

async function ourDue(executor: Executor, isOurs: (id: string) => boolean, max: number): Promise<readonly string[]> {
  try {
    const { rows } = await executor.query(
      `/* payments.due */ SELECT id FROM payment_intent WHERE ${DUE} ORDER BY next_attempt_at LIMIT $3`,
      [LEASE_MS, REPEAT_FOR_HOURS, max * LOOKS],
    );
    return (rows as { id: string }[]).map(({ id }) => id).filter(isOurs);
  } catch (error) {
    throw translate(error);
  }
}

export const leased = (
  { id, forOrder, amount, currency, state, chargeCommand, attempts }: Omit<Leased, 'lease'>,
  lease: Lease,
): Leased => ({ id, forOrder, amount, currency, state, chargeCommand, attempts, lease });

export interface GivenBack extends Pick<Leased, 'id' | 'lease'> {
  /** The provider was called, and the outcome is unknown. */
  readonly asked: boolean;
  /** When the payment may be leased again. */
  readonly dueInMs: number;
  /** Why the outcome is unknown; shown until it is known. */
  readonly problem?: string | undefined;
}

/**
 * Releases leases before their end. A lease that is over, because another worker has the payment or its outcome is stored, is skipped. A payment
 * whose outcome the provider has told unasked stays as it is.
 * @throws DatabaseUnavailableError
 */
export async function giveBack({ executor, locks }: LeaseParts, givenBack: readonly GivenBack[]): Promise<void> {
  // In the order in which every writer takes its rows (decision 0036).
  const all = [...givenBack].sort((a, b) => (a.id < b.id ? -1 : 1));
  const values = [
    all.map(({ id }) => id),
    all.map(({ lease }) => lease.holder),
    all.map(({ asked }) => (asked ? 0 : 1)),
    all.map(({ dueInMs }) => dueInMs),
    all.map(({ problem }) => problem ?? null),
  ];
  try {
    await executor.query(
      `UPDATE payment_intent AS p
     SET attempts = attempts - x.unasked, next_attempt_at = now() + x.due_in_ms * interval '1 millisecond',
       state = p.state || CASE WHEN x.problem IS NULL THEN '{}' ELSE jsonb_build_object('problem', x.problem) END,
       updated_at = now(), version = version + 1
     FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::float8[], $5::text[]) AS x(id, holder, unasked, due_in_ms, problem)
     WHERE p.id = x.id AND p.status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED') AND EXISTS (
       SELECT FROM named_lock AS l WHERE l.name = 'payment/' || x.id AND l.holder = x.holder AND l.until > '-infinity')`,
      values,
    );
  } catch (error) {
    throw translate(error);
  }
  await locks.release(all.map(({ lease }) => lease));
}
