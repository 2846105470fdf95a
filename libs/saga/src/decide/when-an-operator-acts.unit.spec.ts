import { describe, expect, it } from '@jest/globals';
import { message } from '@backstep/messages';
import fc from 'fast-check';
import {
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
  timersOf,
  type Moved,
  type OperatorAction,
  type SagaDefinition,
  type SagaInstance,
} from '../index.js';
import { given, type SagaScript } from '../testing/index.js';
import { exchangeOf } from './send-command.js';
import { assertSound } from './invariants.js';
import {
  aCake,
  BakeCake,
  BinCake,
  CakeBaked,
  CakeBinned,
  CakeDeclined,
  CakeDecorated,
  CakeDelivered,
  CakeScraped,
  CakeServed,
  CakeWished,
  DeclineCake,
  DecorateCake,
  DeliverCake,
  deliverCake,
  DeliveryRefused,
  ScrapeCake,
  ServeCake,
} from '../testing/bakery.fixture.spec.js';

/** Goal: an operator can end or repair any saga and never break one; the saga keeps what was done, by whom and why. */
type Script = SagaScript<typeof CakeWished>;

const baking = (): Script => given(deliverCake).startedBy(aCake()).expect(BakeCake);
const delivering = (): Script =>
  baking().reply(CakeBaked).expect(DecorateCake).reply(CakeDecorated).expect(DeliverCake);
const scraping = (): Script => delivering().reply(DeliveryRefused).expect(ScrapeCake);
const stuckDelivering = (): Script => delivering().staysSilent().isNow('STUCK');
const stuckScraping = (): Script => scraping().staysSilent().isNow('STUCK');
const stuckServing = (): Script => delivering().reply(CakeDelivered).expect(ServeCake).staysSilent().isNow('STUCK');
const stuckDeclining = (): Script =>
  scraping().reply(CakeScraped).expect(BinCake).reply(CakeBinned).expect(DeclineCake).staysSilent().isNow('STUCK');

describe('the legal actions', () => {
  it.each<[string, () => Script, OperatorAction[]]>([
    ['on its way forward', baking, ['compensate']],
    ['at its pivot', delivering, ['skip', 'abandon']],
    ['STUCK at its pivot', stuckDelivering, ['retry', 'skip', 'abandon']],
    ['STUCK after its pivot', stuckServing, ['retry', 'skip']],
    ['on its way back', scraping, ['skip', 'abandon']],
    ['STUCK on its way back', stuckScraping, ['retry', 'skip', 'abandon']],
    ['STUCK at its whenUndone', stuckDeclining, ['retry', 'skip', 'abandon']],
  ])('the legal actions of a saga %s', (_, script, legal) => {
    const instance = script().instance();
    expect(legalActions(deliverCake, instance)).toEqual(legal);
    for (const action of OPERATOR_ACTIONS.filter((one) => !legal.includes(one))) {
      expect(refusalOf(() => act(deliverCake, instance, action))).toMatchObject({
        action,
        status: instance.status,
        legal,
      });
    }
  });

  it('no action is legal for a saga that has ended', () => {
    const ended = delivering().reply(CakeDelivered).expect(ServeCake).reply(CakeServed).endsAs('COMPLETED');
    expect(legalActions(deliverCake, ended)).toEqual([]);
    expect(refusalOf(() => act(deliverCake, ended, 'abandon'))).toMatchObject({ legal: [], because: 'it has ended' });
  });
});

