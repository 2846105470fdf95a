import type {
  CancellationFacts,
  ChangeFacts,
  IdempotencyKeyFacts,
  Line,
  OrderFacts,
  RevisionFacts,
} from '@backstep/doctor';
import type { Snapshot } from './snapshot.js';

/** Before every UUID. */
export const NO_ID = '00000000-0000-0000-0000-000000000000';

const ORDERS = `
  SELECT id, status, change, cancellation, currency, total::float8 AS total, items, extract(epoch FROM created_at)::float8 * 1000 AS "createdAt"
  FROM orders WHERE id > $1 ORDER BY id LIMIT $2`;

const REVISIONS = `
  SELECT id, order_id AS "orderId", status, total::float8 AS total, items FROM order_revision WHERE id > $1 ORDER BY id LIMIT $2`;

/** The keys of other operations begin with the operation's name and a tab. */
const KEYS = `
  SELECT key, response ->> 'id' AS "orderId", (response ->> 'total')::float8 AS total,
    extract(epoch FROM created_at)::float8 * 1000 AS "createdAt"
  FROM idempotency_key WHERE key > $1 AND strpos(key, E'\\t') = 0 ORDER BY key LIMIT $2`;

/** How many orders there are, and the id after which the newest `max` of them come: ids are ordered by time. */
export async function windowOf(snapshot: Snapshot, max: number): Promise<{ from: string; all: number }> {
  const { all } = await snapshot.one<{ all: number }>('SELECT count(*)::float8 AS all FROM orders');
  if (all <= max) return { from: NO_ID, all };
  const { id } = await snapshot.one<{ id: string }>('SELECT id FROM orders ORDER BY id DESC OFFSET $1 LIMIT 1', [max]);
  return { from: id, all };
}

/** The orders after `from`, and the idempotency keys that were answered with one. */
export async function gatherOrders(snapshot: Snapshot, from: string) {
  const orders = new Map<string, OrderFacts>();
  for await (const page of snapshot.pages<OrderRow>(ORDERS, ({ id }) => id, from)) {
    for (const { id, status, currency, total, items, createdAt, change, cancellation } of page) {
      const order = { id, status, currency, total, items: items.map(lineOf), createdAt };
      orders.set(id, { ...order, change: changeOf(change), cancellation: cancellationOf(cancellation) });
    }
  }
  // A revision is newer than its order, so none of an examined order comes before `from`.
  const revisions = new Map<string, RevisionFacts[]>();
  for await (const page of snapshot.pages<RevisionFacts>(REVISIONS, ({ id }) => id, from)) {
    for (const { id, orderId, status, total, items } of page) {
      const own = revisions.get(orderId) ?? [];
      revisions.set(orderId, [...own, { id, orderId, status, total, items: items.map(lineOf) }]);
    }
  }
  const idempotencyKeys: IdempotencyKeyFacts[] = [];
  for await (const page of snapshot.pages<IdempotencyKeyFacts>(KEYS, ({ key }) => key, '')) {
    idempotencyKeys.push(...page.filter(({ orderId }) => orderId > from));
  }
  return { orders, revisions, idempotencyKeys };
}

type OrderRow = Omit<OrderFacts, 'change' | 'cancellation'> & {
  readonly change: (Omit<ChangeFacts, 'since'> & { readonly since: string }) | null;
  readonly cancellation: (Omit<CancellationFacts, 'refused'> & { readonly refusal: object | null }) | null;
};

const changeOf = (change: OrderRow['change']): ChangeFacts | undefined =>
  change ? { kind: change.kind, id: change.id, from: change.from, since: Date.parse(change.since) } : undefined;

const cancellationOf = (ended: OrderRow['cancellation']): CancellationFacts | undefined =>
  ended ? { id: ended.id, from: ended.from, refused: ended.refusal !== null } : undefined;

export const lineOf = ({ sku, quantity }: Line): Line => ({ sku, quantity });
