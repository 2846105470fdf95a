import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import fc from 'fast-check';
import { capturedBy, chargesOf, refundedOf } from '../payment-intent/charges.rules.js';
import { PaymentInMemory } from './payment-in-memory.fixture.spec.js';

/**
 * Goal: further charges, their compensations, refunds of amounts and the compensation of all meet in any order, and money adds up, everyone is
 * answered, and nothing is asked of the provider but once.
 * Method: the handlers on one row in memory, beside a provider that keeps its word; examples, and any sequence of steps.
 */
const CARD = 'charge:';
const [c1, c2, r1, r2] = [newId(), newId(), newId(), newId()] as [string, string, string, string];

const paid = (first = 1_000, approves: (key: string) => boolean = () => true): PaymentInMemory => {
  const payment = new PaymentInMemory(approves);
  payment.charge({ amount: first });
  payment.finish();
  return payment;
};

function settled(payment: PaymentInMemory, ...acts: ((one: PaymentInMemory) => void)[]): PaymentInMemory {
  for (const act of acts) {
    act(payment);
    payment.finish();
  }
  return payment;
}

const last = ({ told }: PaymentInMemory) => {
  const { type, data } = told.at(-1) ?? { type: 'nothing', data: {} };
  return [type, data];
};
const chargesIn = ({ intent }: PaymentInMemory) => (intent ? chargesOf(intent) : []);
const statusOf = ({ intent }: PaymentInMemory) => intent?.state.status;

describe('a further charge', () => {
  it('a further charge is captured once, beside the first, and answered with its id', () => {
    const payment = settled(paid(), (one) => one.charge({ chargeId: c1, amount: 250 }));
    expect(last(payment)).toEqual([
      'PaymentCharged',
      expect.objectContaining({ chargeId: c1, amount: 250, providerReference: 'pi_2' }),
    ]);
    expect(chargesIn(payment)).toEqual([
      { chargeId: payment.orderId, amount: 1_000, providerReference: 'pi_1', refunded: 0 },
      { chargeId: c1, amount: 250, providerReference: 'pi_2', refunded: 0 },
    ]);
    expect([...payment.captures.keys()]).toEqual([`${CARD}${payment.orderId}`, `${CARD}${c1}`]);
    payment.charge({ chargeId: c1, amount: 250 });
    expect(last(payment)).toEqual(['PaymentCharged', expect.objectContaining({ chargeId: c1 })]);
    payment.charge({ amount: 1_000 });
    expect(last(payment)[1]).toMatchObject({ providerReference: 'pi_1' });
    expect(payment.captured).toBe(1_250);
  });

  it('a further charge that is declined leaves the payment as it was', () => {
    const payment = paid(1_000, (key) => !key.endsWith(c1));
    settled(payment, (one) => one.charge({ chargeId: c1, amount: 250 }));
    expect(last(payment)).toEqual([
      'PaymentDeclined',
      expect.objectContaining({ chargeId: c1, reason: 'generic_decline' }),
    ]);
    expect([statusOf(payment), payment.kept]).toEqual(['CHARGED', 1_000]);
    payment.charge({ chargeId: c1, amount: 250 });
    expect(last(payment)[1]).toMatchObject({ reason: 'generic_decline' });
  });

  it('a further charge of another amount under a known id contradicts', () => {
    const payment = settled(paid(), (one) => one.charge({ chargeId: c1, amount: 250 }));
    expect(() => payment.charge({ chargeId: c1, amount: 251 })).toThrow('contradicts');
    payment.charge({ chargeId: c2, amount: 10 });
    expect(() => payment.charge({ chargeId: c2, amount: 11 })).toThrow('contradicts');
  });

  it('a further charge without a first one contradicts, and so does its refund', () => {
    const payment = new PaymentInMemory(() => true);
    expect(() => payment.charge({ chargeId: c1, amount: 250 })).toThrow('contradicts');
    expect(() => payment.refund({ chargeId: c1 })).toThrow('contradicts');
    expect(() => payment.refund({ refundId: r1, amount: 1 })).toThrow('contradicts');
  });

  it('a further charge after the compensation of all is declined', () => {
    const payment = settled(paid(), (one) => one.refund());
    payment.charge({ chargeId: c1, amount: 250 });
    expect(last(payment)).toEqual([
      'PaymentDeclined',
      expect.objectContaining({ chargeId: c1, reason: 'refunded_first' }),
    ]);
  });

  it('a payment is charged a hundred times, and once more is declined', () => {
    const payment = paid();
    for (let n = 1; n < 100; n++) settled(payment, (one) => one.charge({ chargeId: newId(), amount: 1 }));
    expect(payment.captured).toBe(1_099);
    payment.charge({ chargeId: c1, amount: 1 });
    expect(last(payment)[1]).toMatchObject({ reason: 'too_many_charges' });
    payment.refund({ chargeId: c1 });
    expect(last(payment)).toEqual(['PaymentRefunded', expect.objectContaining({ chargeId: c1, amount: 0 })]);
    settled(payment, (one) => one.refund());
    expect([statusOf(payment), payment.kept]).toEqual(['REFUNDED', 0]);
  });
});

