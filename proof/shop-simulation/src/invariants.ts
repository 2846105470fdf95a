import { isPending } from '@backstep/payment/intents/payment-intent/payment-intent.rules';
import { callOf } from '@backstep/payment/intents/payment-intent/provider-calls';
import { ViolationError, type Commit, type LockChanged, type Watcher, type World } from '@backstep/simulation';
import type { GoodsIssueRow, OrderRow, Parts, ReservationRow, ShipmentRow, StockRow } from './parts.js';
import type { SimulatedProvider } from './provider.js';
import type { AccountInvariants } from './accounts.js';
import { mayGo, wayOf } from './ways.js';

const WAS_CHARGED: ReadonlySet<string> = new Set(['CHARGED', 'REFUND_REQUESTED', 'REFUNDED']);

/** Where a shipment may go from each of its states; `none`: there is no row. */
const LEGAL: Readonly<Record<string, readonly string[]>> = {
  none: ['CREATED', 'REFUSED', 'CANCELLED'],
  CREATED: ['CREATED', 'HANDED_OVER', 'CANCELLED'],
  HANDED_OVER: ['DELIVERED'],
};
const HAS_LEFT: readonly unknown[] = ['HANDED_OVER', 'DELIVERED'];
const SHIPS: readonly unknown[] = ['CREATED', ...HAS_LEFT];
/** The goods of a reservation are the order's: in the house, or out of it. */
const PROMISED: readonly unknown[] = ['HELD', 'SHIPPED'];

const isWaiting = (status: string): boolean => status === 'PENDING' || status === 'CANCELLING' || status === 'REVISING';
/** Lines, whatever their order, one for each SKU. */
function told(lines: readonly { readonly sku: string; readonly quantity: number }[]): string {
  const totals = new Map<string, number>();
  for (const { sku, quantity } of lines) totals.set(sku, (totals.get(sku) ?? 0) + quantity);
  return [...totals]
    .map(([sku, quantity]) => `${quantity} ${sku}`)
    .sort()
    .join(', ');
}
const cameToNothing = (status: string): boolean => status === 'REJECTED' || status === 'CANCELLED';

/**
 * The invariants of orders, stock, money and shipments, checked with every commit that touches them and every movement of money:
 * I5 stock, I6 nothing without its order, I8 charged before shipped, I9 an order ends once and its parcel moves on; and that only its holder ends a lease.
 * (I3 is the provider's own.)
 */
export class OrderInvariants implements Watcher {
  /** Orders that were stored and have not ended. */
  pending = 0;
  private readonly held = new Map<string, number>();
  /** On hand of each SKU and shipped of it, together: what was there first. */
  private readonly owned = new Map<string, number>();
  private readonly shippedOf = new Map<string, number>();
  private readonly holders = new Map<string, string | undefined>();
  /** Who holds the money that orders have paid. */
  money!: { readonly provider: SimulatedProvider; readonly accounts: AccountInvariants };

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  committed(commit: Commit): void {
    const { parts } = this;
    const touched = new Set<string>();
    for (const change of commit.rows) {
      const [before, after] = [change.before as unknown, change.after as unknown];
      switch (change.entity) {
        case parts.order.Order:
          this.order(before as OrderRow | undefined, after as OrderRow | undefined);
          break;
        case parts.inventory.Reservation:
          this.reservation(before as ReservationRow | undefined, after as ReservationRow | undefined, touched);
          break;
        case parts.inventory.Stock:
          if (before && !this.owned.has(change.key)) this.owned.set(change.key, (before as StockRow).onHand);
          touched.add(change.key);
          break;
        case parts.inventory.GoodsIssue:
          this.left(before, after as GoodsIssueRow | undefined, touched);
          break;
        case parts.shipment.Shipment:
          this.shipped(before as ShipmentRow | undefined, after as ShipmentRow | undefined);
          break;
      }
    }
    for (const lock of commit.locks) this.lock(commit, lock);
    for (const sku of touched) this.stock(sku);
  }

  /** The amount that is held for an order, by the provider or by us from an account. */
  kept(orderId: string): number {
    const { provider, accounts } = this.money;
    return provider.kept(orderId) + accounts.kept(orderId);
  }

  /** Called after each movement of money. */
  readonly moved = (orderId: string): void => {
    const order = this.world.store('order').find(this.parts.order.Order, orderId);
    const kept = this.kept(orderId);
    if (order && cameToNothing(order.status) && kept !== 0)
      this.broken('I6', `${this.name(orderId)} is ${order.status}, and ${kept} is kept for it`);
    if (order?.status === 'CONFIRMED' && kept !== order.total)
      this.broken('I3', `${this.name(orderId)} is CONFIRMED, and ${kept} of ${order.total} is kept`);
  };

