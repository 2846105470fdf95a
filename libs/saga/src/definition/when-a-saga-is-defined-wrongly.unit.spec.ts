import { describe, expect, it } from '@jest/globals';
import { command, event } from '@backstep/messages';
import { z } from 'zod';
import {
  compensatable,
  minutes,
  pivot,
  retriable,
  saga,
  SagaDefinitionError,
  seconds,
  type FailureCode,
  type SagaTable,
} from '../index.js';
import { given } from '../testing/index.js';
import {
  aCake,
  BakeCake,
  BinCake,
  CakeBaked,
  CakeBinned,
  CakeBurnt,
  CakeDecorated,
  CakeDelivered,
  CakeServed,
  CakeWished,
  DecorateCake,
  DeliverCake,
  DeliveryRefused,
  ServeCake,
  WishWithdrawn,
} from '../testing/bakery.fixture.spec.js';

/** Goal: a saga that cannot work stops the start of its service, and the error says which step breaks which rule. */
type Codes = FailureCode<'refused'>;
type Table = SagaTable<typeof CakeWished, Codes>;
type Steps = Table['steps'];

const refusal = () => ({ code: 'refused' as const, message: '' });
const baking = {
  refused: CakeBurnt,
  failure: refusal,
  undo: BinCake,
  undone: CakeBinned,
  timeout: seconds(1),
};
const delivery = { done: CakeDelivered, refused: DeliveryRefused, failure: refusal };

const bake = (name = 'bake', change: object = {}): Steps[number] =>
  compensatable<
    typeof CakeWished,
    typeof BakeCake,
    typeof CakeBaked,
    typeof CakeBurnt,
    typeof BinCake,
    typeof CakeBinned,
    Codes
  >(name, { send: BakeCake, done: CakeBaked, ...baking, ...change });
const deliver = (name = 'deliver', change: object = {}): Steps[number] =>
  pivot<typeof CakeWished, typeof DeliverCake, typeof CakeDelivered, typeof DeliveryRefused, Codes>(name, {
    send: DeliverCake,
    ...delivery,
    ...change,
  });
const serve = (name = 'serve', change: object = {}): Steps[number] =>
  retriable<typeof CakeWished, typeof ServeCake, typeof CakeServed>(name, {
    send: ServeCake,
    done: CakeServed,
    ...change,
  });

const define = (steps: Steps, change: Partial<Table> = {}, name = 'try') =>
  saga(name, { failures: ['refused'] }).startsOn(CakeWished, { version: 1, deadline: minutes(1), steps, ...change });

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof SagaDefinitionError) return error.problems;
    throw error;
  }
  return [];
}

const turnedBack = { event: WishWithdrawn, failure: refusal };
const onAnotherKey = event('counter', 'Withdrawn', { key: 'id', summary: '', data: z.object({ id: z.string() }) });

const notVersion2 = event('kitchen', 'CakeBaked', {
  version: 2,
  key: 'cakeId',
  summary: 'another',
  data: z.object({ cakeId: z.string() }),
});
const versionless = {
  ...command('counter', 'Odd', { key: 'id', summary: '', data: z.object({ id: z.string() }) }),
  version: 0,
};

