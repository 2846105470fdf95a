import { describe, expect, it } from '@jest/globals';
import { ChargePayment, RefundPayment } from '@backstep/contracts';
import { newId, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { LOCKS, type Lease } from '@backstep/locks';
import type { Change } from '@backstep/unit-of-work';
import fc from 'fast-check';
import { ChargePaymentHandler } from '../charge-payment/charge-payment.handler.js';
import { type LedgerEntry } from '../ledger/ledger-entry.entity.js';
import { PaymentIntent } from '../payment-intent/payment-intent.entity.js';
import { isPending, type ProviderOutcome } from '../payment-intent/payment-intent.rules.js';
import { RefundPaymentHandler } from '../refund-payment/refund-payment.handler.js';
import { type Leased } from './leases.js';
import { ProviderCallDue } from './provider-call-due.js';
import { SettlePaymentHandler } from './settle-payment.handler.js';

/**
 * Goal: whatever the order of charge, refund, repetitions, provider's answers and late answers, money adds up and everyone is answered.
 * Method: the three handlers on one row in memory, beside a provider that keeps its word (one key, one outcome), driven by any
 * sequence of steps; then everything pending is settled.
 */
type Step = 'charge' | 'refund' | 'ask' | 'tell' | 'tellAgain';

class World {
  intent: PaymentIntent | undefined;
  readonly ledger = new Map<string, LedgerEntry>();
  readonly told: { type: string; data: Record<string, unknown>; commandId: string | undefined }[] = [];
  readonly orderId = newId();
  private readonly chargeId = newId();
  private readonly refundId = newId();
  /** What the provider has answered and nobody has recorded yet, and what it answered before. */
  private lease: Lease = { name: 'none', holder: newId(), epoch: undefined };
  private readonly answers: ProviderOutcome[] = [];
  private readonly past: ProviderOutcome[] = [];
  capturedAtProvider = 0;
  refundedAtProvider = 0;
  readonly asked = new Set<Step>();

  constructor(
    private readonly amount: number,
    private readonly approves: boolean,
  ) {}

  step(step: Step): void {
    this.asked.add(step);
    if (step === 'charge') this.deliver(this.charge());
    if (step === 'refund') this.deliver(this.refund());
    if (step === 'ask') this.ask();
    if (step === 'tell') this.tell(this.answers.shift());
    if (step === 'tellAgain') this.tell(this.past.at(-1) ?? this.past[0]);
  }

  finish(): void {
    for (let round = 0; round < 5; round++) {
      this.ask();
      for (let answer = this.answers.shift(); answer; answer = this.answers.shift()) this.tell(answer);
    }
  }

  private charge(): Change[] {
    const data = { orderId: this.orderId, amount: this.amount, currency: 'EUR', paymentMethod: 'pm_card_visa' };
    const command: Message<typeof ChargePayment> = aMessage(ChargePayment, data, { commandId: this.chargeId });
    return new ChargePaymentHandler().decide(command, { intent: this.intent }, { newId });
  }

  private refund(): Change[] {
    const command = aMessage(RefundPayment, { orderId: this.orderId }, { commandId: this.refundId });
    return new RefundPaymentHandler().decide(command, { intent: this.intent }, { newId });
  }

  /** The provider acts once a key, and answers each time. */
  private ask(): void {
    const state = this.intent?.state;
    if (!state || !isPending(state)) return;
    if (state.status === 'REFUND_REQUESTED') {
      this.refundedAtProvider = this.amount;
      this.answers.push({ kind: 'refunded', providerReference: state.providerReference });
    } else if (this.approves) {
      this.capturedAtProvider = this.amount;
      this.answers.push({ kind: 'captured', providerReference: 'pi_1' });
    } else {
      this.answers.push({ kind: 'refused', failure: { reason: 'generic_decline', message: 'No.' } });
    }
  }

  private tell(outcome: ProviderOutcome | undefined): void {
    if (!outcome) return;
    this.past.push(outcome);
    const handler = new SettlePaymentHandler();
    this.deliver(
      handler.decide(
        { paymentIntentId: this.orderId, outcome, lease: this.lease },
        { intent: this.intent, entries: new Map() },
      ).changes,
    );
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
        this.intent = { ...(change.row as PaymentIntent), version: (this.intent?.version ?? 0) + 1 };
      } else {
        const entry = change.row as LedgerEntry;
        expect(this.ledger.has(entry.id)).toBe(false);
        this.ledger.set(entry.id, entry);
      }
    }
  }

  balance(account: string): number {
    return [...this.ledger.values()].reduce((sum, entry) => sum + (entry.account === account ? entry.amount : 0), 0);
  }
}

const anySteps = fc.array(fc.constantFrom<Step>('charge', 'refund', 'ask', 'tell', 'tellAgain'), { maxLength: 25 });
const anAmount = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 100_000_000 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

function afterAnyOrder(check: (world: World, amount: number, approves: boolean) => void): void {
  fc.assert(
    fc.property(anySteps, anAmount, fc.boolean(), (steps, amount, approves) => {
      const world = new World(amount, approves);
      for (const step of steps) world.step(step);
      world.finish();
      check(world, amount, approves);
    }),
    { numRuns: 1_000 },
  );
}

describe('a payment, whatever the order of events', () => {
  it('a payment ends charged, failed, refunded or voided, whatever the order of events', () => {
    afterAnyOrder(({ intent, asked }) => {
      if (asked.has('refund')) expect(['CHARGE_FAILED', 'REFUNDED', 'VOIDED']).toContain(intent?.state.status);
      else if (asked.has('charge')) expect(['CHARGED', 'CHARGE_FAILED']).toContain(intent?.state.status);
      else expect(intent).toBeUndefined();
    });
  });

  it('the ledger of a payment balances and agrees with the provider', () => {
    afterAnyOrder((world) => {
      const held = world.capturedAtProvider - world.refundedAtProvider;
      expect(world.balance('provider_clearing')).toBe(held);
      expect(world.balance('order_revenue')).toBe(-held || 0);
    });
  });

  it('a compensated payment holds no money, and its answer has the refunded amount', () => {
    afterAnyOrder((world) => {
      if (!world.asked.has('refund')) return;
      expect(world.capturedAtProvider - world.refundedAtProvider).toBe(0);
      const answer = world.told.findLast(({ type }) => type === 'PaymentRefunded');
      expect(answer?.data).toMatchObject({ amount: world.capturedAtProvider });
    });
  });

  it('a payment answers each command with the id of that command', () => {
    afterAnyOrder((world) => {
      const answered = new Map(
        world.told.map(({ type, commandId }) => [type === 'PaymentRefunded' ? 'refund' : 'charge', commandId]),
      );
      for (const command of ['charge', 'refund'] as const) expect(answered.has(command)).toBe(world.asked.has(command));
      expect([...answered.values()].every((commandId) => commandId !== undefined)).toBe(true);
    });
  });
});
