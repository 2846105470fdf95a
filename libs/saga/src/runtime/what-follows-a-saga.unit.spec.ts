import { beforeEach, describe, expect, it } from '@jest/globals';
import { message, newId, type EventDefinition, type Message } from '@backstep/messages';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { retriable, saga, sagaIdFor, sagaRegistry, seconds } from '../index.js';
import { BakeCake, CakeBaked, CakeServed, CakeWished, ServeCake, wished } from '../testing/bakery.fixture.spec.js';
import { SagaStuck, StepAnswered } from './saga-effects.js';
import { SagaEventHandler, SagaTimerHandler } from './saga-handlers.js';
import { SagaOperatorHandler } from './saga-operator.js';
import { SAGA_ENTITIES, SagaRow } from './saga.entities.js';

/**
 * Goal: an answered step is measured once, and a saga that gets stuck is reported once, whether an event, a timer or an operator moves it.
 * Method: the three handlers on rows in memory, with a clock of the spec's own.
 */
const once = { retryAfter: seconds(10), retry: { attempts: 1 } };
const cakes = saga('cakes').startsOn(CakeWished, {
  version: 1,
  deadline: seconds(3_600),
  steps: [
    retriable('bake', { send: BakeCake, done: CakeBaked, ...once }),
    retriable('serve', { send: ServeCake, done: CakeServed, ...once }),
  ],
});
const registry = sagaRegistry([cakes]);

const clock = { now: 0 };
let rows: InMemoryRows;
let wish: ReturnType<typeof wished>;
beforeEach(async () => {
  clock.now = Date.UTC(2030, 0, 1);
  rows = await InMemoryRows.of(SAGA_ENTITIES, () => clock.now);
  wish = wished();
});

const sagaId = () => sagaIdFor(cakes, wish.subject);
const hear = (told: Message): Message[] => rows.handle(new SagaEventHandler(registry), told);
const answer = (to: Message | undefined, definition: EventDefinition): Message =>
  message(
    definition,
    { cakeId: wish.subject },
    {
      source: definition.service,
      sagaId: to?.sagaId,
      commandId: to?.commandId,
      causationId: to?.id,
    },
  );
const timerFires = () => rows.request(new SagaTimerHandler(registry), { sagaId: sagaId() });

describe('an answer that a step waited for', () => {
  it('an answered step is reported once, with the time it took', () => {
    const [bake] = hear(wish);
    clock.now += 700;
    const baked = answer(bake, CakeBaked);
    hear(baked);
    hear({ ...baked, id: newId() });
    expect(rows.followed(StepAnswered)).toEqual([{ saga: 'cakes', step: 'bake', tookMs: 700 }]);
  });

  it('an answered step is not reported again by another move of its saga in the same millisecond', () => {
    const [bake] = hear(wish);
    const [serve] = hear(answer(bake, CakeBaked));
    hear(answer(serve, CakeServed));
    expect(rows.followed(StepAnswered).map(({ step }) => step)).toEqual(['bake', 'serve']);
  });
});

describe('a saga that gets stuck', () => {
  it('a stuck saga is reported when its last attempt times out, and again when it is stuck after a retry', () => {
    hear(wish);
    expect(rows.followed(SagaStuck)).toEqual([]);
    clock.now += seconds(11);
    timerFires();
    timerFires();
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
    timerFires();
    expect(rows.followed(SagaStuck)).toHaveLength(2);
  });
});
