import { beforeEach, describe, expect, it } from '@jest/globals';
import { command, event, message, newId, type DataOf, type Message, type MessageDefinition } from '@backstep/messages';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { z } from 'zod';
import { retriable, saga, sagaIdFor, sagaRegistry, seconds } from '../index.js';
import { SagaStuck, StepAnswered } from './saga-effects.js';
import { SagaEventHandler, SagaTimerHandler } from './saga-handlers.js';
import { SagaOperatorHandler } from './saga-operator.js';
import { SagaRow } from './saga.entities.js';

/**
 * Goal: a step's answer is measured once, a saga that gets stuck is reported once, whoever moves it: an event, a timer, an operator.
 * Method: the three handlers on rows in memory, with a clock of the spec's own.
 */
const declared = { key: 'cakeId', summary: 'For the bakery.', data: z.object({ cakeId: z.string() }) } as const;
const Ordered = event('order', 'CakeOrdered', declared);
const Bake = command('inventory', 'BakeCake', declared);
const Baked = event('inventory', 'CakeBaked', declared);
const Serve = command('order', 'ServeCake', declared);
const Served = event('order', 'CakeServed', declared);
const once = { askAgainAfter: seconds(10), retry: { attempts: 1 } };
const cakes = saga('cakes').startsOn(Ordered, {
  version: 1,
  deadline: seconds(3_600),
  steps: [
    retriable('bake', { send: Bake, done: Baked, ...once }),
    retriable('serve', { send: Serve, done: Served, ...once }),
  ],
});
const registry = sagaRegistry([cakes]);

const clock = { now: 0 };
let rows: InMemoryRows;
let ordered: Message<typeof Ordered>;
beforeEach(async () => {
  clock.now = Date.UTC(2030, 0, 1);
  rows = await InMemoryRows.of([SagaRow], () => clock.now);
  ordered = message(Ordered, { cakeId: newId() }, { source: '/order', aggregateVersion: 1 });
});

const sagaId = () => sagaIdFor(cakes, ordered.subject);
const hear = (told: Message): Message[] => rows.handle(new SagaEventHandler(registry), told);
const answer = <D extends MessageDefinition>(to: Message | undefined, definition: D): Message =>
  message(definition, ordered.data as DataOf<D>, {
    source: '/x',
    sagaId: to?.sagaId,
    commandId: to?.commandId,
    causationId: to?.id,
  });
const timerRings = () => rows.request(new SagaTimerHandler(registry), { sagaId: sagaId(), wakeAt: clock.now });

describe('an answer that a step waited for', () => {
  it('is told with the time it took, once', () => {
    const [bake] = hear(ordered);
    clock.now += 700;
    const baked = answer(bake, Baked);
    hear(baked);
    hear({ ...baked, id: newId() });
    expect(rows.followed(StepAnswered)).toEqual([{ saga: 'cakes', step: 'bake', tookMs: 700 }]);
  });

  it('is not told again when something else happens to the saga in the same millisecond', () => {
    const [bake] = hear(ordered);
    const [serve] = hear(answer(bake, Baked));
    hear(answer(serve, Served));
    expect(rows.followed(StepAnswered).map(({ step }) => step)).toEqual(['bake', 'serve']);
  });
});

describe('a saga that gets stuck', () => {
  it('is told when its timer rings for the last time, and again when it is stuck again after an operator', () => {
    hear(ordered);
    expect(rows.followed(SagaStuck)).toEqual([]);
    clock.now += seconds(11);
    timerRings();
    timerRings();
    expect(rows.followed(SagaStuck)).toMatchObject([{ id: sagaId(), status: 'STUCK', awaiting: { step: 'bake' } }]);

    const expectedVersion = rows.find(SagaRow, sagaId())?.version ?? 0;
    const retry = {
      sagaId: sagaId(),
      action: 'retry',
      expectedVersion,
      by: 'ada',
      reason: 'try',
      dryRun: false,
    } as const;
    rows.request(new SagaOperatorHandler(registry), retry);
    expect(rows.followed(SagaStuck)).toHaveLength(1);
    clock.now += seconds(11);
    timerRings();
    expect(rows.followed(SagaStuck)).toHaveLength(2);
  });
});
