import assert from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import {
  command,
  event,
  message,
  newId,
  type EventDefinition,
  type Message,
  type MessageDefinition,
} from '@backstep/messages';
import fc from 'fast-check';
import { z } from 'zod';
import { compensatable, pivot, retriable, saga, type FailureCode, type SagaDefinition, type Step } from '../index.js';
import { exchangeOf } from './send-command.js';
import { decide } from './decide.js';
import type { Decision, SagaCommand, SagaInput, TimerInput } from './decision.js';
import { hasEnded, isWaiting, type RunningSaga, type SagaInstance } from './instance.js';
import { assertSound } from './invariants.js';

/**
 * Goal: the rules hold (I7, I9) for any saga, whatever happens to it and in whatever order.
 * Method: random sagas, each with a random life of answers, refusals, duplicates, late and foreign events, timeouts, stale
 * timers, deadlines and requests to turn back. Then every command is answered, and the saga must end. Every instance is deeply frozen and goes through JSON.
 */
const About = z.object({ id: z.string() });
const declaration = { key: 'id' as const, summary: 'test', data: About };
type Event = MessageDefinition<string, typeof About, 'event'>;
type Command = MessageDefinition<string, typeof About, 'command'>;
const tell = (name: string): Event => event('kitchen', name, declaration);
const ask = (name: string): Command => command('kitchen', name, declaration);
const Begun = tell('Begun');
const Withdrawn = tell('Withdrawn');

type Codes = FailureCode<'refused' | 'withdrawn'>;
const policy = (attempts: number) => ({ attempts, backoff: 10, maxBackoff: 100 });
const refusable = (name: string) => ({
  done: tell(`${name}-done`),
  refused: tell(`${name}-refused`),
  failure: () => ({ code: 'refused' as const, message: name }),
});

const shapes = fc.record({
  compensatables: fc.array(
    fc.record({ attempts: fc.integer({ min: 1, max: 3 }), undoAttempts: fc.integer({ min: 1, max: 3 }) }),
    { maxLength: 5 },
  ),
  pivot: fc.option(fc.integer({ min: 1, max: 3 })),
  retriables: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  whenUndone: fc.boolean(),
  turnsBack: fc.boolean(),
});

function build({
  compensatables,
  pivot: pivotAttempts,
  retriables,
  whenUndone,
  turnsBack,
}: typeof shapes extends fc.Arbitrary<infer T> ? T : never): SagaDefinition {
  const steps: Step<Event, Codes>[] = [
    ...compensatables.map(({ attempts, undoAttempts }, at) =>
      compensatable<Event, Command, Event, Event, Command, Event, Codes>(`c${at}`, {
        send: ask(`c${at}`),
        ...refusable(`c${at}`),
        timeout: 1000,
        retry: policy(attempts),
        undo: ask(`undo-c${at}`),
        undone: tell(`c${at}-undone`),
        undoRetry: policy(undoAttempts),
      }),
    ),
    ...(pivotAttempts === null
      ? []
      : [
          pivot<Event, Command, Event, Event, Codes>('pivot', {
            send: ask('pivot'),
            ...refusable('pivot'),
            retry: policy(pivotAttempts),
          }),
        ]),
    ...retriables.map((attempts, at) =>
      retriable<Event, Command, Event>(`r${at}`, {
        send: ask(`r${at}`),
        done: tell(`r${at}-done`),
        retry: policy(attempts),
      }),
    ),
  ];
  return saga('random', { failures: ['refused', 'withdrawn'] }).startsOn(Begun, {
    version: 1,
    deadline: 60_000,
    steps,
    ...(turnsBack &&
      compensatables.length > 0 && {
        turnsBackOn: { event: Withdrawn, failure: () => ({ code: 'withdrawn' as const, message: '' }) },
      }),
    ...(whenUndone && {
      whenUndone: retriable('told', { send: ask('told'), done: tell('told-done'), retry: policy(2) }),
    }),
  });
}

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
};

const context = (now: number, seed: number) => {
  let ids = 0;
  return { now, newId: () => `id-${now}-${seed}-${(ids += 1)}`, random: () => (seed % 97) / 97 };
};