describe('the compensation of a charge', () => {
  it('the compensation of a charge gives back that charge alone', () => {
    const payment = settled(
      paid(),
      (one) => one.charge({ chargeId: c1, amount: 250 }),
      (one) => one.refund({ chargeId: c1 }),
    );
    expect(last(payment)).toEqual(['PaymentRefunded', expect.objectContaining({ chargeId: c1, amount: 250 })]);
    expect([statusOf(payment), payment.kept]).toEqual(['CHARGED', 1_000]);
    payment.refund({ chargeId: c1 });
    expect(last(payment)[1]).toMatchObject({ chargeId: c1, amount: 250 });
    payment.charge({ chargeId: c1, amount: 250 });
    expect(last(payment)[1]).toMatchObject({ reason: 'refunded_first' });
  });

  it('the compensation of a charge that comes first refuses the late charge, and the provider gets neither', () => {
    const payment = settled(paid(), (one) => one.refund({ chargeId: c1 }));
    expect(last(payment)).toEqual(['PaymentRefunded', expect.objectContaining({ chargeId: c1, amount: 0 })]);
    payment.charge({ chargeId: c1, amount: 250 });
    expect(last(payment)).toEqual([
      'PaymentDeclined',
      expect.objectContaining({ chargeId: c1, reason: 'refunded_first' }),
    ]);
    expect([statusOf(payment), payment.kept, payment.captures.size]).toEqual(['CHARGED', 1_000, 1]);
  });

  it('the compensation of a charge that comes during it waits, and then gives it back', () => {
    const payment = paid();
    payment.charge({ chargeId: c1, amount: 250 });
    payment.ask();
    payment.refund({ chargeId: c1 });
    payment.refund({ chargeId: c1 });
    expect(payment.intent?.state).toMatchObject({ waiting: [{ kind: 'refund' }] });
    payment.finish();
    expect(payment.told.slice(-2).map(({ type }) => type)).toEqual(['PaymentCharged', 'PaymentRefunded']);
    expect([statusOf(payment), payment.kept]).toEqual(['CHARGED', 1_000]);
  });
});

describe('a refund of an amount', () => {
  it('a refund of an amount takes from the latest charges first, one call for each', () => {
    const payment = settled(
      paid(),
      (one) => one.charge({ chargeId: c1, amount: 250 }),
      (one) => one.refund({ refundId: r1, amount: 400 }),
    );
    expect(last(payment)).toEqual(['PaymentRefunded', expect.objectContaining({ refundId: r1, amount: 400 })]);
    expect(chargesIn(payment).map(({ refunded }) => refunded)).toEqual([150, 250]);
    expect([...payment.asked.keys()].slice(2)).toEqual([`refund:${r1}:${c1}`, `refund:${r1}:${payment.orderId}`]);
    expect([...payment.ledger.keys()].filter((id) => id.startsWith('refund'))).toEqual([
      `refund:${r1}:${c1}:provider_clearing`,
      `refund:${r1}:${c1}:order_revenue`,
      `refund:${r1}:${payment.orderId}:provider_clearing`,
      `refund:${r1}:${payment.orderId}:order_revenue`,
    ]);
    expect(payment.kept).toBe(850);
  });

  it('what one call has given back is stored before the next call', () => {
    const payment = settled(paid(), (one) => one.charge({ chargeId: c1, amount: 250 }));
    payment.refund({ refundId: r1, amount: 400 });
    payment.ask();
    payment.tell();
    expect(payment.intent?.state).toMatchObject({
      status: 'REFUND_REQUESTED',
      refunds: [{ refundId: r1, amount: 250, wanted: 400 }],
      refund: { parts: [{ chargeId: payment.orderId, amount: 150 }] },
    });
    expect(payment.ledger.size).toBe(6);
    expect(last(payment)[0]).toBe('PaymentCharged');
  });

  it('refunds that add up to all leave the payment REFUNDED, and a further charge is taken all the same', () => {
    const payment = settled(paid(), (one) => one.refund({ refundId: r1, amount: 700 }));
    expect(statusOf(payment)).toBe('CHARGED');
    settled(payment, (one) => one.refund({ refundId: r2, amount: 300 }));
    expect([statusOf(payment), payment.kept]).toEqual(['REFUNDED', 0]);
    settled(payment, (one) => one.charge({ chargeId: c1, amount: 50 }));
    expect([statusOf(payment), payment.kept]).toEqual(['CHARGED', 50]);
    settled(payment, (one) => one.refund());
    expect(last(payment)[1]).toMatchObject({ amount: 1_050 });
    expect([statusOf(payment), payment.kept]).toEqual(['REFUNDED', 0]);
  });

  it('a refund that is repeated is answered from what was given back', () => {
    const payment = settled(paid(), (one) => one.refund({ refundId: r1, amount: 700 }));
    payment.refund({ refundId: r1, amount: 700 });
    expect(last(payment)[1]).toMatchObject({ refundId: r1, amount: 700 });
    expect(payment.kept).toBe(300);
  });

  it('a refund of more than is left contradicts, and so does another amount under a known id', () => {
    const payment = settled(paid(), (one) => one.refund({ refundId: r1, amount: 700 }));
    expect(() => payment.refund({ refundId: r2, amount: 301 })).toThrow('300 left, not 301');
    expect(() => payment.refund({ refundId: r1, amount: 701 })).toThrow('amount 700, not 701');
  });

  it('a refund that waited behind another takes what is left, and its answer says how much', () => {
    const payment = paid();
    payment.refund({ refundId: r1, amount: 700 });
    payment.refund({ refundId: r2, amount: 700 });
    payment.finish();
    expect(last(payment)[1]).toMatchObject({ refundId: r2, amount: 300 });
    payment.refund({ refundId: r2, amount: 700 });
    expect(last(payment)[1]).toMatchObject({ refundId: r2, amount: 300 });
  });

  it('amounts are given back a hundred times, and once more is parked', () => {
    const payment = paid();
    for (let n = 0; n < 100; n++) settled(payment, (one) => one.refund({ refundId: newId(), amount: 1 }));
    expect(() => payment.refund({ refundId: r1, amount: 1 })).toThrow(
      expect.objectContaining({ parkedAs: 'too_much_wanted' }),
    );
  });

  it('sixteen commands wait behind a running one, and one more is parked', () => {
    const payment = paid();
    payment.refund({ refundId: r1, amount: 1 });
    for (let n = 0; n < 16; n++) payment.charge({ chargeId: newId(), amount: 1 });
    expect(() => payment.charge({ chargeId: c1, amount: 1 })).toThrow(
      expect.objectContaining({ parkedAs: 'too_much_wanted' }),
    );
    payment.finish();
    expect(payment.kept).toBe(1_015);
  });
});

