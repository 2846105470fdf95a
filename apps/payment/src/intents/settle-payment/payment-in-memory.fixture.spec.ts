import { expect } from '@jest/globals';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId, type DataOf } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { LOCKS, type Lease } from '@backstep/locks';
import type { Change } from '@backstep/unit-of-work';
import { ChargePaymentHandler } from '../charge-payment/charge-payment.handler.js';
import type { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { isPending, type ProviderOutcome } from '../payment-intent/payment-intent.rules.js';
import { callOf, type ProviderCall } from '../payment-intent/provider-calls.js';
import { RefundPaymentHandler } from '../refund-payment/refund-payment.handler.js';
import type { Leased } from './leases.js';
import { ProviderCallDue } from './provider-call-due.js';
import { SettlePaymentHandler } from './settle-payment.handler.js';

export interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly commandId: string | undefined;
}

interface AtProvider {
  readonly reference: string;
  readonly captured: number;
  refunded: number;
}

/** The three handlers on one row in memory, beside a provider that keeps its word: one key, one outcome. */
export class PaymentInMemory {
  intent: PaymentIntent | undefined;
  readonly orderId = newId();
  readonly ledger = new Map<string, LedgerEntry>();
  readonly told: Told[] = [];
  /** The captures by their keys. */
  readonly captures = new Map<string, AtProvider>();
  /** Every key that the provider was asked with, and how often. */
  readonly asked = new Map<string, number>();
  private readonly refunds = new Map<string, number>();
  private lease: Lease = { name: 'none', holder: newId(), epoch: undefined };
  /** What the provider has answered and nobody has recorded yet, and what it answered before. */
  private readonly answers: ProviderOutcome[] = [];
  private readonly past: ProviderOutcome[] = [];
  private clock = 1;

  /** @param approves whether the provider captures the charge with this key */
  constructor(private readonly approves: (key: string) => boolean) {}

  charge(
    data: Omit<DataOf<typeof ChargePayment>, 'orderId' | 'currency' | 'paymentMethod'>,
    commandId = newId(),
  ): void {
    const { orderId } = this;
    const whole = { orderId, currency: 'EUR', paymentMethod: 'pm_card_visa', ...data };
    const command = aMessage(ChargePayment, whole, { commandId });
    this.deliver(new ChargePaymentHandler().decide(command, { intent: this.intent }, this.context));
  }

  refund(data: Omit<DataOf<typeof RefundPayment>, 'orderId'> = {}, commandId = newId()): void {
    const command = aMessage(RefundPayment, { orderId: this.orderId, ...data }, { commandId });
    this.deliver(new RefundPaymentHandler().decide(command, { intent: this.intent }, this.context));
  }

  /** The provider is asked for what is pending. It acts once a key, and answers each time. */
  ask(): void {
    if (!this.intent || !isPending(this.intent.state)) return;
    const call = callOf(this.intent);
    this.asked.set(call.key, (this.asked.get(call.key) ?? 0) + 1);
    this.answers.push(call.kind === 'charge' ? this.capture(call) : this.giveBack(call));
  }

  /** Its oldest answer is recorded. */
  tell(): void {
    this.record(this.answers.shift());
  }

  /** An answer that was recorded comes again. */
  tellAgain(): void {
    this.record(this.past.at(-1));
  }

  finish(): void {
    for (let round = 0; round < 500 && this.intent && isPending(this.intent.state); round++) {
      this.ask();
      while (this.answers.length > 0) this.tell();
    }
  }

  balance(account: string): number {
    return [...this.ledger.values()].reduce((sum, entry) => sum + (entry.account === account ? entry.amount : 0), 0);
  }

  get kept(): number {
    return [...this.captures.values()].reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
  }

  get captured(): number {
    return [...this.captures.values()].reduce((sum, { captured }) => sum + captured, 0);
  }

  private get context() {
    return { newId, now: this.clock++ };
  }

  private capture({ key, chargeId, amount }: ProviderCall & { kind: 'charge' }): ProviderOutcome {
    const made = this.captures.get(key);
    if (!made && !this.approves(key)) {
      return { kind: 'refused', chargeId, failure: { reason: 'generic_decline', message: 'No.' } };
    }
    if (made) expect(amount).toBe(made.captured);
    const { reference } = made ?? this.newCapture(key, amount);
    return { kind: 'captured', chargeId, providerReference: reference };
  }

  private newCapture(key: string, amount: number): AtProvider {
    const charge = { reference: `pi_${this.captures.size + 1}`, captured: amount, refunded: 0 };
    this.captures.set(key, charge);
    return charge;
  }

  private giveBack({ key, providerReference, amount, isWhole }: ProviderCall & { kind: 'refund' }): ProviderOutcome {
    const from = [...this.captures.values()].find(({ reference }) => reference === providerReference);
    if (!from) throw new Error(`the provider has no ${providerReference}`);
    const made = this.refunds.get(key);
    if (made === undefined) {
      this.refunds.set(key, amount);
      from.refunded += amount;
      expect(from.refunded).toBeLessThanOrEqual(from.captured);
      if (isWhole) expect(from.refunded).toBe(from.captured);
    } else expect(amount).toBe(made);
    return { kind: 'refunded', providerReference, ...(!isWhole && { key }) };
  }

  private record(outcome: ProviderOutcome | undefined): void {
    if (!outcome) return;
    this.past.push(outcome);
    const request = { paymentIntentId: this.orderId, outcome, lease: this.lease };
    const state = { intent: this.intent, entries: new Map<string, LedgerEntry>() };
    this.deliver(new SettlePaymentHandler().decide(request, state, this.context).changes);
  }

  private deliver(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.change === 'send') {
        this.told.push({ type: change.definition.name, data: change.data, commandId: change.metadata.commandId });
      } else if (change.change === 'part') {
        expect(change.part).toBe(LOCKS);
      } else if (change.change === 'effect') {
        expect(change.effect).toBe(ProviderCallDue);
        const { state, lease } = change.data as Leased;
        expect(isPending(state)).toBe(true);
        expect(lease.name).toBe(`payment/${this.orderId}`);
        this.lease = lease;
      } else if (change.entity === PaymentIntent) {
        // As it comes back from jsonb.
        const row = JSON.parse(JSON.stringify(change.row)) as PaymentIntent;
        this.intent = { ...row, version: (this.intent?.version ?? 0) + 1 };
      } else {
        const entry = change.row as LedgerEntry;
        expect(this.ledger.has(entry.id)).toBe(false);
        this.ledger.set(entry.id, entry);
      }
    }
  }
}
