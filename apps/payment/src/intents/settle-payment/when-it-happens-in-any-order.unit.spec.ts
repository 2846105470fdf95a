import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import fc from 'fast-check';
import { PaymentInMemory } from './payment-in-memory.fixture.spec.js';

/**
 * Goal: whatever the order of charge, refund, repetitions, provider's answers and late answers, money adds up and everyone is answered.
 * Method: the three handlers on one row in memory, beside a provider that keeps its word, driven by any sequence of steps; then everything
 * pending is settled.
 */
type Step = 'charge' | 'refund' | 'ask' | 'tell' | 'tellAgain';

class World extends PaymentInMemory {
  readonly steps = new Set<Step>();
  private readonly ids = { charge: newId(), refund: newId() };

  constructor(
    private readonly amount: number,
    approves: boolean,
  ) {
    super(() => approves);
  }

  step(step: Step): void {
    this.steps.add(step);
    if (step === 'charge') this.charge({ amount: this.amount }, this.ids.charge);
    else if (step === 'refund') this.refund({}, this.ids.refund);
    else this[step]();
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
    afterAnyOrder(({ intent, steps }) => {
      if (steps.has('refund')) expect(['CHARGE_FAILED', 'REFUNDED', 'VOIDED']).toContain(intent?.state.status);
      else if (steps.has('charge')) expect(['CHARGED', 'CHARGE_FAILED']).toContain(intent?.state.status);
      else expect(intent).toBeUndefined();
    });
  });

  it('the ledger of a payment balances and agrees with the provider', () => {
    afterAnyOrder((world) => {
      expect(world.balance('provider_clearing')).toBe(world.kept);
      expect(world.balance('order_revenue')).toBe(-world.kept || 0);
    });
  });

  it('a compensated payment holds no money, and its answer has the refunded amount', () => {
    afterAnyOrder((world) => {
      if (!world.steps.has('refund')) return;
      expect(world.kept).toBe(0);
      const answer = world.told.findLast(({ type }) => type === 'PaymentRefunded');
      expect(answer?.data).toMatchObject({ amount: world.captured });
    });
  });

  it('a payment answers each command with the id of that command', () => {
    afterAnyOrder((world) => {
      const answered = new Map(
        world.told.map(({ type, commandId }) => [type === 'PaymentRefunded' ? 'refund' : 'charge', commandId]),
      );
      for (const command of ['charge', 'refund'] as const) expect(answered.has(command)).toBe(world.steps.has(command));
      expect([...answered.values()].every((commandId) => commandId !== undefined)).toBe(true);
    });
  });

  it('an ordinary payment remembers one charge, by its own id and amount', () => {
    afterAnyOrder(({ intent }) => {
      for (const name of ['charges', 'notCharged', 'refunds', 'waiting', 'since', 'charge', 'refund'])
        expect(intent?.state ?? {}).not.toHaveProperty(name);
    });
  });
});
