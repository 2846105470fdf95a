import { describe, expect, it } from '@jest/globals';
import { ChargePayment, ConfirmOrder, CreateShipment, OrderConfirmed, OrderPlaced, PaymentCharged, ReleaseStock, ReserveStock, ShipmentCreated, ShipmentRefused, StockRejected, StockReleased, StockReserved } from '@backstep/contracts';
import { command, event } from '@backstep/messages';
import { anOrder } from '@backstep/contracts/testing';
import { z } from 'zod';
import {
  compensatable,
  minutes,
  pivot,
  retriable,
  saga,
  SagaDefinitionError,
  sagaRegistry,
  seconds,
  UnknownSagaVersionError,
  type FailureCode,
  type SagaTable,
} from '../index.js';
import { given } from '../testing/index.js';

/** Goal: a saga that cannot work keeps the service from starting, and the error says which step breaks which rule. */
type Codes = FailureCode<'refused'>;
type Table = SagaTable<typeof OrderPlaced, Codes>;
type Steps = Table['steps'];

const refusal = () => ({ code: 'refused' as const, message: '' });
const stock = {
  refused: StockRejected,
  failure: refusal,
  undo: ReleaseStock,
  undone: StockReleased,
  timeout: seconds(1),
};
const carrier = { done: ShipmentCreated, refused: ShipmentRefused, failure: refusal };

const reserve = (name = 'reserve', change: object = {}): Steps[number] =>
  compensatable<
    typeof OrderPlaced,
    typeof ReserveStock,
    typeof StockReserved,
    typeof StockRejected,
    typeof ReleaseStock,
    typeof StockReleased,
    Codes
  >(name, { send: ReserveStock, done: StockReserved, ...stock, ...change });
const ship = (name = 'ship', change: object = {}): Steps[number] =>
  pivot<typeof OrderPlaced, typeof CreateShipment, typeof ShipmentCreated, typeof ShipmentRefused, Codes>(name, {
    send: CreateShipment,
    ...carrier,
    ...change,
  });
const confirm = (name = 'confirm', change: object = {}): Steps[number] =>
  retriable<typeof OrderPlaced, typeof ConfirmOrder, typeof OrderConfirmed>(name, {
    send: ConfirmOrder,
    done: OrderConfirmed,
    ...change,
  });

const define = (steps: Steps, change: Partial<Table> = {}, name = 'try') =>
  saga(name, { failures: ['refused'] }).startsOn(OrderPlaced, { version: 1, deadline: minutes(1), steps, ...change });

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof SagaDefinitionError) return error.problems;
    throw error;
  }
  return [];
}

const notVersion2 = event('inventory', 'StockReserved', {
  version: 2,
  key: 'orderId',
  summary: 'another',
  data: z.object({ orderId: z.string() }),
});
const versionless = {
  ...command('order', 'Odd', { key: 'id', summary: '', data: z.object({ id: z.string() }) }),
  version: 0,
};