/** One life of one saga, with everything that it has sent and received. */
class Life {
  instance: SagaInstance | undefined;
  readonly commands: SagaCommand[] = [];
  readonly heard: Message[] = [];
  /** The steps that were refused, in the order of the refusals. */
  readonly refused: string[] = [];
  readonly oldTimers: TimerInput[] = [];
  now = 1_000_000;
  private decided = 0;

  constructor(readonly definition: SagaDefinition) {
    this.take({ kind: 'start', message: this.startMessage });
  }

  readonly startMessage = message(Begun, { id: 'subject' }, { source: 'test' });

  take(input: SagaInput): Decision {
    this.now += 1;
    this.decided += 1;
    deepFreeze(input);
    const before = this.instance;
    const decision = decide(this.definition, before, input, context(this.now, this.decided));
    const again = decide(this.definition, before, input, context(this.now, this.decided));
    assert.deepStrictEqual(again, decision, 'decided again, it decides the same');
    if (decision.ignored) {
      assert.ok(decision.instance === before && decision.commands.length === 0, 'what is ignored changes nothing');
      return decision;
    }
    assert.ok(!before || !hasEnded(before), 'terminal is terminal');
    assert.ok(decision.commands.length <= 1, 'one thing at a time');
    assert.deepStrictEqual(JSON.parse(JSON.stringify(decision.instance)), decision.instance, 'an instance is JSON');
    assertSound(decision.instance);
    this.instance = deepFreeze(decision.instance);
    this.commands.push(...decision.commands);
    return decision;
  }

  hear(definition: EventDefinition, commandId: string | undefined): Decision {
    const told = message(definition, { id: 'subject' }, { source: 'test', commandId });
    this.heard.push(told);
    return this.take({ kind: 'event', message: told });
  }

  alive(): SagaInstance {
    return this.instance ?? assert.fail('it has not started');
  }

  awaited() {
    const { instance } = this;
    if (!instance || hasEnded(instance)) return undefined;
    return {
      ...exchangeOf(this.definition, instance.awaiting),
      commandId: instance.awaiting.commandId,
      step: instance.awaiting.step,
    };
  }

  currentTimer(): TimerInput | undefined {
    const { instance } = this;
    if (!instance || !isWaiting(instance)) return undefined;
    return { kind: 'timer', name: 'step', dueAt: instance.awaiting.dueAt };
  }

  /** From here on every command is answered. */
  heal(): void {
    for (let left = 2 * this.definition.steps.length + 2; left > 0 && this.awaited(); left -= 1) HAPPENINGS.done(this);
  }
}

const counts = ({ ignored }: Decision) => assert.equal(ignored, undefined);
const changesNothing = ({ ignored }: Decision) => assert.notEqual(ignored, undefined);
const one = <T>(of: readonly T[], pick: number): T | undefined => of[pick % Math.max(1, of.length)];

/** What may happen, and what must follow at once. `pick` chooses one of the possible inputs. */
const HAPPENINGS = {
  done: (life: Life) => {
    const awaited = life.awaited();
    if (awaited) counts(life.hear(awaited.done, awaited.commandId));
  },
  refused: (life: Life) => {
    const awaited = life.awaited();
    if (!awaited?.refused) return;
    life.refused.push(awaited.step);
    counts(life.hear(awaited.refused.event, awaited.commandId));
  },
  silence: (life: Life) => {
    const timer = life.currentTimer();
    if (!timer) return;
    if (life.now < timer.dueAt - 1) changesNothing(life.take(timer));
    life.now = Math.max(life.now, timer.dueAt);
    life.oldTimers.push(timer);
    counts(life.take(timer));
    changesNothing(life.take(timer));
  },
  staleTimer: (life: Life, pick: number) => {
    const old = one(life.oldTimers, pick);
    if (old) changesNothing(life.take(old));
  },
  deadline: (life: Life) => {
    const { deadlineAt } = life.alive();
    life.now = Math.max(life.now, deadlineAt);
    life.take({ kind: 'timer', name: 'deadline', dueAt: deadlineAt });
    changesNothing(life.take({ kind: 'timer', name: 'deadline', dueAt: deadlineAt }));
  },
  duplicate: (life: Life, pick: number) => {
    const heard = one(life.heard, pick);
    if (heard && heard.commandId !== life.awaited()?.commandId)
      changesNothing(life.take({ kind: 'event', message: heard }));
  },
  late: (life: Life, pick: number) => {
    const sent = one(life.commands, pick);
    if (!sent || sent.commandId === life.awaited()?.commandId) return;
    changesNothing(life.hear(exchangeOf(life.definition, sent).done, sent.commandId));
  },
  mistaken: (life: Life) => changesNothing(life.hear(tell('nobody-waits-for'), life.awaited()?.commandId)),
  foreign: (life: Life) => changesNothing(life.hear(tell('r0-done'), newId())),
  withdrawn: (life: Life) => {
    const { status, awaiting } = life.alive() as RunningSaga;
    const canTurnBack = status === 'RUNNING' && awaiting.step.startsWith('c') && !!life.definition.turnsBackOn;
    const decision = life.hear(Withdrawn, undefined);
    if (!canTurnBack) return changesNothing(decision);
    counts(decision);
    expect(life.alive()).toMatchObject({ failure: { code: 'withdrawn' } });
    changesNothing(life.hear(Withdrawn, undefined));
  },
  start: (life: Life) => changesNothing(life.take({ kind: 'start', message: life.startMessage })),
};

