import { describe, expect, it } from '@jest/globals';
import { message, newId, type DataOf, type EventDefinition } from '@backstep/messages';
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
import {
  aCake,
  CakeDecorated,
  CakeScraped,
  CakeServed,
  CakeWished,
  DecorateCake,
  DecorationRefused,
  ScrapeCake,
  ServeCake,
} from '../testing/bakery.fixture.spec.js';

/** Goal: the details of a decision that scripts do not check: ids, timers, reasons, data. */
const wish = aCake();
const { cakeId } = wish;

const decorate = compensatable<
  typeof CakeWished,
  typeof DecorateCake,
  typeof CakeDecorated,
  typeof DecorationRefused,
  typeof ScrapeCake,
  typeof CakeScraped,
  FailureCode<'no_artist'>
>('decorate', {
  send: DecorateCake,
  with: (cake) => ({ cakeId: cake.cakeId, icing: `${cake.topping} on ${cake.layers}` }),
  done: CakeDecorated,
  refused: DecorationRefused,
  failure: ({ reason }) => ({ code: 'no_artist', message: reason.repeat(100) }),
  undo: ScrapeCake,
  undone: CakeScraped,
  timeout: seconds(10),
  retry: { attempts: 2 },
});
const serve = retriable<typeof CakeWished, typeof ServeCake, typeof CakeServed>('serve', {
  send: ServeCake,
  done: CakeServed,
});
const decorateAndServe = saga('decorate-and-serve', { failures: ['no_artist'] }).startsOn(CakeWished, {
  version: 1,
  deadline: minutes(10),
  steps: [decorate, serve],
});

const NOON = Date.UTC(2030, 0, 1, 12);
const at = (now: number): DecideContext => ({ now, newId, random: () => 0.5 });
const start: SagaInput = { kind: 'start', message: message(CakeWished, wish, { source: 'test' }) };
const begun = decide(decorateAndServe, undefined, start, at(NOON));

function instanceOf({ instance }: { readonly instance: SagaInstance | undefined }): SagaInstance {
  if (!instance) throw new Error('there is no instance');
  return instance;
}

function answerTo<D extends EventDefinition>(
  instance: SagaInstance,
  definition: D,
  data: Partial<DataOf<D>> = {},
): SagaInput {
  if (hasEnded(instance)) throw new Error('it has ended');
  const { commandId } = instance.awaiting;
  return {
    kind: 'event',
    message: message(definition, sampleOf(definition, data, wish), { source: 'test', commandId }),
  };
}

describe('the start', () => {
  it('a start makes an instance whose id follows from its subject, its first command and both timers', () => {
    expect(begun).toEqual({
      instance: {
        id: sagaIdFor(decorateAndServe, cakeId),
        name: 'decorate-and-serve',
        definitionVersion: 1,
        subject: cakeId,
        start: wish,
        startedAt: NOON,
        updatedAt: NOON,
        deadlineAt: NOON + minutes(10),
        steps: [
          { name: 'decorate', kind: 'compensatable', state: 'sent', armed: true, attempts: 1, sentAt: NOON },
          { name: 'serve', kind: 'retriable', state: 'pending', armed: false, attempts: 0 },
        ],
        status: 'RUNNING',
        awaiting: {
          step: 'decorate',
          direction: 'forward',
          commandId: expect.any(String),
          attempts: 1,
          dueAt: NOON + 10_500,
        },
      },
      commands: [
        {
          definition: DecorateCake,
          data: { cakeId, icing: 'cherries on 2' },
          commandId: expect.any(String),
          sagaId: sagaIdFor(decorateAndServe, cakeId),
          step: 'decorate',
          direction: 'forward',
          attempt: 1,
        },
      ],
      timers: { step: NOON + 10_500, deadline: NOON + minutes(10) },
    });
  });

  it('a saga does not start when another event, another version of it, or something else comes first', () => {
    const another: SagaInput = { kind: 'start', message: message(CakeServed, { cakeId }, { source: 'test' }) };
    const newer: SagaInput = {
      kind: 'start',
      message: { ...message(CakeWished, wish, { source: 'test' }), version: 2 },
    };
    const timer: SagaInput = { kind: 'timer', name: 'step', dueAt: NOON };
    for (const input of [another, newer, timer]) {
      expect(decide(decorateAndServe, undefined, input, at(NOON))).toMatchObject({
        ignored: 'no_such_saga',
        instance: undefined,
      });
    }
  });
});

