import type { Order } from '../api/types.js';

/** What became of one request of many: an order, why there is none, or why nobody knows whether there is one. */
export type Placed =
  { readonly orderId: string } | { readonly refusedBecause: string } | { readonly unansweredBecause: string };

export interface Count {
  readonly what: string;
  readonly count: number;
}

export interface Outcomes {
  readonly accepted: number;
  /** Requests that placed nothing, by why. */
  readonly refused: readonly Count[];
  /** Requests that may have placed an order, by why nobody has said so. */
  readonly unanswered: readonly Count[];
  /** Orders by how they stand: `CONFIRMED`, `REJECTED out_of_stock`. */
  readonly ended: readonly Count[];
  /** Orders that have not ended, or are not read yet. */
  readonly underWay: number;
}

export const hasEnded = ({ status }: Pick<Order, 'status'>): boolean => status !== 'PENDING';

/** What is known of them, the most frequent first. Each request counts once. */
export function outcomesOf(
  placed: readonly Placed[],
  orders: ReadonlyMap<string, Pick<Order, 'status' | 'failure'>>,
): Outcomes {
  const refused = new Map<string, number>();
  const unanswered = new Map<string, number>();
  const ended = new Map<string, number>();
  let accepted = 0;
  let underWay = 0;
  for (const one of placed) {
    if (!('orderId' in one)) {
      if ('refusedBecause' in one) add(refused, one.refusedBecause);
      else add(unanswered, one.unansweredBecause);
      continue;
    }
    accepted += 1;
    const order = orders.get(one.orderId);
    if (order && hasEnded(order)) add(ended, order.failure ? `${order.status} ${order.failure.code}` : order.status);
    else underWay += 1;
  }
  return { accepted, refused: counted(refused), unanswered: counted(unanswered), ended: counted(ended), underWay };
}

const add = (counts: Map<string, number>, what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

const counted = (counts: ReadonlyMap<string, number>): readonly Count[] =>
  [...counts]
    .map(([what, count]) => ({ what, count }))
    .sort((a, b) => b.count - a.count || a.what.localeCompare(b.what, 'en'));