  /** The provider gets the nth request with this key (`charge:` or `refund:` and the order). */
  readonly asked = (key: string, times: number): void => {
    const [call = '', orderId = ''] = key.split(':');
    const payment = this.world.store('payment').find(this.parts.payment.Intent, orderId);
    if (!payment || !isPending(payment.state) || callOf(payment).key !== key || payment.attempts >= times) return;
    this.broken(
      'liveness',
      `${this.name(orderId)}: the ${call} is asked for ${times} times, ${payment.attempts} are counted`,
    );
  };

  private order(before: OrderRow | undefined, after: OrderRow | undefined): void {
    if (!after) return this.broken('I9', `${this.name(before?.id ?? '')} is gone`);
    const name = this.name(after.id);
    const { status } = after;
    if (!before) {
      this.pending++;
      return;
    }
    if (!mayGo(before, after)) return this.broken('I9', `${name} ${wayOf(before, after)}`);
    const sum = after.items.reduce((all, { quantity, unitPrice }) => all + quantity * unitPrice, 0);
    if (sum !== after.total) this.broken('I9', `${name} costs ${after.total}, and its lines ${sum}`);
    if (before.change && before.change.id !== after.change?.id) {
      this.cancelled(before, after);
      this.revised(before, after);
    }
    if (isWaiting(status)) {
      if (!isWaiting(before.status)) this.pending++;
      this.world.story.tell(() => `${name} is ${status}`);
      return;
    }
    this.pending--;
    this.world.coverage.add(`orders ${status}`);
    this.world.story.tell(() => `${name} is ${status}`);
    const reservation = this.world.store('inventory').find(this.parts.inventory.Reservation, after.id);
    const shipment = this.world.store('shipment').find(this.parts.shipment.Shipment, after.id);
    const kept = this.kept(after.id);
    const [holds, shipped] = [PROMISED.includes(reservation?.status), SHIPS.includes(shipment?.status)];
    if (after.status === 'CONFIRMED') {
      if (kept !== after.total) this.broken('I3', `${name} is CONFIRMED, and ${kept} of ${after.total} is kept`);
      if (!holds || !shipped) this.broken('I6', `${name} is CONFIRMED without its ${holds ? 'shipment' : 'stock'}`);
    } else {
      if (kept !== 0) this.broken('I3', `${name} is ${status}, and ${kept} is kept`);
      if (holds) this.broken('I6', `${name} is ${status} and holds stock`);
      if (shipped) this.broken('I6', `${name} is ${status} and shipped`);
    }
  }

  /** A cancellation ends once: in the order's end, or refused with a reason. */
  private cancelled({ id, change }: OrderRow, { status, cancellation }: OrderRow): void {
    if (change?.kind !== 'cancel') return;
    if (cancellation?.id !== change.id)
      return this.broken('I9', `${this.name(id)} does not tell how its cancellation ended`);
    if ((status === 'CANCELLED') !== (cancellation.refusal === null))
      this.broken('I9', `${this.name(id)} is ${status}, and its cancellation says ${cancellation.refusal?.code}`);
    const { coverage } = this.world;
    if (cancellation.refusal) coverage.add(`cancellations refused: ${cancellation.refusal.code}`);
    else
      coverage.add(
        `orders cancelled ${change.from === 'PENDING' ? 'while they were placed' : 'after they were confirmed'}`,
      );
  }

  /** A revision ends once: applied, and stock and parcel have its lines; or rejected, and they have the old ones. */
  private revised({ change }: OrderRow, { id, items }: OrderRow): void {
    const { coverage } = this.world;
    const { order, inventory, shipment } = this.parts;
    const revision = change?.kind === 'revise' ? this.world.store('order').find(order.Revision, change.id) : undefined;
    if (change?.kind === 'revise' && revision?.status === 'REQUESTED')
      this.broken('I9', `${this.name(id)} is told as it is, and its revision is still requested`);
    if (revision) coverage.add(`revisions ${revision.status}`);
    if (!revision) return;
    const reservation = this.world.store('inventory').find(inventory.Reservation, id);
    const parcel = this.world.store('shipment').find(shipment.Shipment, id);
    if (reservation?.status === 'HELD' && told(reservation.items) !== told(items))
      this.broken('I6', `${this.name(id)} has ${told(items)}, and ${told(reservation.items)} are reserved for it`);
    if (parcel && told(parcel.items) !== told(items))
      this.broken('I6', `${this.name(id)} has ${told(items)}, and ${told(parcel.items)} are shipped for it`);
  }