describe('what is ignored', () => {
  const instance = instanceOf(begun);
  const timer = (dueAt: number, name: 'step' | 'deadline' = 'step'): SagaInput => ({ kind: 'timer', name, dueAt });
  const foreign = message(CakeDecorated, sampleOf(CakeDecorated, {}, wish), { source: 'test', commandId: newId() });
  const uncalledFor = message(CakeDecorated, sampleOf(CakeDecorated, {}, wish), { source: 'test' });
  const decorated = answerTo(instance, CakeDecorated);
  const newerAnswer: SagaInput =
    decorated.kind === 'event' ? { kind: 'event', message: { ...decorated.message, version: 2 } } : decorated;

  it.each<[string, SagaInput, number]>([
    ['already_started', start, NOON],
    ['not_awaited', { kind: 'event', message: foreign }, NOON],
    ['not_awaited', { kind: 'event', message: uncalledFor }, NOON],
    ['not_an_answer', answerTo(instance, CakeScraped), NOON],
    ['not_an_answer', newerAnswer, NOON],
    ['stale_timer', timer(NOON + 10_499), NOON + minutes(1)],
    ['stale_timer', timer(NOON + 10_500, 'deadline'), NOON + minutes(1)],
    ['not_due', timer(NOON + 10_500), NOON + 10_499],
    ['not_due', timer(NOON + minutes(10), 'deadline'), NOON + minutes(10) - 1],
  ])('an ignored input is named and changes neither instance nor timers: %s', (ignored, input, now) => {
    const decision = decide(decorateAndServe, instance, input, at(now));
    expect(decision).toMatchObject({ ignored, commands: [], timers: timersOf(instance) });
    expect(decision.instance).toBe(instance);
  });

  it('every input is ignored once the saga has ended', () => {
    const serving = instanceOf(decide(decorateAndServe, instance, decorated, at(NOON)));
    const served = answerTo(serving, CakeServed);
    const ended = instanceOf(decide(decorateAndServe, serving, served, at(NOON + 7)));
    expect(ended).toMatchObject({ status: 'COMPLETED', endedAt: NOON + 7 });
    expect(timersOf(ended)).toEqual({});
    for (const input of [served, decorated, timer(NOON), timer(NOON + minutes(10), 'deadline')]) {
      expect(decide(decorateAndServe, ended, input, at(NOON + minutes(20)))).toMatchObject({ ignored: 'ended' });
    }
  });
});

describe('an answer', () => {
  it('an answer is kept, and later commands can be written from it', () => {
    const told: string[] = [];
    const peeking = saga('peeking', { failures: ['no_artist'] }).startsOn(CakeWished, {
      version: 1,
      deadline: minutes(1),
      steps: [
        decorate,
        retriable('serve', {
          send: ServeCake,
          done: CakeServed,
          with: (cake, { answer }) => {
            told.push(answer(CakeDecorated).artist);
            return { cakeId: cake.cakeId };
          },
        }),
      ],
    });
    const instance = instanceOf(decide(peeking, undefined, start, at(NOON)));
    const input = answerTo(instance, CakeDecorated, { artist: 'Ada' });
    expect(instanceOf(decide(peeking, instance, input, at(NOON))).steps[0]?.answer).toMatchObject({
      artist: 'Ada',
    });
    expect(told).toEqual(['Ada']);
  });

  it('a command written from an answer that no earlier step has is an error of the table', () => {
    const wrong = saga('wrong').startsOn(CakeWished, {
      version: 1,
      deadline: minutes(1),
      steps: [
        retriable('serve', {
          send: ServeCake,
          done: CakeServed,
          with: (_cake, { answer }) => ({ cakeId: answer(CakeDecorated).cakeId }),
        }),
      ],
    });
    expect(() => decide(wrong, undefined, start, at(NOON))).toThrow(SagaDefinitionError);
  });

  it('an answer may be missing when a step that timed out is undone', () => {
    const seen: unknown[] = [];
    const undoing = saga('undoing').startsOn(CakeWished, {
      version: 1,
      deadline: minutes(1),
      steps: [
        compensatable('serve', {
          send: ServeCake,
          done: CakeServed,
          undo: ScrapeCake,
          undoWith: (cake, { answer, failure }) => {
            seen.push(answer(CakeServed), failure.code);
            return { cakeId: cake.cakeId };
          },
          undone: CakeScraped,
          timeout: seconds(1),
          retry: { attempts: 1 },
        }),
      ],
    });
    const instance = instanceOf(decide(undoing, undefined, start, at(NOON)));
    const late: SagaInput = { kind: 'timer', name: 'step', dueAt: NOON + seconds(1) };
    const back = instanceOf(decide(undoing, instance, late, at(NOON + seconds(1))));
    expect(seen).toEqual([undefined, 'timed_out']);
    expect(decide(undoing, back, answerTo(back, CakeScraped), at(NOON))).toMatchObject({
      instance: { status: 'COMPENSATED' },
    });
  });
});

describe('a refusal', () => {
  it('a refusal of the first step ends a saga without whenUndone, and its message is cut to 500 characters', () => {
    const instance = instanceOf(begun);
    const decision = decide(
      decorateAndServe,
      instance,
      answerTo(instance, DecorationRefused, { reason: 'no icing. ' }),
      at(NOON),
    );
    expect(decision).toMatchObject({ instance: { status: 'COMPENSATED' }, commands: [], timers: {} });
    expect(decision.instance?.steps.map(({ state }) => state)).toEqual(['refused', 'skipped']);
    expect(decision.instance).toMatchObject({ failure: { message: 'no icing. '.repeat(50) } });
  });
});

describe('an instance of another version', () => {
  const instance = { ...instanceOf(begun), definitionVersion: 2 };

  it('an instance of another version is not decided: UnknownSagaVersionError', () => {
    const timer: SagaInput = { kind: 'timer', name: 'step', dueAt: NOON };
    expect(() => decide(decorateAndServe, instance, timer, at(NOON))).toThrow(UnknownSagaVersionError);
  });

  it('a start event that is published again after a deployment is ignored for an instance of another version', () => {
    expect(decide(decorateAndServe, instance, start, at(NOON))).toMatchObject({ ignored: 'already_started' });
  });
});
