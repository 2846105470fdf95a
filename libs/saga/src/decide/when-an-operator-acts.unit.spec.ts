import { describe, expect, it } from '@jest/globals';
import {
  ChargePayment,
  ConfirmOrder,
  CreateShipment,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  PaymentCharged,
  PaymentRefunded,
  RefundPayment,
  RejectOrder,
  ReleaseStock,
  ReserveStock,
  ShipmentCreated,
  ShipmentRefused,
  StockReleased,
  StockReserved,
} from '@backstep/contracts';
import { message } from '@backstep/messages';
import { anOrder } from '@backstep/contracts/testing';
import fc from 'fast-check';
import {
  compensatable,
  decide,
  hasEnded,
  IllegalOperatorActionError,
  legalActions,
  minutes,
  operate,
  OPERATOR_ACTIONS,
  pivot,
  retriable,
  RETRIES_MAX,
  saga,
  seconds,
  timersOf,
  type Moved,
  type OperatorAction,
  type SagaDefinition,
  type SagaInstance,
} from '../index.js';
import { given, type SagaScript } from '../testing/index.js';
import { exchangeOf } from './asking.js';
import { assertSound } from './invariants.js';

/** Goal: an operator can end or mend any saga, never break one; what was done, by whom and why, stays with it. */
const placing = saga('placing', { failures: ['shipment_refused'] }).startsOn(OrderPlaced, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('reserve', {
      send: ReserveStock,
      done: StockReserved,
      undo: ReleaseStock,
      undone: StockReleased,
      timeout: seconds(10),
      undoRetry: { attempts: 2 },
    }),
    compensatable('charge', {
      send: ChargePayment,
      done: PaymentCharged,
      undo: RefundPayment,
      undone: PaymentRefunded,
      timeout: seconds(30),
      undoRetry: { attempts: 2 },
      with: ({ orderId, total, currency, paymentMethod }) => ({ orderId, amount: total, currency, paymentMethod }),
    }),
    pivot('ship', {
      send: CreateShipment,
      done: ShipmentCreated,
      refused: ShipmentRefused,
      failure: ({ reason }) => ({ code: 'shipment_refused', message: reason }),
      retry: { attempts: 2 },
    }),
    retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed, retry: { attempts: 2 } }),
  ],
  whenUndone: retriable('reject', {
    send: RejectOrder,
    done: OrderRejected,
    retry: { attempts: 2 },
    with: ({ orderId }, { failure }) => ({ orderId, failure }),
  }),
});
type Script = SagaScript<typeof OrderPlaced>;

const reserving = (): Script => given(placing).startedBy(anOrder()).expect(ReserveStock);
const shipping = (): Script =>
  reserving().reply(StockReserved).expect(ChargePayment).reply(PaymentCharged).expect(CreateShipment);
const refunding = (): Script => shipping().reply(ShipmentRefused).expect(RefundPayment);
const stuckShipping = (): Script => shipping().staysSilent().isNow('STUCK');
const stuckRefunding = (): Script => refunding().staysSilent().isNow('STUCK');
const stuckConfirming = (): Script =>
  shipping().reply(ShipmentCreated).expect(ConfirmOrder).staysSilent().isNow('STUCK');
const stuckRejecting = (): Script =>
  refunding()
    .reply(PaymentRefunded)
    .expect(ReleaseStock)
    .reply(StockReleased)
    .expect(RejectOrder)
    .staysSilent()
    .isNow('STUCK');

describe('what is legal', () => {
  it.each<[string, () => Script, OperatorAction[]]>([
    ['on its way forward', reserving, ['compensate']],
    ['at its pivot', shipping, ['skip', 'abandon']],
    ['STUCK at its pivot', stuckShipping, ['retry', 'skip', 'abandon']],
    ['STUCK after its pivot', stuckConfirming, ['retry', 'skip']],
    ['on its way back', refunding, ['skip', 'abandon']],
    ['STUCK on its way back', stuckRefunding, ['retry', 'skip', 'abandon']],
    ['STUCK at its last word', stuckRejecting, ['retry', 'skip', 'abandon']],
  ])('for a saga %s', (_, script, legal) => {
    const instance = script().instance();
    expect(legalActions(placing, instance)).toEqual(legal);
    for (const action of OPERATOR_ACTIONS.filter((one) => !legal.includes(one))) {
      expect(refusalOf(() => act(placing, instance, action))).toMatchObject({ action, status: instance.status, legal });
    }
  });

  it('nothing, for one that has ended', () => {
    const ended = shipping().reply(ShipmentCreated).expect(ConfirmOrder).reply(OrderConfirmed).endsAs('COMPLETED');
    expect(legalActions(placing, ended)).toEqual([]);
    expect(refusalOf(() => act(placing, ended, 'abandon'))).toMatchObject({ legal: [], because: 'it has ended' });
  });
});

