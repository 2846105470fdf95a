import { ContradictoryCommandError, many, one, type Change } from '@backstep/unit-of-work';
import { changeStock } from '../stock/change-stock.js';
import { Stock } from '../stock/stock.entity.js';
import { described, isSame, release, reserve, totalBySku, type RequestedLine } from '../stock/stock.rules.js';
import { ReservationRevision } from './reservation-revision.entity.js';
import { Reservation } from './reservation.entity.js';

/** A revision as its commands tell it, and as it is stored. */
export interface Revision {
  readonly orderId: string;
  readonly from: readonly RequestedLine[];
  readonly to: readonly RequestedLine[];
}

/** Every SKU that a revision may touch. */
const skusOf = ({ from, to }: Pick<Revision, 'from' | 'to'>): string[] => [...totalBySku([...from, ...to]).keys()];

/** What each command of a revision needs: its stored answer, what the order holds, and the stock of every SKU that may move. */
export const needsOf = (data: Revision & { readonly revisionId: string }) => ({
  revision: one(ReservationRevision, data.revisionId),
  reservation: one(Reservation, data.orderId),
  stock: many(Stock, skusOf(data)),
});

/** What both the old and the new lines need: of each SKU the larger quantity. One line a SKU. */
export function both({ from, to }: Pick<Revision, 'from' | 'to'>): RequestedLine[] {
  const [before, after] = [totalBySku(from), totalBySku(to)];
  return skusOf({ from, to }).map((sku) => ({ sku, quantity: Math.max(before.get(sku) ?? 0, after.get(sku) ?? 0) }));
}

/** What the new lines need of each SKU beside the old ones. */
export const more = ({ from, to }: Pick<Revision, 'from' | 'to'>): ReadonlyMap<string, number> => beside(to, from);

/** How much more of each SKU the first lines have than the others. */
function beside(lines: readonly RequestedLine[], others: readonly RequestedLine[]): ReadonlyMap<string, number> {
  const had = totalBySku(others);
  const added = [...totalBySku(lines)].map(([sku, quantity]) => [sku, quantity - (had.get(sku) ?? 0)] as const);
  return new Map(added.filter(([, quantity]) => quantity > 0));
}

/** Takes the stock from what a reservation holds to what it shall hold. A SKU of which it holds enough already is not touched. */
export function moveStock(
  { orderId, items }: Pick<Reservation, 'orderId' | 'items'>,
  target: readonly RequestedLine[],
  stock: ReadonlyMap<string, Stock>,
): Change[] {
  return [
    ...changeStock(orderId, beside(target, items), stock, reserve),
    ...changeStock(orderId, beside(items, target), stock, release),
  ];
}

/**
 * Refuses a command of a revision that is stored with other lines, or of another order.
 * @throws ContradictoryCommandError
 */
export function refuseOtherRevision(command: string, asked: Revision, stored: Revision): void {
  const differences = [];
  if (asked.orderId !== stored.orderId) differences.push(`order ${stored.orderId}, not ${asked.orderId}`);
  for (const side of ['from', 'to'] as const) {
    if (isSame(asked[side], stored[side])) continue;
    differences.push(`${side} ${described(stored[side])}, not ${described(asked[side])}`);
  }
  if (differences.length > 0) throw new ContradictoryCommandError(command, differences);
}

/**
 * What a reservation holds once its revision has ended: these lines, or nothing when the goods have left the house meanwhile.
 * @throws ContradictoryCommandError when it does not hold what the revision has reserved
 */
export function afterRevision(
  command: string,
  revision: Revision,
  reservation: Reservation | undefined,
  lines: readonly RequestedLine[],
): { readonly held: Reservation; readonly items: readonly RequestedLine[] } {
  if (reservation?.status === 'SHIPPED') return { held: reservation, items: [] };
  return { held: heldFor(command, revision.orderId, both(revision), reservation), items: lines };
}

/**
 * The reservation of an order, which holds these lines.
 * @throws ContradictoryCommandError
 */
export function heldFor(
  command: string,
  orderId: string,
  lines: readonly RequestedLine[],
  reservation: Reservation | undefined,
): Reservation {
  if (reservation?.status !== 'HELD')
    throw new ContradictoryCommandError(command, [
      `the reservation of order ${orderId} is ${reservation?.status ?? 'not there'}`,
    ]);
  if (isSame(reservation.items, lines)) return reservation;
  throw new ContradictoryCommandError(command, [`items ${described(reservation.items)}, not ${described(lines)}`]);
}