describe('retry', () => {
  it('a retry keeps the command id and gets all attempts anew, and an answer to any attempt counts', () => {
    const script = stuckScraping().operator('retry', 'the artist is back').sendsAgain().isNow('COMPENSATING');
    script.staysSilent().isNow('STUCK').operator('retry').sendsAgain().reply(CakeScraped).expect(BinCake);
    const { steps, operations } = script.instance();
    // Two attempts, two more after the first retry, one after the second: the journal counts them all.
    expect(steps.find(({ name }) => name === 'decorate')?.undo?.attempts).toBe(5);
    expect(operations).toMatchObject([
      { action: 'retry', reason: 'the artist is back', from: 'STUCK', step: 'decorate', direction: 'undo' },
      { action: 'retry', from: 'STUCK' },
    ]);
  });

  it('the retries of a saga are bounded, because its journal must be', () => {
    const operations = Array.from({ length: RETRIES_MAX }, () => ({
      ...{ action: 'retry' as const, by: 'ops', reason: 'again', at: 1, from: 'STUCK' as const },
      ...{ step: 'decorate', direction: 'undo' as const },
    }));
    const worn = { ...stuckScraping().instance(), operations };
    expect(legalActions(deliverCake, worn)).toEqual(['skip', 'abandon']);
  });
});

describe('skip', () => {
  it('a skipped compensation counts as answered, and a late answer is ignored', () => {
    stuckScraping()
      .operator('skip', 'scraped by hand')
      .expect(BinCake)
      .ignores(CakeScraped)
      .reply(CakeBinned)
      .expect(DeclineCake)
      .reply(CakeDeclined)
      .endsAs('COMPENSATED');
  });

  it('a skipped pivot counts as done', () => {
    const ended = stuckDelivering().operator('skip').expect(ServeCake).reply(CakeServed).endsAs('COMPLETED');
    expect(ended.steps.find(({ name }) => name === 'deliver')).toMatchObject({ state: 'done' });
    expect(ended.steps.find(({ name }) => name === 'deliver')).not.toHaveProperty('answer');
  });

  it('skip is refused when a later command is written from the missing answer', () => {
    const telling = saga('telling', { failures: ['road_closed'] }).startsOn(CakeWished, {
      version: 1,
      deadline: minutes(10),
      steps: [
        pivot('deliver', {
          send: DeliverCake,
          done: CakeDelivered,
          refused: DeliveryRefused,
          failure: ({ reason }) => ({ code: 'road_closed', message: reason }),
        }),
        retriable('serve', {
          send: ServeCake,
          done: CakeServed,
          with: (_, { answer }) => ({ cakeId: answer(CakeDelivered).cakeId }),
        }),
      ],
    });
    const instance = given(telling).startedBy(aCake()).expect(DeliverCake).instance();
    expect(legalActions(telling, instance)).toEqual(['abandon']);
    expect(refusalOf(() => act(telling, instance, 'skip')).because).toContain('CakeDelivered');
  });
});

describe('compensate', () => {
  it('compensate undoes all steps before the pivot, the awaited one too, and keeps the reason from participants', () => {
    baking()
      .reply(CakeBaked)
      .expect(DecorateCake)
      .operator('compensate', 'a stranger, see INC-7')
      .expect(ScrapeCake)
      .ignores(CakeDecorated)
      .reply(CakeScraped)
      .expect(BinCake)
      .reply(CakeBinned)
      .expect(DeclineCake, { failure: { code: 'timed_out', message: 'stopped by an operator, waiting for decorate' } })
      .reply(CakeDeclined)
      .endsAs('COMPENSATED', { code: 'timed_out' });
  });
});