  private reservation(
    before: ReservationRow | undefined,
    after: ReservationRow | undefined,
    touched: Set<string>,
  ): void {
    for (const [row, sign] of [[before, -1] as const, [after, 1] as const]) {
      if (!row || !PROMISED.includes(row.status)) continue;
      for (const { sku, quantity } of row.items) {
        this.held.set(sku, (this.held.get(sku) ?? 0) + sign * quantity);
        touched.add(sku);
      }
    }
    if (after?.status !== 'HELD' || before?.status === 'HELD') return;
    const order = this.world.store('order').find(this.parts.order.Order, after.orderId);
    if (order && cameToNothing(order.status))
      this.broken('I6', `${this.name(after.orderId)} is ${order.status}, and stock is reserved for it`);
  }

  private stock(sku: string): void {
    const row = this.world.store('inventory').find(this.parts.inventory.Stock, sku) as StockRow | undefined;
    const held = this.held.get(sku) ?? 0;
    if (!row) return;
    const { reserved, onHand } = row;
    const shipped = this.shippedOf.get(sku) ?? 0;
    const owned = this.owned.get(sku) ?? onHand;
    if (onHand + shipped !== owned)
      this.broken('I5', `${onHand} of ${sku} are on hand and ${shipped} shipped, of ${owned} that were there`);
    if (reserved !== held) this.broken('I5', `${reserved} of ${sku} are reserved, and the reservations hold ${held}`);
    if (reserved < 0 || reserved > onHand)
      this.broken('I5', `${reserved} of ${sku} are reserved, of ${onHand} on hand`);
  }

  /** Goods leave the stock: once, and only with the carrier. */
  private left(before: unknown, after: GoodsIssueRow | undefined, touched: Set<string>): void {
    if (before || !after) return this.broken('I5', 'what has left the house is written again');
    this.world.coverage.add('goods shipped');
    const shipment = this.world.store('shipment').find(this.parts.shipment.Shipment, after.orderId);
    if (!HAS_LEFT.includes(shipment?.status))
      this.broken('I8', `the goods of ${this.name(after.orderId)} leave, and its shipment is ${shipment?.status}`);
    for (const { sku, quantity } of after.items) {
      this.shippedOf.set(sku, (this.shippedOf.get(sku) ?? 0) + quantity);
      touched.add(sku);
    }
  }

  private shipped(before: ShipmentRow | undefined, after: ShipmentRow | undefined): void {
    if (!after) return;
    const { orderId, status } = after;
    const [from, legal] = [before?.status ?? 'none', LEGAL[before?.status ?? 'none'] ?? []];
    if (!legal.includes(status))
      this.broken('I9', `the shipment of ${this.name(orderId)} was ${from}, and is ${status}`);
    if (from !== status) this.world.coverage.add(`shipments ${status}`);
    if (!SHIPS.includes(status)) return;
    const payment = this.world.store('payment').find(this.parts.payment.Intent, orderId);
    // The difference of a revision is charged while the parcel waits: what it was made for was charged before.
    const order = this.world.store('order').find(this.parts.order.Order, orderId);
    if ((payment && WAS_CHARGED.has(payment.state.status)) || order?.change?.kind === 'revise') return;
    this.broken('I8', `${this.name(orderId)} is shipped, and its payment is ${payment?.state.status ?? 'not there'}`);
  }

  /** Fencing: a lock is released, extended or handed on only by the process that has it, and its epochs rise. */
  private lock({ process, store }: Commit, { name, before, after }: LockChanged): void {
    if (before && before.until !== -Infinity && before.until > store.now) {
      const holder = this.holders.get(name);
      if (holder !== process?.name)
        this.broken('fencing', `${process?.name} changes the lock ${this.lockName(name)}, which ${holder} has`);
    }
    if (before && after.holder !== before.holder && after.epoch <= before.epoch)
      this.broken(
        'fencing',
        `the epoch of the lock ${this.lockName(name)} falls from ${before.epoch} to ${after.epoch}`,
      );
    if (after.holder !== before?.holder) this.holders.set(name, process?.name);
  }

  private lockName(name: string): string {
    const [kind, id = ''] = name.split('/');
    return `${kind} of ${this.name(id)}`;
  }

  private name(orderId: string): string {
    return this.world.story.nameOf(orderId);
  }

  private broken(invariant: string, what: string): void {
    this.world.violated(new ViolationError(invariant, what));
  }
}
