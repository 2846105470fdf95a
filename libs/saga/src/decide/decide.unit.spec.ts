import { describe, expect, it } from '@jest/globals';
import {
  ChargePayment,
  ConfirmOrder,
  OrderConfirmed,
  OrderPlaced,
  PaymentCharged,
  PaymentDeclined,
  PaymentRefunded,
  RefundPayment,
} from '@backstep/contracts';
import { message, newId, type DataOf, type MessageDefinition } from '@backstep/messages';
import {
  compensatable,
  decide,
  hasEnded,
  minutes,
  retriable,
  saga,
  SagaDefinitionError,
  sagaIdFor,
  seconds,
  timersOf,
  UnknownSagaVersionError,
  type DecideContext,
  type FailureCode,
  type SagaInput,
  type SagaInstance,
} from '../index.js';
import { sampleOf } from '../testing/sample.js';

/** Goal: what a decision says, to the letter, where scripts do not look: ids, timers, reasons, data. */
const shippingAddress = { name: 'Ada', line1: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const items = [{ sku: 'MUG', quantity: 1, unitPrice: 100 }];
const placed = sampleOf(OrderPlaced, { currency: 'EUR', total: 100, shippingAddress, items });
const { orderId } = placed;

const charge = compensatable<
  typeof OrderPlaced,
  typeof ChargePayment,
  typeof PaymentCharged,
  typeof PaymentDeclined,
  typeof RefundPayment,
  typeof PaymentRefunded,
  FailureCode<'payment_declined'>
>('charge', {
  send: ChargePayment,
  with: (order) => ({ orderId: order.orderId, amount: order.total, currency: order.currency, paymentMethod: 'card' }),
  done: PaymentCharged,
  refused: PaymentDeclined,
  failure: ({ message: why }) => ({ code: 'payment_declined', message: why.repeat(100) }),
  undo: RefundPayment,
  undone: PaymentRefunded,
  timeout: seconds(10),
  retry: { attempts: 2 },
});
const confirm = retriable<typeof OrderPlaced, typeof ConfirmOrder, typeof OrderConfirmed>('confirm', {
  send: ConfirmOrder,
  done: OrderConfirmed,
});
const payAndConfirm = saga('pay-and-confirm', { failures: ['payment_declined'] }).startsOn(OrderPlaced, {
  version: 1,
  deadline: minutes(10),
  steps: [charge, confirm],
});

const NOON = Date.UTC(2030, 0, 1, 12);
const at = (now: number): DecideContext => ({ now, newId, random: () => 0.5 });
const start: SagaInput = { kind: 'start', message: message(OrderPlaced, placed, { source: 'test' }) };
const begun = decide(payAndConfirm, undefined, start, at(NOON));

function instanceOf({ instance }: { readonly instance: SagaInstance | undefined }): SagaInstance {
  if (!instance) throw new Error('there is no instance');
  return instance;
}

function answerTo<D extends MessageDefinition>(
  instance: SagaInstance,
  definition: D,
  data: Partial<DataOf<D>> = {},
): SagaInput {
  if (hasEnded(instance)) throw new Error('it has ended');
  const { commandId } = instance.awaiting;
  return {
    kind: 'event',
    message: message(definition, sampleOf(definition, data, placed), { source: 'test', commandId }),
  };
}

describe('the start', () => {
  it('gives a saga whose id follows from its subject, its first command and both timers', () => {
    expect(begun).toEqual({
      instance: {
        id: sagaIdFor(payAndConfirm, orderId),
        name: 'pay-and-confirm',
        definitionVersion: 1,
        subject: orderId,
        start: placed,
        startedAt: NOON,
        updatedAt: NOON,
        deadlineAt: NOON + minutes(10),
        steps: [
          { name: 'charge', kind: 'compensatable', state: 'sent', armed: true, attempts: 1, sentAt: NOON },
          { name: 'confirm', kind: 'retriable', state: 'pending', armed: false, attempts: 0 },
        ],
        status: 'RUNNING',
        awaiting: {
          step: 'charge',
          direction: 'forward',
          commandId: expect.any(String),
          attempts: 1,
          dueAt: NOON + 10_500,
        },
      },
      commands: [
        {
          definition: ChargePayment,
          data: { orderId, amount: 100, currency: 'EUR', paymentMethod: 'card' },
          commandId: expect.any(String),
          sagaId: sagaIdFor(payAndConfirm, orderId),
          step: 'charge',
          direction: 'forward',
          attempt: 1,
        },
      ],
      timers: { step: NOON + 10_500, deadline: NOON + minutes(10) },
    });
  });

  it('is no start when another event, another version of it, or something else comes first', () => {
    const another: SagaInput = { kind: 'start', message: message(OrderConfirmed, { orderId }, { source: 'test' }) };
    const newer: SagaInput = {
      kind: 'start',
      message: { ...message(OrderPlaced, placed, { source: 'test' }), version: 2 },
    };
    const timer: SagaInput = { kind: 'timer', name: 'step', dueAt: NOON };
    for (const input of [another, newer, timer]) {
      expect(decide(payAndConfirm, undefined, input, at(NOON))).toMatchObject({
        ignored: 'no_such_saga',
        instance: undefined,
      });
    }
  });
});

describe('what is ignored', () => {
  const instance = instanceOf(begun);
  const timer = (dueAt: number, name: 'step' | 'deadline' = 'step'): SagaInput => ({ kind: 'timer', name, dueAt });
  const foreign = message(PaymentCharged, sampleOf(PaymentCharged, {}, placed), { source: 'test', commandId: newId() });
  const uncalledFor = message(PaymentCharged, sampleOf(PaymentCharged, {}, placed), { source: 'test' });
  const charged = answerTo(instance, PaymentCharged);
  const newerAnswer: SagaInput =
    charged.kind === 'event' ? { kind: 'event', message: { ...charged.message, version: 2 } } : charged;

  it.each<[string, SagaInput, number]>([
    ['already_started', start, NOON],
    ['not_awaited', { kind: 'event', message: foreign }, NOON],
    ['not_awaited', { kind: 'event', message: uncalledFor }, NOON],
    ['not_an_answer', answerTo(instance, PaymentRefunded), NOON],
    ['not_an_answer', newerAnswer, NOON],
    ['stale_timer', timer(NOON + 10_499), NOON + minutes(1)],
    ['stale_timer', timer(NOON + 10_500, 'deadline'), NOON + minutes(1)],
    ['not_due', timer(NOON + 10_500), NOON + 10_499],
    ['not_due', timer(NOON + minutes(10), 'deadline'), NOON + minutes(10) - 1],
  ])('is named, leaves the very same instance, its timers and no commands: %s', (ignored, input, now) => {
    const decision = decide(payAndConfirm, instance, input, at(now));
    expect(decision).toMatchObject({ ignored, commands: [], timers: timersOf(instance) });
    expect(decision.instance).toBe(instance);
  });

  it('is everything, once the saga has ended', () => {
    const confirming = instanceOf(decide(payAndConfirm, instance, charged, at(NOON)));
    const confirmed = answerTo(confirming, OrderConfirmed);
    const ended = instanceOf(decide(payAndConfirm, confirming, confirmed, at(NOON + 7)));
    expect(ended).toMatchObject({ status: 'COMPLETED', endedAt: NOON + 7 });
    expect(timersOf(ended)).toEqual({});
    for (const input of [confirmed, charged, timer(NOON), timer(NOON + minutes(10), 'deadline')]) {
      expect(decide(payAndConfirm, ended, input, at(NOON + minutes(20)))).toMatchObject({ ignored: 'ended' });
    }
  });
});

describe('an answer', () => {
  it('is kept, and is there for the commands after it', () => {
    const told: string[] = [];
    const peeking = saga('peeking', { failures: ['payment_declined'] }).startsOn(OrderPlaced, {
      version: 1,
      deadline: minutes(1),
      steps: [
        charge,
        retriable('confirm', {
          send: ConfirmOrder,
          done: OrderConfirmed,
          with: (order, { answer }) => {
            told.push(answer(PaymentCharged).providerReference);
            return { orderId: order.orderId };
          },
        }),
      ],
    });
    const instance = instanceOf(decide(peeking, undefined, start, at(NOON)));
    const input = answerTo(instance, PaymentCharged, { providerReference: 'ch_1' });
    expect(instanceOf(decide(peeking, instance, input, at(NOON))).steps[0]?.answer).toMatchObject({
      providerReference: 'ch_1',
    });
    expect(told).toEqual(['ch_1']);
  });

  it('that no earlier step can have got is a mistake in the table', () => {
    const wrong = saga('wrong').startsOn(OrderPlaced, {
      version: 1,
      deadline: minutes(1),
      steps: [
        retriable('confirm', {
          send: ConfirmOrder,
          done: OrderConfirmed,
          with: (_order, { answer }) => ({ orderId: answer(PaymentCharged).orderId }),
        }),
      ],
    });
    expect(() => decide(wrong, undefined, start, at(NOON))).toThrow(SagaDefinitionError);
  });

  it('may be missing where a step that timed out is undone', () => {
    const seen: unknown[] = [];
    const undoing = saga('undoing').startsOn(OrderPlaced, {
      version: 1,
      deadline: minutes(1),
      steps: [
        compensatable('confirm', {
          send: ConfirmOrder,
          done: OrderConfirmed,
          undo: RefundPayment,
          undoWith: (order, { answer, failure }) => {
            seen.push(answer(OrderConfirmed), failure.code);
            return { orderId: order.orderId };
          },
          undone: PaymentRefunded,
          timeout: seconds(1),
          retry: { attempts: 1 },
        }),
      ],
    });
    const instance = instanceOf(decide(undoing, undefined, start, at(NOON)));
    const late: SagaInput = { kind: 'timer', name: 'step', dueAt: NOON + seconds(1) };
    const back = instanceOf(decide(undoing, instance, late, at(NOON + seconds(1))));
    expect(seen).toEqual([undefined, 'timed_out']);
    expect(decide(undoing, back, answerTo(back, PaymentRefunded), at(NOON))).toMatchObject({
      instance: { status: 'COMPENSATED' },
    });
  });
});

describe('a refusal', () => {
  it('of the first step, with nobody to tell, is the end; and its message keeps the contract', () => {
    const instance = instanceOf(begun);
    const decision = decide(
      payAndConfirm,
      instance,
      answerTo(instance, PaymentDeclined, { message: 'no money. ' }),
      at(NOON),
    );
    expect(decision).toMatchObject({ instance: { status: 'COMPENSATED' }, commands: [], timers: {} });
    expect(decision.instance?.steps.map(({ state }) => state)).toEqual(['refused', 'skipped']);
    expect(decision.instance).toMatchObject({ failure: { message: 'no money. '.repeat(50) } });
  });
});

describe('an instance of another version', () => {
  const instance = { ...instanceOf(begun), definitionVersion: 2 };

  it('is not decided', () => {
    const timer: SagaInput = { kind: 'timer', name: 'step', dueAt: NOON };
    expect(() => decide(payAndConfirm, instance, timer, at(NOON))).toThrow(UnknownSagaVersionError);
  });

  it('is started all the same, when its event is published again after a deployment', () => {
    expect(decide(payAndConfirm, instance, start, at(NOON))).toMatchObject({ ignored: 'already_started' });
  });
});