describe('abandon', () => {
  const states = ({ steps }: SagaInstance) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));

  it('abandon undoes nothing more, sends whenUndone, and marks the steps that may be left', () => {
    const script = stuckScraping()
      .operator('abandon', 'the studio burnt down')
      .expect(DeclineCake, {
        failure: { code: 'road_closed' },
      });
    const ended = script.isNow('COMPENSATING').reply(CakeDeclined).endsAs('ABANDONED', { code: 'road_closed' });
    expect(states(ended)).toEqual({
      bake: 'abandoned',
      decorate: 'abandoned',
      deliver: 'refused',
      serve: 'skipped',
      decline: 'done',
    });
    expect(ended.steps.some(({ armed }) => armed)).toBe(false);
  });

  it('abandon of a saga at its pivot marks the pivot as abandoned: it may have happened', () => {
    const ended = stuckDelivering().operator('abandon').expect(DeclineCake).reply(CakeDeclined).endsAs('ABANDONED');
    expect(states(ended)).toMatchObject({ bake: 'abandoned', decorate: 'abandoned', deliver: 'abandoned' });
  });

  it('abandon ends a saga whose whenUndone is not answered, without another command', () => {
    const script = stuckScraping().operator('abandon').expect(DeclineCake).staysSilent().isNow('STUCK');
    const ended = script.operator('abandon').ignores(CakeBinned).endsAs('ABANDONED');
    expect(states(ended)).toMatchObject({ decorate: 'abandoned', decline: 'abandoned' });
    expect(ended.operations).toHaveLength(2);
  });

  it('abandon is the only legal action for an unregistered definition, and sends nothing', () => {
    for (const script of [baking(), stuckServing(), stuckScraping()]) {
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
  const happenings = fc.array(fc.constantFrom('done', 'refused', 'silence', 'done', 'silence', ...OPERATOR_ACTIONS), {
    maxLength: 40,
  });

  it('a saga stays sound, journals each action, decides the same again, and ends once all is answered', () =>
    fc.assert(
      fc.property(happenings, (life) => {
        let instance = begin();
        for (const happening of life) instance = next(instance, happening);
        for (let left = 12; left > 0 && !hasEnded(instance); left -= 1) instance = next(instance, 'done');
        expect(instance.status).toMatch(/^(COMPLETED|COMPENSATED|ABANDONED)$/);
        // A step may be left as abandoned only by an operator.
        const abandoned = instance.steps.some(({ state }) => state === 'abandoned');
        expect(abandoned).toBe(instance.status === 'ABANDONED');
        if (abandoned) expect(instance.operations?.map(({ action }) => action)).toContain('abandon');
      }),
      { numRuns: 500 },
    ));

  const context = (now: number) => ({ now, newId: () => `id-${now}`, random: () => 0 });

  function begin(): SagaInstance {
    const start = message(CakeWished, aCake(), { source: 'test' });
    return moved(decide(deliverCake, undefined, { kind: 'start', message: start }, context(1)));
  }

  function next(instance: SagaInstance, happening: string): SagaInstance {
    if (hasEnded(instance)) return instance;
    const now = instance.updatedAt + 1;
    const { done, refused } = exchangeOf(deliverCake, instance.awaiting);
    const { commandId } = instance.awaiting;
    const hear = (event: typeof done) => {
      const told = { ...message(event, { reason: 'no' }, { source: 'test', commandId }), subject: instance.subject };
      return moved(decide(deliverCake, instance, { kind: 'event', message: told }, context(now)));
    };
    if (happening === 'done') return hear(done);
    if (happening === 'refused') return refused ? hear(refused.event) : instance;
    if (happening === 'silence') {
      const dueAt = timersOf(instance).step;
      if (dueAt === undefined) return instance;
      return moved(
        decide(deliverCake, instance, { kind: 'timer', name: 'step', dueAt }, context(Math.max(now, dueAt))),
      );
    }
    const action = happening as OperatorAction;
    const legal = legalActions(deliverCake, instance).includes(action);
    const frozen = JSON.stringify(instance);
    if (!legal) expect(refusalOf(() => act(deliverCake, instance, action, now)).action).toBe(action);
    const acted = legal ? act(deliverCake, instance, action, now) : undefined;
    expect(JSON.stringify(instance)).toBe(frozen);
    if (!acted) return instance;
    expect(act(deliverCake, instance, action, now)).toEqual(acted);
    expect(acted.commands.length).toBeLessThanOrEqual(1);
    expect(acted.instance.operations).toHaveLength((instance.operations?.length ?? 0) + 1);
    assertSound(acted.instance);
    return acted.instance;
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