describe('a saga that is defined wrongly', () => {
  it.each<[string, () => unknown]>([
    ['it has no steps', () => define([])],
    ['it has 51 steps; 50 are allowed', () => define(Array.from({ length: 51 }, (_, at) => serve(`step-${at}`)))],
    ['version must be a positive integer, not 0', () => define([serve()], { version: 0 })],
    ['deadline must be a positive number of milliseconds, not -1', () => define([serve()], { deadline: -1 })],
    ['its name must be lower case words with dashes, at most 64 characters', () => define([serve()], {}, 'Bake Cake')],
    ['second: a saga has at most one pivot', () => define([deliver(), deliver('second')])],
    ['bake: a compensatable step cannot follow a pivot step', () => define([deliver(), bake()])],
    ['bake: a compensatable step cannot follow a retriable step', () => define([serve(), bake()])],
    ['deliver: a pivot step cannot follow a retriable step', () => define([serve(), deliver()])],
    ['serve: the name is taken by another step', () => define([serve(), serve()])],
    ['serve: the name is taken by another step', () => define([serve()], { whenUndone: serve() as never })],
    ['deliver: whenUndone must be retriable', () => define([serve()], { whenUndone: deliver() as never })],
    ['identifiedBy: CakeWished has no field wish', () => define([serve()], { identifiedBy: 'wish' as never })],
    [
      'turnsBackOn must be an event; BakeCake is not',
      () => define([bake(), deliver()], { turnsBackOn: { ...turnedBack, event: BakeCake as never } }),
    ],
    [
      'turnsBackOn: CakeBaked starts the saga or answers a command of it, and cannot turn it back too',
      () => define([bake(), deliver()], { turnsBackOn: { ...turnedBack, event: CakeBaked } }),
    ],
    [
      'turnsBackOn: CakeWished starts the saga or answers a command of it, and cannot turn it back too',
      () => define([bake(), deliver()], { turnsBackOn: { ...turnedBack, event: CakeWished } }),
    ],
    [
      'turnsBackOn: the key of Withdrawn is id, and that of CakeWished is cakeId',
      () => define([bake(), deliver()], { turnsBackOn: { ...turnedBack, event: onAnotherKey } }),
    ],
    [
      'turnsBackOn: WishWithdrawn has no field street, which identifies the instance',
      () => define([bake(), deliver()], { turnsBackOn: turnedBack, identifiedBy: 'street' }),
    ],
    [
      'turnsBackOn: no step is compensatable, so nothing can turn the saga back',
      () => define([deliver(), serve()], { turnsBackOn: turnedBack }),
    ],
    ['bake: undo is missing', () => define([bake('bake', { undo: undefined })])],
    ['bake: undone is missing', () => define([bake('bake', { undone: undefined })])],
    ['bake: send must be a command; CakeBaked is not', () => define([bake('bake', { send: CakeBaked })])],
    ['bake: done must be an event; BakeCake is not', () => define([bake('bake', { done: BakeCake })])],
    ['bake: done and refused are the same event', () => define([bake('bake', { refused: CakeBaked })])],
    ['bake: undo must be a command; CakeBinned is not', () => define([bake('bake', { undo: CakeBinned })])],
    ['bake: timeout must be a positive number of milliseconds, not 0', () => define([bake('bake', { timeout: 0 })])],
    ['bake: retry.attempts must be 1 to 10000, not 0', () => define([bake('bake', { retry: { attempts: 0 } })])],
    [
      'bake: undoRetry.maxBackoff must not be below its backoff',
      () => define([bake('bake', { undoRetry: { maxBackoff: 1 } })]),
    ],
    [
      'deliver: refused is missing: a pivot that cannot be refused decides nothing',
      () => define([deliver('deliver', { refused: undefined })]),
    ],
    [
      'serve: retryAfter must be a positive number of milliseconds, not NaN',
      () => define([serve('serve', { retryAfter: NaN })]),
    ],
    ['serve: send: Odd has no valid version', () => define([serve('serve', { send: versionless })])],
    [
      'failures: Too late must be lower case words with underscores, at most 64 characters',
      () =>
        saga('try', { failures: ['refused', 'Too late'] }).startsOn(CakeWished, {
          version: 1,
          deadline: 1,
          steps: [serve()],
        }),
    ],
    ['CakeBaked is used in versions 1 and 2', () => define([bake(), serve('serve', { done: notVersion2 })])],
  ])('a wrong definition is refused: %s', (problem, act) => {
    expect(problemsOf(act)).toEqual([problem]);
  });

  it('the error of a wrong definition names the saga and all of its problems', () => {
    expect(() => define([serve(), bake('bake', { timeout: -5 })])).toThrow(
      /^saga try: bake: a compensatable step cannot .*; bake: timeout must be/,
    );
  });
});

