import { ViolationError, type Commit, type Watcher, type World } from '@backstep/simulation';
import type { AccountRow, LedgerRow, Parts, PaymentRow } from './parts.js';

/** Accounts that orders are paid from: one covers little, and one what most orders cost. */
export const ACCOUNTS = [
  { id: '00000000-0000-4000-8000-00000000000a', balance: 6_000, overdraftLimit: 500 },
  { id: '00000000-0000-4000-8000-00000000000b', balance: 25_000, overdraftLimit: 0 },
] as const;

const SIDE = /^account:(.*)$/;

/** What one commit did to an account. */
interface Touched {
  /** The version that it had. */
  before: number | undefined;
  /** The versions that its new entries name. */
  readonly made: (number | null)[];
}

function of(touched: Map<string, Touched>, id: string): Touched {
  const known = touched.get(id);
  if (known) return known;
  const one: Touched = { before: undefined, made: [] };
  touched.set(id, one);
  return one;
}

/** I14: after each commit a balance is what its entries add up to, none is below its limit, and each entry made a version of its own. */
export class AccountInvariants implements Watcher {
  private readonly added = new Map<string, number>(ACCOUNTS.map(({ id, balance }) => [id, balance]));
  private readonly paid = new Map<string, number>();

  /** @param moved called after each movement of money of an order */
  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly moved: (orderId: string) => void,
  ) {}

  begin(): void {
    for (const account of ACCOUNTS)
      this.world.store('payment').put(this.parts.payment.Account, {
        ...account,
        currency: 'EUR',
        openedAt: new Date(0).toISOString() as unknown as Date,
        version: 1,
      });
  }

  /** What accounts have paid for an order, less what was given back. */
  kept(orderId: string): number {
    return this.paid.get(orderId) ?? 0;
  }

  committed({ rows }: Commit): void {
    const { payment } = this.parts;
    const touched = new Map<string, Touched>();
    const orders = new Set<string>();
    for (const { entity, key, before, after } of rows) {
      if (entity === payment.Account) of(touched, key).before = (before as AccountRow | undefined)?.version;
      else if (entity === payment.Ledger && after) this.entry(after as unknown as LedgerRow, touched, orders);
      else if (entity === payment.Intent)
        this.refused(before as PaymentRow | undefined, after as PaymentRow | undefined);
    }
    for (const [id, one] of touched) {
      this.versions(id, one);
      this.balance(id);
    }
    for (const orderId of orders) this.moved(orderId);
  }

  private entry(
    { account: side, amount, accountVersion, paymentIntentId }: LedgerRow,
    touched: Map<string, Touched>,
    orders: Set<string>,
  ): void {
    const id = SIDE.exec(side)?.[1];
    if (id === undefined) return;
    const orderId = paymentIntentId ?? '';
    of(touched, id).made.push(accountVersion);
    orders.add(orderId);
    this.added.set(id, (this.added.get(id) ?? 0) - amount);
    this.paid.set(orderId, this.kept(orderId) + amount);
    const { coverage, story } = this.world;
    coverage.add(amount > 0 ? 'orders paid from an account' : 'accounts paid back');
    story.tell(() => `an account ${amount > 0 ? 'pays' : 'gets back'} ${Math.abs(amount)} of ${story.nameOf(orderId)}`);
  }

  /** A commit may hold several movements of one account. Each counts the version up by one, and its entry names the version that it made. */
  private versions(id: string, { before, made }: Touched): void {
    const version = this.find(id)?.version;
    const expected = made.map((_, index) => (before ?? NaN) + 1 + index);
    const named = made.toSorted((a, b) => Number(a) - Number(b));
    if (version !== expected.at(-1) || String(named) !== String(expected))
      this.broken(`entries name versions ${named} of an account that went from ${before} to ${version}`);
  }

  private balance(id: string): void {
    const account = this.find(id);
    const added = this.added.get(id) ?? 0;
    if (account?.balance !== added)
      this.broken(`an account has a balance of ${account?.balance}, and its entries add up to ${added}`);
    if (account && account.balance < -account.overdraftLimit)
      this.broken(`an account has a balance of ${account.balance}, below its limit of ${-account.overdraftLimit}`);
  }

  private refused(before: PaymentRow | undefined, after: PaymentRow | undefined): void {
    if (after?.state.status !== 'CHARGE_FAILED' || before?.state.status === 'CHARGE_FAILED') return;
    if (after.state.failure.reason === 'insufficient_funds') this.world.coverage.add('orders that no account covers');
  }

  private find(id: string): AccountRow | undefined {
    return this.world.store('payment').find(this.parts.payment.Account, id);
  }

  private broken(what: string): void {
    this.world.violated(new ViolationError('I14', what));
  }
}
