import type { IntentRecord, LedgerRecord, RefundRecord } from './records.js';

export interface Totals {
  readonly captured: number;
  readonly refunded: number;
}

/** Records in the order they were made. */
class Series<R extends LedgerRecord> {
  private readonly records: R[] = [];
  private readonly positions = new Map<string, number>();

  add(record: R): void {
    if (this.positions.has(record.id)) throw new Error(`the ledger already holds ${record.id}`);
    this.positions.set(record.id, this.records.length);
    this.records.push(record);
  }

  get(id: string): R | undefined {
    const position = this.positions.get(id);
    return position === undefined ? undefined : this.records[position];
  }

  get size(): number {
    return this.records.length;
  }

  /** From the oldest, or from after a record. */
  *oldestFirst(after?: string): Generator<R> {
    const start = after === undefined ? 0 : (this.positions.get(after) ?? this.records.length - 1) + 1;
    for (let index = start; index < this.records.length; index++) yield this.records[index] as R;
  }

  /** From the newest, or from before a record, as Stripe lists. */
  *newestFirst(before?: string): Generator<R> {
    const start = before === undefined ? this.records.length : (this.positions.get(before) ?? 0);
    for (let index = start - 1; index >= 0; index--) yield this.records[index] as R;
  }
}

/** What was charged and refunded, in memory: the sum of the journal. Knows no file and no HTTP. */
export class Ledger {
  readonly intents = new Series<IntentRecord>();
  readonly refunds = new Series<RefundRecord>();
  private readonly byKey = new Map<string, LedgerRecord>();
  private readonly refundedOf = new Map<string, number>();
  private readonly totals = new Map<string, Totals>();

  /** @throws Error when a record breaks the ledger's rules: a refund of more than was captured, an id or a key that is taken. */
  add(record: LedgerRecord): void {
    if (record.origin && this.byKey.has(record.origin.key)) {
      throw new Error(`the idempotency key of ${record.id} already belongs to another record`);
    }
    if (record.kind === 'intent') this.addIntent(record);
    else this.addRefund(record);
    if (record.origin) this.byKey.set(record.origin.key, record);
  }

  /** What a request with this idempotency key made. */
  madeBy(key: string): LedgerRecord | undefined {
    return this.byKey.get(key);
  }

  refunded(intent: IntentRecord): number {
    return this.refundedOf.get(intent.id) ?? 0;
  }

  refundable(intent: IntentRecord): number {
    return captured(intent) - this.refunded(intent);
  }

  totalsByCurrency(): ReadonlyMap<string, Totals> {
    return this.totals;
  }

  private addIntent(intent: IntentRecord): void {
    this.intents.add(intent);
    this.count(intent.currency, { captured: captured(intent), refunded: 0 });
  }

  private addRefund(refund: RefundRecord): void {
    const intent = this.intents.get(refund.intent);
    if (!intent || refund.amount < 1 || refund.amount > this.refundable(intent)) {
      throw new Error(`the refund ${refund.id} is of more than ${refund.intent} has left`);
    }
    this.refunds.add(refund);
    this.refundedOf.set(intent.id, this.refunded(intent) + refund.amount);
    this.count(refund.currency, { captured: 0, refunded: refund.amount });
  }

  private count(currency: string, more: Totals): void {
    const { captured, refunded } = this.totals.get(currency) ?? { captured: 0, refunded: 0 };
    this.totals.set(currency, { captured: captured + more.captured, refunded: refunded + more.refunded });
  }
}

export const captured = (intent: IntentRecord): number => (intent.declined ? 0 : intent.amount);
