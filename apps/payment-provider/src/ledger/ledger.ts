import type { Journal } from '../journal/journal.js';
import { NumberTable } from './number-table.js';
import { KEY_RETENTION_MS, RecentKeys } from './recent-keys.js';
import { offsetIn } from './record-ids.js';
import type { IntentRecord, JournalRecord, LedgerRecord, RefundRecord, WebhookRecord } from './records.js';

export interface Totals {
  readonly captured: number;
  readonly refunded: number;
}

type RecordOf<K extends LedgerRecord['kind']> = Extract<LedgerRecord, { kind: K }>;

/** Whether a line may be a record of this kind, without parsing it: a record begins with its `kind`. */
const begins = (kind: LedgerRecord['kind']): string => `{"kind":"${kind}"`;

/**
 * The charges and refunds. The records are in the journal; memory has the sums, the idempotency keys of a day, and the refunded amounts. A
 * record is found by its id, which contains its offset.
 */
export class Ledger {
  private readonly keys = new RecentKeys();
  /** Refunded amounts by the offset of the intent, minor units. */
  private readonly refundedOf = new NumberTable();
  /** The offsets of records of earlier versions, whose ids do not contain it. */
  private readonly elsewhere = new Map<string, number>();
  private readonly totals = new Map<string, Totals>();
  /** Events that were due when the journal was read, the oldest first. */
  readonly webhooksDue = new Map<string, WebhookRecord>();

  private constructor(private readonly journal: Journal) {}

  /** Reads the journal. @throws Error naming a line that cannot be read: the ledger is money, so nothing is skipped. */
  static async open(journal: Journal, now: number): Promise<Ledger> {
    const ledger = new Ledger(journal);
    let number = 0;
    for await (const { offset, text } of journal.lines()) {
      number += 1;
      try {
        await ledger.take(JSON.parse(text) as JournalRecord, offset, now);
      } catch (cause) {
        throw new Error(`line ${number} of the journal cannot be read`, { cause });
      }
    }
    return ledger;
  }

  /** Counts a record that was appended to the journal. */
  add(record: LedgerRecord, offset: number, now = record.createdAt): void {
    if (offsetIn(record.id) !== offset) this.elsewhere.set(record.id, offset);
    this.keys.forget(now);
    if (record.origin && keyIsRecent(record, now)) this.keys.add(record.origin.key, offset, record.createdAt);
    const { currency, amount } = record;
    if (record.kind === 'intent') return this.count(currency, { captured: captured(record), refunded: 0 });
    const intent = this.offsetOf(record.intent) ?? NaN;
    this.refundedOf.set(intent, (this.refundedOf.get(intent) ?? 0) + amount);
    this.count(currency, { captured: 0, refunded: amount });
  }

  async find<K extends LedgerRecord['kind']>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    const offset = this.offsetOf(id);
    const record = offset === undefined ? undefined : await this.read(offset);
    return record?.id === id && record.kind === kind ? (record as RecordOf<K>) : undefined;
  }

  /** How many records may have this idempotency key. While the number does not change, no record was added. */
  likely(key: string): number {
    return this.keys.candidates(key).length;
  }

  /** The record of a request with this idempotency key within the last day. */
  async madeBy(key: string): Promise<LedgerRecord | undefined> {
    for (const offset of this.keys.candidates(key)) {
      const record = await this.read(offset);
      if (record?.origin?.key === key) return record;
    }
    return undefined;
  }

  /**
   * From the oldest record, or from after one; as many as there were at the beginning.
   * @param mention a text that the wanted records contain: others are not parsed
   */
  async *oldestFirst<K extends LedgerRecord['kind']>(
    kind: K,
    after?: string,
    mention?: string,
  ): AsyncGenerator<RecordOf<K>> {
    const mentioned = mention === undefined ? '' : JSON.stringify(mention);
    const from = after === undefined ? 0 : this.offsetOf(after);
    if (from === undefined) return;
    for await (const { text } of this.journal.lines(from)) {
      if (!text.startsWith(begins(kind)) || !text.includes(mentioned)) continue;
      const record = JSON.parse(text) as RecordOf<K>;
      if (record.id !== after) yield record;
    }
  }

  /** From the newest, or from before a record, as Stripe lists. */
  async *newestFirst<K extends LedgerRecord['kind']>(kind: K, before?: string): AsyncGenerator<RecordOf<K>> {
    const until = before === undefined ? undefined : (this.offsetOf(before) ?? 0);
    for await (const { text } of this.journal.linesBefore(until)) {
      if (text.startsWith(begins(kind))) yield JSON.parse(text) as RecordOf<K>;
    }
  }

  refunded(intent: IntentRecord): number {
    return this.refundedBy(intent.id);
  }

  refundedBy(intentId: string): number {
    return this.refundedOf.get(this.offsetOf(intentId) ?? NaN) ?? 0;
  }

  refundable(intent: IntentRecord): number {
    return captured(intent) - this.refunded(intent);
  }

  totalsByCurrency(): ReadonlyMap<string, Totals> {
    return this.totals;
  }

  /** Of the journal. @throws Error when a record breaks the ledger's rules: a refund of more than was captured, an id or a key that is taken. */
  private async take(record: JournalRecord, offset: number, now: number): Promise<void> {
    if (record.kind === 'webhook') return void this.webhooksDue.set(record.id, record);
    if (record.kind === 'webhook-ended') return void this.webhooksDue.delete(record.id);
    if (this.elsewhere.has(record.id)) throw new Error(`the ledger already holds ${record.id}`);
    if (record.kind === 'refund') await this.assertRefundable(record);
    if (record.origin && keyIsRecent(record, now) && (await this.madeBy(record.origin.key))) {
      throw new Error(`the idempotency key of ${record.id} already belongs to another record`);
    }
    this.add(record, offset, now);
  }

  private async assertRefundable(refund: RefundRecord): Promise<void> {
    const intent = await this.find('intent', refund.intent);
    if (intent && refund.amount >= 1 && refund.amount <= this.refundable(intent)) return;
    throw new Error(`the refund ${refund.id} is of more than ${refund.intent} has left`);
  }

  private async read(offset: number): Promise<LedgerRecord | undefined> {
    const line = await this.journal.lineAt(offset);
    if (line === undefined) return undefined;
    try {
      return JSON.parse(line) as LedgerRecord;
    } catch {
      // An invented id has an offset at which no line begins.
      return undefined;
    }
  }

  private offsetOf(id: string): number | undefined {
    return this.elsewhere.get(id) ?? offsetIn(id);
  }

  private count(currency: string, more: Totals): void {
    const { captured, refunded } = this.totals.get(currency) ?? { captured: 0, refunded: 0 };
    this.totals.set(currency, { captured: captured + more.captured, refunded: refunded + more.refunded });
  }
}

const keyIsRecent = ({ createdAt }: LedgerRecord, now: number): boolean => now - createdAt < KEY_RETENTION_MS;

export const captured = (intent: IntentRecord): number => (intent.declined ? 0 : intent.amount);
