import { randomHex, type Lifecycle } from '@backstep/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { Journal } from './journal/journal.js';
import type { Ledger } from './ledger/ledger.js';
import { recordId } from './ledger/record-ids.js';
import type { IntentRecord, LedgerRecord, Origin, RefundRecord } from './ledger/records.js';
import { IdempotentRequests, type Once } from './stripe/idempotency.js';
import type { ChargeParameters, RefundParameters } from './stripe/parameters.js';
import { balanceInsufficient, invalid, noSuch, type StripeError, unavailable } from './stripe/stripe-error.js';
import { findCard, type TestCard } from './stripe/test-cards.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** Requests with flaky cards that are counted. Beyond it the oldest counts are dropped. */
const FLAKY_REQUESTS_MAX = 10_000;
const CHARGE_ID_BYTES = 12;

/**
 * Charges and refunds. A request is decided and added to the ledger in one turn of the event loop, so that no two can refund the same money,
 * and answered when it is on the disk. Reads wait for the disk too, so that they never show what a crash could undo.
 */
export class Provider implements OnApplicationShutdown {
  private readonly requests: IdempotentRequests;
  private readonly failures = new Map<string, number>();

  constructor(
    readonly ledger: Ledger,
    private readonly journal: Journal,
    private readonly lifecycle: Lifecycle,
    /** undefined: none are sent. */
    private readonly webhooks?: Webhooks,
  ) {
    this.requests = new IdempotentRequests(ledger);
  }

  /** @throws StripeError 503 for a flaky card, 409 or 400 for a key in use. A refused card is a record, not an error. */
  charge(parameters: ChargeParameters, origin: Origin | undefined): Promise<Once<IntentRecord>> {
    return this.requests.once('intent', origin, async () => {
      const { amount, currency, paymentMethod, metadata, card } = parameters;
      this.failWhenFlaky(card.failures ?? 0, origin?.fingerprint ?? '', origin?.key ?? '');
      if (card.delayMs !== undefined) await this.pause(card.delayMs);
      return this.record('pi', (id) => ({
        kind: 'intent',
        id,
        charge: `ch_${randomHex(CHARGE_ID_BYTES)}`,
        amount,
        currency,
        paymentMethod,
        metadata,
        declined: card.declined,
        createdAt: Date.now(),
        origin,
      }));
    });
  }

  /** @throws StripeError 400 when the intent is unknown, was not captured, has less left than the amount, or its card refuses refunds */
  refund(parameters: RefundParameters, origin: Origin | undefined): Promise<Once<RefundRecord>> {
    return this.requests.once('refund', origin, async () => {
      await this.settled();
      const intent = await this.ledger.find('intent', parameters.intent);
      if (!intent) throw noSuch('payment_intent', parameters.intent, 'payment_intent', 400);
      const left = this.ledger.refundable(intent);
      const amount = parameters.amount ?? left;
      if (left === 0) throw nothingLeft(intent);
      const byHandOnly = findCard(intent.paymentMethod)?.refundsByHandOnly ?? false;
      if (byHandOnly && parameters.metadata['by'] !== 'hand') throw balanceInsufficient();
      if (amount > left)
        throw invalid('amount', `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`);
      return this.record('re', (id) => ({
        kind: 'refund',
        id,
        intent: intent.id,
        charge: intent.charge,
        amount,
        currency: intent.currency,
        metadata: parameters.metadata,
        createdAt: Date.now(),
        origin,
      }));
    });
  }

  /** The test card that a refund went to; undefined: another payment method. */
  async cardOf({ intent }: RefundRecord): Promise<TestCard | undefined> {
    const charged = await this.ledger.find('intent', intent);
    return charged && findCard(charged.paymentMethod);
  }

  /** Resolves when all that the ledger shows is on the disk. */
  settled(): Promise<void> {
    return this.journal.durable();
  }

  /** Nobody took the answer that told of this record. */
  unheard(record: LedgerRecord): void {
    this.webhooks?.unheard(record);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.webhooks?.stop();
    await this.journal.close();
  }

  private async record<R extends LedgerRecord>(prefix: 'pi' | 're', make: (id: string) => R): Promise<R> {
    if (this.journal.isFull) throw unavailable();
    const record = make(recordId(prefix, this.journal.size));
    this.ledger.add(record, this.journal.append(JSON.stringify(record)));
    // In the same write, so that a crash does not part the two.
    this.webhooks?.made(record);
    await this.journal.durable();
    return record;
  }

  private failWhenFlaky(failures: number, fingerprint: string, key: string): void {
    if (failures === 0) return;
    const request = `${fingerprint} ${key}`;
    const failed = this.failures.get(request) ?? 0;
    this.failures.delete(request);
    if (failed >= failures) return;
    this.failures.set(request, failed + 1);
    const [oldest] = this.failures.keys();
    if (this.failures.size > FLAKY_REQUESTS_MAX && oldest !== undefined) this.failures.delete(oldest);
    throw unavailable();
  }

  /** A slow charge must not delay the end of the process: nothing is charged yet, so it can be refused. */
  private async pause(milliseconds: number): Promise<void> {
    try {
      await delay(milliseconds, undefined, { signal: this.lifecycle.draining });
    } catch {
      throw unavailable();
    }
  }
}

function nothingLeft(intent: IntentRecord): StripeError {
  if (intent.declined)
    return invalid('payment_intent', `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  return invalid('payment_intent', `Charge ${intent.charge} has already been refunded.`, 'charge_already_refunded');
}
