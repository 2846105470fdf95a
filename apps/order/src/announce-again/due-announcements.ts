import type { Database } from '@backstep/messaging';

/** Orders that one turn announces at most. */
export const ANNOUNCE_MAX = 200;
/** Due orders that one turn looks at: most of them may be other instances'. */
const LOOK_MAX = 10 * ANNOUNCE_MAX;
/** The longest interval between two announcements of an order. */
const ANNOUNCE_AT_LEAST_EVERY_MS = 3_600_000;
/** Bounds the exponent: a larger one would only exceed the longest interval. */
const DOUBLINGS_MAX = 20;

/** An order that is to be announced again, and the revision that it waits for, if it waits for one. */
export interface DueAnnouncement {
  readonly id: string;
  readonly revisionId: string | null;
}

type Queries = Pick<Database, 'pool'>;

/**
 * Takes orders that still wait for a saga `afterMs` after they were placed, or after their change began, the longest due first. The interval of an order doubles each time, so
 * that orders that wait for a person do not delay one whose message was lost.
 * An order with a message in the outbox is left out: that message has not been sent yet.
 * @param isOurs whether an order is this instance's to announce
 */
export async function takeDueAnnouncements(
  { pool }: Queries,
  afterMs: number,
  isOurs: (orderId: string) => boolean = () => true,
): Promise<DueAnnouncement[]> {
  const { rows } = await pool.query<DueAnnouncement>(
    `/* order.announce-due */
     SELECT o.id, CASE WHEN o.change ->> 'kind' = 'revise' THEN o.change ->> 'id' END AS "revisionId"
     FROM orders AS o LEFT JOIN order_announcement AS a ON a.order_id = o.id
     WHERE o.status IN ('PENDING', 'CANCELLING', 'REVISING')
       AND coalesce((o.change ->> 'since')::timestamptz, o.created_at) < now() - make_interval(secs => $1::double precision / 1000)
       AND (a.next_at IS NULL OR a.next_at <= now())
       AND NOT EXISTS (SELECT FROM outbox WHERE outbox.key = o.id::text)
     ORDER BY coalesce(a.next_at, o.created_at) LIMIT $2`,
    [afterMs, LOOK_MAX],
  );
  const ours = rows.filter(({ id }) => isOurs(id)).slice(0, ANNOUNCE_MAX);
  if (ours.length === 0) return ours;
  await pool.query(
    `/* order.announce */
     INSERT INTO order_announcement AS a (order_id, next_at)
     SELECT id, now() + make_interval(secs => $2::double precision / 2000) FROM unnest($1::uuid[]) AS id
     ON CONFLICT (order_id) DO UPDATE SET attempts = a.attempts + 1, next_at = now() + make_interval(
       secs => least($3::double precision, $2::double precision * 2 ^ least(a.attempts, $4::integer) / 2) / 1000)`,
    [ours.map(({ id }) => id), afterMs, ANNOUNCE_AT_LEAST_EVERY_MS, DOUBLINGS_MAX],
  );
  return ours;
}

/** Deletes the rows of orders that have ended. So the table has at most the pending orders that were announced again. */
export async function forgetAnnouncements({ pool }: Queries): Promise<void> {
  await pool.query(
    `/* order.announced */ DELETE FROM order_announcement AS a USING orders AS o WHERE o.id = a.order_id AND o.status NOT IN ('PENDING', 'CANCELLING', 'REVISING')`,
  );
}