describe('a saga that is defined wrongly', () => {
  it.each<[string, () => unknown]>([
    ['it has no steps', () => define([])],
    ['it has 51 steps; 50 are allowed', () => define(Array.from({ length: 51 }, (_, at) => confirm(`step-${at}`)))],
    ['version must be a positive integer, not 0', () => define([confirm()], { version: 0 })],
    ['deadline must be a positive number of milliseconds, not -1', () => define([confirm()], { deadline: -1 })],
    [
      'its name must be lower case words with dashes, at most 64 characters',
      () => define([confirm()], {}, 'Place Order'),
    ],
    ['second: a saga has at most one pivot', () => define([ship(), ship('second')])],
    ['reserve: a compensatable step cannot follow a pivot step', () => define([ship(), reserve()])],
    ['reserve: a compensatable step cannot follow a retriable step', () => define([confirm(), reserve()])],
    ['ship: a pivot step cannot follow a retriable step', () => define([confirm(), ship()])],
    ['confirm: the name is taken by another step', () => define([confirm(), confirm()])],
    ['confirm: the name is taken by another step', () => define([confirm()], { whenUndone: confirm() as never })],
    ['ship: whenUndone must be retriable', () => define([confirm()], { whenUndone: ship() as never })],
    ['reserve: undo is missing', () => define([reserve('reserve', { undo: undefined })])],
    ['reserve: undone is missing', () => define([reserve('reserve', { undone: undefined })])],
    [
      'reserve: send must be a command; StockReserved is not',
      () => define([reserve('reserve', { send: StockReserved })]),
    ],
    ['reserve: done must be an event; ReserveStock is not', () => define([reserve('reserve', { done: ReserveStock })])],
    ['reserve: done and refused are the same event', () => define([reserve('reserve', { refused: StockReserved })])],
    [
      'reserve: undo must be a command; StockReleased is not',
      () => define([reserve('reserve', { undo: StockReleased })]),
    ],
    [
      'reserve: timeout must be a positive number of milliseconds, not 0',
      () => define([reserve('reserve', { timeout: 0 })]),
    ],
    [
      'reserve: retry.attempts must be 1 to 10000, not 0',
      () => define([reserve('reserve', { retry: { attempts: 0 } })]),
    ],
    [
      'reserve: undoRetry.maxBackoff must not be below its backoff',
      () => define([reserve('reserve', { undoRetry: { maxBackoff: 1 } })]),
    ],
    [
      'ship: refused is missing: a pivot that cannot be refused decides nothing',
      () => define([ship('ship', { refused: undefined })]),
    ],
    [
      'confirm: askAgainAfter must be a positive number of milliseconds, not NaN',
      () => define([confirm('confirm', { askAgainAfter: NaN })]),
    ],
    ['confirm: send: Odd has no valid version', () => define([confirm('confirm', { send: versionless })])],
    [
      'failures: Too late must be lower case words with underscores, at most 64 characters',
      () =>
        saga('try', { failures: ['refused', 'Too late'] }).startsOn(OrderPlaced, {
          version: 1,
          deadline: 1,
          steps: [confirm()],
        }),
    ],
    ['StockReserved is used in versions 1 and 2', () => define([reserve(), confirm('confirm', { done: notVersion2 })])],
  ])('is refused: %s', (problem, act) => {
    expect(problemsOf(act)).toEqual([problem]);
  });

  it('is told everything at once, and which saga it is', () => {
    expect(() => define([confirm(), reserve('reserve', { timeout: -5 })])).toThrow(
      /^saga try: reserve: a compensatable step cannot .*; reserve: timeout must be/,
    );
  });
});