const STEPS = [
  'charge',
  'charge1',
  'charge2',
  'undo1',
  'undo2',
  'give1',
  'give2',
  'refund',
  'ask',
  'tell',
  'tellAgain',
] as const;
type Step = (typeof STEPS)[number];
const COMMANDS = STEPS.slice(0, 8);

/** One payment of an order, and the commands of several sagas that do not wait for each other. */
class World extends PaymentInMemory {
  readonly given = new Set<Step>();
  readonly ids = new Map<Step, string>(STEPS.map((step) => [step, newId()]));

  step(step: Step): void {
    const id = this.ids.get(step);
    const act: Record<Step, () => void> = {
      charge: () => this.charge({ amount: 1_000 }, id),
      charge1: () => this.charge({ chargeId: c1, amount: 300 }, id),
      charge2: () => this.charge({ chargeId: c2, amount: 70 }, id),
      undo1: () => this.refund({ chargeId: c1 }, id),
      undo2: () => this.refund({ chargeId: c2 }, id),
      give1: () => this.refund({ refundId: r1, amount: 350 }, id),
      give2: () => this.refund({ refundId: r2, amount: 1_000 }, id),
      refund: () => this.refund({}, id),
      ask: () => this.ask(),
      tell: () => this.tell(),
      tellAgain: () => this.tellAgain(),
    };
    try {
      act[step]();
      this.given.add(step);
    } catch (error) {
      // Parked: nothing was changed. It is of a payment that is not charged, or gives back more than there is.
      if ((error as { parkedAs?: string }).parkedAs !== 'contradicts') throw error;
    }
  }
}

describe('movements, in any order', () => {
  it('movements in any order: provider, ledger and payment agree, every command is answered, and no key is used twice', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 40 }), fc.func(fc.boolean()), (steps, approves) => {
        const world = new World(approves);
        for (const step of ['charge' as const, ...steps]) world.step(step);
        world.finish();
        const charges = chargesIn(world);
        expect(capturedBy(charges)).toBe(world.captured);
        expect(capturedBy(charges) - refundedOf(charges)).toBe(world.kept);
        expect(world.balance('provider_clearing')).toBe(world.kept);
        expect(world.balance('order_revenue')).toBe(-world.kept || 0);
        expect(world.intent?.state).not.toHaveProperty('waiting');
        const answered = new Set(world.told.map(({ commandId }) => commandId));
        for (const command of COMMANDS)
          expect([command, answered.has(world.ids.get(command))]).toEqual([command, world.given.has(command)]);
        if (world.given.has('refund')) expect(world.kept).toBe(0);
        for (const [undone, id] of [
          ['undo1', c1],
          ['undo2', c2],
        ] as const) {
          const charge = charges.find(({ chargeId }) => chargeId === id);
          if (world.given.has(undone) && charge) expect(charge.refunded).toBe(charge.amount);
        }
        for (const { reference, refunded } of world.captures.values()) {
          expect(charges.find(({ providerReference }) => providerReference === reference)?.refunded).toBe(refunded);
        }
      }),
      { numRuns: 600 },
    );
  });
});