describe('a saga that is defined well', () => {
  it('a definition may have steps of one kind only, and is frozen', () => {
    for (const step of [bake(), deliver(), serve()]) expect(problemsOf(() => define([step]))).toEqual([]);
    expect(Object.isFrozen(define([serve()]))).toBe(true);
  });

  /** Goal: wrong data do not compile. `npm run typecheck` is the assertion; nothing here is called. */
  it('the types of a definition follow from its messages', () => {
    const served = { send: ServeCake, done: CakeServed };
    const row = { send: BakeCake, done: CakeBaked, undo: BinCake, undone: CakeBinned, timeout: 1 };
    const wrong = () =>
      saga('wrong', { failures: ['refused'] }).startsOn(CakeWished, {
        version: 1,
        deadline: minutes(1),
        steps: [
          retriable('unknown-field', {
            ...served,
            // @ts-expect-error the wish has no `weight`
            with: (wish) => ({ cakeId: wish.weight }),
          }),
          retriable('missing-field', {
            ...served,
            // @ts-expect-error the command needs a cakeId
            with: () => ({}),
          }),
          // @ts-expect-error `icing` is not a field of the wish, so there must be a `with`
          retriable('missing-with', { send: DecorateCake, done: CakeDecorated }),
          // @ts-expect-error a refusal needs a failure
          compensatable('no-failure', { ...row, refused: CakeBurnt }),
          // @ts-expect-error an event cannot be sent
          compensatable('event-sent', { ...row, send: CakeBaked }),
          // @ts-expect-error nor can one undo anything
          compensatable('event-undoes', { ...row, undo: CakeBinned }),
          // @ts-expect-error a command is no answer
          retriable('command-answers', { send: ServeCake, done: BakeCake }),
          // @ts-expect-error the saga does not declare this code
          pivot('no-such-code', { send: DeliverCake, ...delivery, failure: () => ({ code: 'bored', message: '' }) }),
        ],
      });
    expect(wrong).toBeInstanceOf(Function);
  });

  /** Goal: a saga fails only with codes that it declares. `npm run typecheck` is the assertion here too. */
  it('the failure codes of a definition follow from its declaration', () => {
    const table = { version: 1, deadline: minutes(1) };
    const delivered = { send: DeliverCake, ...delivery };
    const Told = command('counter', 'Tell', {
      key: 'cakeId',
      summary: '',
      data: z.object({ cakeId: z.string(), why: z.enum(['late', 'timed_out']) }),
    });
    const telling = { send: Told, done: CakeServed };
    const undeclared = () =>
      saga('undeclared').startsOn(CakeWished, {
        ...table,
        // @ts-expect-error a saga that declares no code fails only with the engine's own
        steps: [pivot('deliver', { ...delivered, failure: () => ({ code: 'late', message: '' }) })],
      });
    const untold = () =>
      saga('untold', { failures: ['late', 'lost'] }).startsOn(CakeWished, {
        ...table,
        steps: [pivot('deliver', { ...delivered, failure: () => ({ code: 'late', message: '' }) })],
        whenUndone: retriable('tell', {
          ...telling,
          // @ts-expect-error the command knows no `lost`
          with: ({ cakeId }, { failure: { code } }) => ({ cakeId, why: code }),
        }),
      });
    const told = saga('told', { failures: ['late'] }).startsOn(CakeWished, {
      ...table,
      steps: [
        pivot('deliver', { ...delivered, failure: ({ reason }) => ({ code: 'late', message: reason }) }),
        retriable('serve', { send: ServeCake, done: CakeServed }),
      ],
      whenUndone: retriable('tell', {
        ...telling,
        with: ({ cakeId }, { failure: { code } }) => ({ cakeId, why: code }),
      }),
    });
    expect([undeclared, untold].every((wrong) => wrong instanceof Function)).toBe(true);
    given(told)
      .startedBy(aCake())
      .expect(DeliverCake)
      .reply(DeliveryRefused, { reason: 'the road is closed' })
      .expect(Told, { why: 'late' })
      .reply(CakeServed)
      .endsAs('COMPENSATED', { code: 'late', message: 'the road is closed' });
  });
});