describe('a saga that is defined well', () => {
  it('may be of any one kind of step, and cannot be changed', () => {
    for (const step of [reserve(), ship(), confirm()]) expect(problemsOf(() => define([step]))).toEqual([]);
    expect(Object.isFrozen(define([confirm()]))).toBe(true);
  });

  /** Goal: wrong data does not compile. `npm run typecheck` is the assertion; nothing here is called. */
  it('has its types from its messages', () => {
    const confirmed = { send: ConfirmOrder, done: OrderConfirmed };
    const row = { send: ReserveStock, done: StockReserved, undo: ReleaseStock, undone: StockReleased, timeout: 1 };
    const wrong = () =>
      saga('wrong', { failures: ['refused'] }).startsOn(OrderPlaced, {
        version: 1,
        deadline: minutes(1),
        steps: [
          retriable('unknown-field', {
            ...confirmed,
            // @ts-expect-error the order has no `quantity`
            with: (order) => ({ orderId: order.quantity }),
          }),
          retriable('missing-field', {
            ...confirmed,
            // @ts-expect-error the command needs an orderId
            with: () => ({}),
          }),
          // @ts-expect-error `amount` is not a field of the order, so there must be a `with`
          retriable('missing-with', { send: ChargePayment, done: PaymentCharged }),
          // @ts-expect-error a refusal needs a meaning
          compensatable('no-failure', { ...row, refused: StockRejected }),
          // @ts-expect-error an event cannot be sent
          compensatable('event-sent', { ...row, send: StockReserved }),
          // @ts-expect-error nor can one undo anything
          compensatable('event-undoes', { ...row, undo: StockReleased }),
          // @ts-expect-error a command answers nothing
          retriable('command-answers', { send: ConfirmOrder, done: ReserveStock }),
          // @ts-expect-error the saga does not declare this code
          pivot('no-such-code', { send: CreateShipment, ...carrier, failure: () => ({ code: 'bored', message: '' }) }),
        ],
      });
    expect(wrong).toBeInstanceOf(Function);
  });

  /** Goal: a saga fails with what it declares, and with nothing else. `npm run typecheck` is the assertion here too. */
  it('has its failure codes from its declaration', () => {
    const table = { version: 1, deadline: minutes(1) };
    const shipped = { send: CreateShipment, ...carrier };
    const Told = command('order', 'Tell', {
      key: 'orderId',
      summary: '',
      data: z.object({ orderId: z.string(), why: z.enum(['late', 'timed_out']) }),
    });
    const telling = { send: Told, done: OrderConfirmed };
    const undeclared = () =>
      saga('undeclared').startsOn(OrderPlaced, {
        ...table,
        // @ts-expect-error a saga that declares no code fails with the engine's own only
        steps: [pivot('ship', { ...shipped, failure: () => ({ code: 'late', message: '' }) })],
      });
    const untold = () =>
      saga('untold', { failures: ['late', 'lost'] }).startsOn(OrderPlaced, {
        ...table,
        steps: [pivot('ship', { ...shipped, failure: () => ({ code: 'late', message: '' }) })],
        whenUndone: retriable('tell', {
          ...telling,
          // @ts-expect-error the command knows no `lost`
          with: ({ orderId }, { failure: { code } }) => ({ orderId, why: code }),
        }),
      });
    const told = saga('told', { failures: ['late'] }).startsOn(OrderPlaced, {
      ...table,
      steps: [
        pivot('ship', { ...shipped, failure: ({ reason }) => ({ code: 'late', message: reason }) }),
        retriable('confirm', { send: ConfirmOrder, done: OrderConfirmed }),
      ],
      whenUndone: retriable('tell', {
        ...telling,
        with: ({ orderId }, { failure: { code } }) => ({ orderId, why: code }),
      }),
    });
    expect([undeclared, untold].every((wrong) => wrong instanceof Function)).toBe(true);
    given(told)
      .startedBy(anOrder())
      .expect(CreateShipment)
      .reply(ShipmentRefused, { reason: 'the road is closed' })
      .expect(Told, { why: 'late' })
      .reply(OrderConfirmed)
      .endsAs('COMPENSATED', { code: 'late', message: 'the road is closed' });
  });
});

describe('the registry', () => {
  const first = define([confirm()]);
  const second = define([reserve(), confirm()], { version: 2 });
  const registry = sagaRegistry([second, first]);
  const placed = { type: 'OrderPlaced', version: 1 };

  it('starts the newest version and finishes each instance on its own', () => {
    expect(registry.startedBy(placed)).toEqual([second]);
    expect(registry.startedBy({ type: 'OrderPlaced', version: 2 })).toEqual([]);
    expect(registry.definitionOf({ name: 'try', definitionVersion: 1 })).toBe(first);
  });

  it('starts, for each version of the event that starts it, the newest version that this one starts', () => {
    const placedV2 = event('order', 'OrderPlaced', {
      version: 2,
      key: 'orderId',
      summary: '',
      data: OrderPlaced.schema,
    });
    const third = saga('try', { failures: ['refused'] }).startsOn(placedV2, {
      version: 3,
      deadline: minutes(1),
      steps: [confirm()],
    });
    const both = sagaRegistry([second, third, first]);
    expect([1, 2, 3].map((version) => both.startedBy({ type: 'OrderPlaced', version }))).toEqual([
      [second],
      [third],
      [],
    ]);
    expect(both.events.filter(({ name }) => name === 'OrderPlaced').map(({ version }) => version)).toEqual([1, 2]);
  });

  it('names the version that is missing', () => {
    expect(() => registry.definitionOf({ name: 'try', definitionVersion: 3 })).toThrow(
      new UnknownSagaVersionError('try', 3, [1, 2]),
    );
    expect(() => registry.definitionOf({ name: 'other', definitionVersion: 1 })).toThrow(/no version of it is/);
  });

  it('lists every event to listen to, once', () => {
    expect(registry.events.map(({ name }) => name)).toEqual([
      'OrderPlaced',
      'StockReserved',
      'StockRejected',
      'StockReleased',
      'OrderConfirmed',
    ]);
  });

  it('refuses one version twice', () => {
    expect(problemsOf(() => sagaRegistry([first, first]))).toEqual(['version 1 is registered twice']);
  });
});