describe('retry', () => {
  it('asks under the same command id with a fresh budget, and an answer to any ask counts', () => {
    const script = stuckRefunding().operator('retry', 'the provider is back').asksAgain().isNow('COMPENSATING');
    script.staysSilent().isNow('STUCK').operator('retry').asksAgain().reply(PaymentRefunded).expect(ReleaseStock);
    const { steps, operations } = script.instance();
    // Two asks, two more after the first retry, one after the second: the journal tells them all.
    expect(steps.find(({ name }) => name === 'charge')?.undo?.attempts).toBe(5);
    expect(operations).toMatchObject([
      { action: 'retry', reason: 'the provider is back', from: 'STUCK', step: 'charge', direction: 'undo' },
      { action: 'retry', from: 'STUCK' },
    ]);
  });

  it('has a bound, because the journal must', () => {
    const operations = Array.from({ length: RETRIES_MAX }, () => ({
      ...{ action: 'retry' as const, by: 'ops', reason: 'again', at: 1, from: 'STUCK' as const },
      ...{ step: 'charge', direction: 'undo' as const },
    }));
    const worn = { ...stuckRefunding().instance(), operations };
    expect(legalActions(placing, worn)).toEqual(['skip', 'abandon']);
  });
});

describe('skip', () => {
  it('goes on as if the compensation were answered; what comes late is ignored', () => {
    stuckRefunding()
      .operator('skip', 'refunded in the dashboard')
      .expect(ReleaseStock)
      .ignores(PaymentRefunded)
      .reply(StockReleased)
      .expect(RejectOrder)
      .reply(OrderRejected)
      .endsAs('COMPENSATED');
  });

  it('goes on as if the pivot had said yes', () => {
    const ended = stuckShipping().operator('skip').expect(ConfirmOrder).reply(OrderConfirmed).endsAs('COMPLETED');
    expect(ended.steps.find(({ name }) => name === 'ship')).toMatchObject({ state: 'done' });
    expect(ended.steps.find(({ name }) => name === 'ship')).not.toHaveProperty('answer');
  });

  it('is refused where a later command is written from the answer that there will not be', () => {
    const telling = saga('telling', { failures: ['shipment_refused'] }).startsOn(OrderPlaced, {
      version: 1,
      deadline: minutes(10),
      steps: [
        pivot('ship', {
          send: CreateShipment,
          done: ShipmentCreated,
          refused: ShipmentRefused,
          failure: ({ reason }) => ({ code: 'shipment_refused', message: reason }),
        }),
        retriable('confirm', {
          send: ConfirmOrder,
          done: OrderConfirmed,
          with: (_, { answer }) => ({ orderId: answer(ShipmentCreated).orderId }),
        }),
      ],
    });
    const instance = given(telling).startedBy(anOrder()).expect(CreateShipment).instance();
    expect(legalActions(telling, instance)).toEqual(['abandon']);
    expect(refusalOf(() => act(telling, instance, 'skip')).because).toContain('ShipmentCreated');
  });
});

describe('compensate', () => {
  it('turns back before the pivot, the awaited step included, and the customer is not told why', () => {
    reserving()
      .reply(StockReserved)
      .expect(ChargePayment)
      .operator('compensate', 'fraud, see INC-7')
      .expect(RefundPayment)
      .ignores(PaymentCharged)
      .reply(PaymentRefunded)
      .expect(ReleaseStock)
      .reply(StockReleased)
      .expect(RejectOrder, { failure: { code: 'timed_out', message: 'stopped by an operator, waiting for charge' } })
      .reply(OrderRejected)
      .endsAs('COMPENSATED', { code: 'timed_out' });
  });
});