type Happening = { readonly what: keyof typeof HAPPENINGS; readonly pick: number };
const kinds = Object.keys(HAPPENINGS) as (keyof typeof HAPPENINGS)[];
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom<keyof typeof HAPPENINGS>('done', 'done', 'done', 'silence', ...kinds),
    pick: fc.nat(),
  }),
  { maxLength: 40 },
);

function aLife(shape: Parameters<typeof build>[0], events: readonly Happening[]): Life {
  const life = new Life(build(shape));
  for (const { what, pick } of events) HAPPENINGS[what](life, pick);
  return life;
}

const firstAttempts = (life: Life, direction: 'forward' | 'undo') =>
  life.commands.filter((sent) => sent.attempt === 1 && sent.direction === direction).map(({ step }) => step);

const anyLife = (check: (life: Life) => void) =>
  fc.assert(
    fc.property(shapes, happenings, (shape, events) => check(aLife(shape, events))),
    { numRuns: 200 },
  );

describe('whatever happens to a saga', () => {
  it('a saga ends once every command is answered, and is terminal then', () =>
    anyLife((life) => {
      life.heal();
      expect(life.instance?.status).toMatch(/^(COMPLETED|COMPENSATED)$/);
      const end = life.instance;
      for (const what of kinds) HAPPENINGS[what](life, 3);
      expect(life.instance).toBe(end);
    }));

  it('compensations are the exact reverse of the steps that may have happened, each once', () =>
    anyLife((life) => {
      life.heal();
      const undone = firstAttempts(life, 'undo');
      const mayHaveHappened = firstAttempts(life, 'forward').filter(
        (step) => step.startsWith('c') && !life.refused.includes(step),
      );
      expect(undone).toEqual(life.instance?.status === 'COMPLETED' ? [] : mayHaveHappened.reverse());
    }));

  it('a saga never compensates after its pivot is sent, unless the pivot is refused', () =>
    anyLife((life) => {
      life.heal();
      const sent = firstAttempts(life, 'forward');
      const decided =
        sent.some((step) => step.startsWith('r')) || (sent.includes('pivot') && !life.refused.includes('pivot'));
      if (!decided) return;
      expect(firstAttempts(life, 'undo')).toEqual([]);
      expect(life.alive().status).toBe('COMPLETED');
    }));

  it('a command keeps its id at each attempt, and no two commands share one', () =>
    anyLife((life) => {
      life.heal();
      const places = new Map<string, Set<string>>();
      for (const { step, direction, commandId } of life.commands) {
        const place = `${direction} ${step}`;
        places.set(place, (places.get(place) ?? new Set()).add(commandId));
      }
      expect([...places.values()].every((ids) => ids.size === 1)).toBe(true);
      expect(new Set([...places.values()].flatMap((ids) => [...ids])).size).toBe(places.size);
    }));

  it('no command is sent more often than its retry policy allows', () =>
    anyLife((life) => {
      for (const sent of life.commands) {
        expect(sent.attempt).toBeLessThanOrEqual(exchangeOf(life.definition, sent).retry.attempts);
      }
    }));
});