describe('abandon', () => {
  const states = ({ steps }: SagaInstance) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));

  it('undoes nothing more, tells the order, and leaves what may be left in sight', () => {
    const script = stuckRefunding()
      .operator('abandon', 'the provider is bankrupt')
      .expect(RejectOrder, {
        failure: { code: 'shipment_refused' },
      });
    const ended = script.isNow('COMPENSATING').reply(OrderRejected).endsAs('ABANDONED', { code: 'shipment_refused' });
    expect(states(ended)).toEqual({
      reserve: 'abandoned',
      charge: 'abandoned',
      ship: 'refused',
      confirm: 'skipped',
      reject: 'done',
    });
    expect(ended.steps.some(({ armed }) => armed)).toBe(false);
  });

  it('of a silent pivot assumes nothing: it may have happened', () => {
    const ended = stuckShipping().operator('abandon').expect(RejectOrder).reply(OrderRejected).endsAs('ABANDONED');
    expect(states(ended)).toMatchObject({ reserve: 'abandoned', charge: 'abandoned', ship: 'abandoned' });
  });

  it('ends a saga whose last word nobody hears, without another command', () => {
    const script = stuckRefunding().operator('abandon').expect(RejectOrder).staysSilent().isNow('STUCK');
    const ended = script.operator('abandon').ignores(StockReleased).endsAs('ABANDONED');
    expect(states(ended)).toMatchObject({ charge: 'abandoned', reject: 'abandoned' });
    expect(ended.operations).toHaveLength(2);
  });

  it('is all that can be done to a saga whose definition is gone, and then nobody is told', () => {
    for (const script of [reserving(), stuckConfirming(), stuckRefunding()]) {
      const instance = script.instance();
      expect(legalActions(undefined, instance)).toEqual(['abandon']);
      const { commands, instance: ended } = act(undefined, instance, 'abandon');
      expect([commands, ended.status]).toEqual([[], 'ABANDONED']);
      expect(ended.steps.some(({ armed, state }) => armed || state === 'pending')).toBe(false);
      expect(refusalOf(() => act(undefined, instance, 'retry')).because).toContain('not registered');
    }
  });
});

describe('whatever an operator does, whenever', () => {
  const happenings = fc.array(fc.constantFrom('yes', 'no', 'silence', 'yes', 'silence', ...OPERATOR_ACTIONS), {
    maxLength: 40,
  });

  it('the saga stays sound, remembers it, decides the same again, and ends once everybody answers', () =>
    fc.assert(
      fc.property(happenings, (life) => {
        let instance = begin();
        for (const happening of life) instance = next(instance, happening);
        for (let left = 12; left > 0 && !hasEnded(instance); left -= 1) instance = next(instance, 'yes');
        expect(instance.status).toMatch(/^(COMPLETED|COMPENSATED|ABANDONED)$/);
        // What is left behind was left by somebody, on purpose.
        const abandoned = instance.steps.some(({ state }) => state === 'abandoned');
        expect(abandoned).toBe(instance.status === 'ABANDONED');
        if (abandoned) expect(instance.operations?.map(({ action }) => action)).toContain('abandon');
      }),
      { numRuns: 500 },
    ));

  const context = (now: number) => ({ now, newId: () => `id-${now}`, random: () => 0 });

  function begin(): SagaInstance {
    const start = message(OrderPlaced, anOrder(), { source: 'test' });
    return moved(decide(placing, undefined, { kind: 'start', message: start }, context(1)));
  }

  function next(instance: SagaInstance, happening: string): SagaInstance {
    if (hasEnded(instance)) return instance;
    const now = instance.updatedAt + 1;
    const { yes, no } = exchangeOf(placing, instance.awaiting);
    const { commandId } = instance.awaiting;
    const hear = (event: typeof yes) => {
      const told = { ...message(event, { reason: 'no' }, { source: 'test', commandId }), subject: instance.subject };
      return moved(decide(placing, instance, { kind: 'event', message: told }, context(now)));
    };
    if (happening === 'yes') return hear(yes);
    if (happening === 'no') return no ? hear(no.event) : instance;
    if (happening === 'silence') {
      const dueAt = timersOf(instance).step;
      if (dueAt === undefined) return instance;
      return moved(decide(placing, instance, { kind: 'timer', name: 'step', dueAt }, context(Math.max(now, dueAt))));
    }
    const action = happening as OperatorAction;
    const legal = legalActions(placing, instance).includes(action);
    const frozen = JSON.stringify(instance);
    if (!legal) expect(refusalOf(() => act(placing, instance, action, now)).action).toBe(action);
    const done = legal ? act(placing, instance, action, now) : undefined;
    expect(JSON.stringify(instance)).toBe(frozen);
    if (!done) return instance;
    expect(act(placing, instance, action, now)).toEqual(done);
    expect(done.commands.length).toBeLessThanOrEqual(1);
    expect(done.instance.operations).toHaveLength((instance.operations?.length ?? 0) + 1);
    assertSound(done.instance);
    return done.instance;
  }

  const moved = (decision: ReturnType<typeof decide>): SagaInstance => {
    if (decision.ignored) throw new Error(decision.ignored);
    assertSound(decision.instance);
    return decision.instance;
  };
});

function act(
  definition: SagaDefinition | undefined,
  instance: SagaInstance,
  action: OperatorAction,
  now = 1e13,
): Moved {
  let ids = 0;
  const newIds = () => `op-${now}-${(ids += 1)}`;
  return operate(
    definition,
    instance,
    { action, by: 'ops', reason: 'because' },
    { now, newId: newIds, random: () => 0 },
  );
}

function refusalOf(attempt: () => unknown): IllegalOperatorActionError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof IllegalOperatorActionError) return error;
    throw error;
  }
  throw new Error('it was legal');
}
