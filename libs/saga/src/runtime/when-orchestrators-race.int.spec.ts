import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { message, newId } from '@backstep/messages';
import { minutes, sagaIdFor, seconds, UnknownSagaVersionError } from '../index.js';
import { TIMERS_MAX } from './timer-poller.js';
import { aWish, baked, NOON, orchestrators, served, TRACE } from './orchestrator.fixture.spec.js';
import { bakeAndServe, BakeCake, BinCake, CakeBaked, ServeCake } from '../testing/bakery.fixture.spec.js';

/**
 * Goal: when several orchestrators get the same events and fire the same timers, each saga takes each step once and each command is sent
 * once an attempt; an event that does not answer the awaited command changes nothing.
 * Method: two instances on one PostgreSQL get the same work at the same time, with a clock of the spec's own.
 */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

const SAGAS = 30;
type Instance = ReturnType<typeof system.instance>;
const two = (): [Instance, Instance] => [system.instance(), system.instance()];
const told = (instances: readonly Instance[]) => Promise.all(instances.map((instance) => instance.told()));

describe('two orchestrators', () => {
  it('two orchestrators that get the same events begin each saga once', async () => {
    const both = two();
    const wishes = Array.from({ length: SAGAS }, aWish);
    await Promise.all(both.map(({ hear }) => hear(...wishes)));
    await told(both);
    expect(system.attempts()).toEqual({ BakeCake: SAGAS });
    expect(new Set(system.sent.map(({ key }) => key)).size).toBe(SAGAS);
  });

  it('two orchestrators that get one start in two messages begin one saga', async () => {
    const both = two();
    const wish = aWish();
    await Promise.all(both.map(({ hear }) => hear({ ...wish, id: newId() })));
    await told(both);
    expect(system.attempts()).toEqual({ BakeCake: 1 });
    expect(system.ignored).toContain('already_started');
  });

  it('two orchestrators that fire the same timers send each command once more, with its command id', async () => {
    const both = two();
    await system.started(both[0], SAGAS);
    system.clock.now = NOON + seconds(60);
    const fired = await Promise.all(both.map(({ timers }) => timers.fireDue()));
    await told(both);
    expect(fired.reduce((sum, moved) => sum + moved, 0)).toBe(SAGAS);
    expect(system.attempts()).toEqual({ BakeCake: 2 * SAGAS });
    for (const [first, second] of [...new Set(system.sent.map(({ key }) => key))].map(system.sentFor)) {
      expect(second?.headers['ce_commandid']).toBe(first?.headers['ce_commandid']);
      expect(second?.headers['ce_id']).not.toBe(first?.headers['ce_id']);
    }
  });

  it('an answer at one orchestrator and the timer at the other move each saga on once', async () => {
    const both = two();
    const wishes = await system.started(both[0], SAGAS);
    system.clock.now = NOON + seconds(60);
    const answers = wishes.map(({ subject }) => baked(system.last(subject)));
    await Promise.all([both[0].hear(...answers), both[1].timers.fireDue(), both[1].hear(...answers)]);
    await told(both);
    expect(system.attempts()['ServeCake']).toBe(SAGAS);
    // Where the timer came first, the command was sent again. No saga compensates after the answer.
    expect(system.attempts()['BakeCake']).toBeLessThanOrEqual(2 * SAGAS);
    for (const { subject } of wishes) expect(system.last(subject).headers['ce_type']).toBe(ServeCake.name);
  });

  it('a deadline and an answer that race send a saga forward or back, never both', async () => {
    const both = two();
    const wishes = await system.started(both[0], SAGAS);
    system.clock.now = NOON + minutes(10);
    const answers = wishes.map(({ subject }) => baked(system.last(subject)));
    await Promise.all([both[0].timers.fireDue(), both[1].hear(...answers)]);
    await told(both);
    for (const { subject } of wishes) {
      const types = new Set(system.sentFor(subject).map(({ headers }) => headers['ce_type']));
      expect([types.has(ServeCake.name), types.has(BinCake.name)].filter(Boolean)).toHaveLength(1);
    }
  });

  it('two orchestrators that get every event twice finish each saga with each step once', async () => {
    const both = two();
    const wishes = Array.from({ length: SAGAS }, aWish);
    await Promise.all(both.map(({ hear }) => hear(...wishes)));
    await told(both);
    for (const answerTo of [baked, served]) {
      const answers = wishes.map(({ subject }) => answerTo(system.last(subject)));
      await Promise.all(both.map(({ hear }) => hear(...answers)));
      await told(both);
    }
    expect(system.attempts()).toEqual({ BakeCake: SAGAS, ServeCake: SAGAS });
    expect((await both[0].store.list({ status: 'COMPLETED', limit: 100 })).sagas).toHaveLength(SAGAS);
    expect(await both[0].store.dueSagas(NOON + minutes(60), 10)).toEqual([]);
  });
});

describe('an answer that is not awaited', () => {
  it.each([
    ['comes twice, in two messages', 'not_awaited'],
    ['answers another command', 'not_awaited'],
    ['answers nothing at all', 'not_awaited'],
    ['is for a saga that does not exist', undefined],
    ['comes when the saga has ended', 'ended'],
  ] as const)('an event that %s changes nothing', async (why, reason) => {
    const one = system.instance();
    const [wish] = await system.started(one);
    const subject = wish?.subject ?? '';
    const bake = system.last(subject);
    await one.hear(baked(bake));
    await one.told();
    if (why === 'comes when the saga has ended') {
      await one.hear(served(system.last(subject)));
      await one.told();
    }
    const id = sagaIdFor(bakeAndServe(1), subject);
    const before = [await one.store.load(id), system.sent.length];
    const strays = {
      'comes twice, in two messages': baked(bake),
      'answers another command': { ...served(system.last(subject)), commandId: newId() },
      'answers nothing at all': { ...baked(bake), commandId: undefined },
      'is for a saga that does not exist': { ...baked(bake), sagaId: newId() },
      'comes when the saga has ended': served(system.last(subject)),
    };
    await one.hear(strays[why]);
    await one.told();
    expect([await one.store.load(id), system.sent.length]).toEqual(before);
    expect(system.ignored).toEqual(reason ? [reason] : []);
  });

  it('an event of no saga is not parked', async () => {
    const one = system.instance();
    await one.hear(message(CakeBaked, { cakeId: newId() }, { source: CakeBaked.service }));
    expect(await one.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
  });
});

describe('a command', () => {
  it('a command carries its saga, command id, cause and trace, and only the fields of its schema', async () => {
    const one = system.instance();
    const [wish] = await system.started(one);
    if (!wish) throw new Error('nothing was wished');
    const bake = system.last(wish.subject);
    expect(bake).toMatchObject({ topic: 'kitchen.commands', key: wish.subject });
    expect(bake.headers).toMatchObject({
      ce_type: BakeCake.name,
      ce_source: 'orchestrator',
      ce_sagaid: sagaIdFor(bakeAndServe(1), wish.subject),
      ce_commandid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ce_causationid: wish.id,
      traceparent: TRACE,
    });
    expect(JSON.parse(bake.value)).toEqual({ cakeId: wish.subject, layers: wish.data.layers });

    const yes = baked(bake);
    await one.hear(yes);
    await one.told();
    const serve = system.last(wish.subject);
    expect(serve.headers).toMatchObject({ ce_type: ServeCake.name, ce_causationid: yes.id, traceparent: TRACE });
    expect(serve.headers['ce_commandid']).not.toBe(bake.headers['ce_commandid']);
  });

  it('a command that a timer sends belongs to the trace of the start event', async () => {
    const one = system.instance();
    const [wish] = await system.started(one);
    system.clock.now = NOON + seconds(60);
    await one.timers.fireDue();
    await one.told();
    expect(system.sentFor(wish?.subject ?? '')).toHaveLength(2);
    expect(system.last(wish?.subject ?? '').headers).toMatchObject({
      traceparent: TRACE,
      ce_sagaid: system.sagaOf(wish ?? aWish()),
    });
  });
});

describe('a timer', () => {
  it('a timer is not fired before it is due, and once when it is', async () => {
    const one = system.instance();
    await system.started(one);
    system.clock.now = NOON + seconds(10) - 1;
    expect(await one.timers.fireDue()).toBe(0);
    system.clock.now = NOON + seconds(60);
    expect(await one.timers.fireDue()).toBe(1);
    expect(await one.timers.fireDue()).toBe(0);
  });

  it('a timer of a saga without a definition is reported, and the other timers are fired', async () => {
    const one = system.instance();
    await system.started(one, 2);
    const [lost] = await system.started(system.instance([bakeAndServe(7)]), 1);
    system.clock.now = NOON + seconds(60);
    await expect(one.timers.fireDue()).rejects.toThrow(UnknownSagaVersionError);
    await one.told();
    expect(system.attempts()).toEqual({ BakeCake: 5 });
    expect(system.failed).toMatchObject([{ sagaId: system.sagaOf(lost ?? aWish()) }]);
  });

  it('a timer whose saga has moved on fires early, sends nothing, and is reset', async () => {
    const one = system.instance();
    const [wish] = await system.started(one);
    const sagaId = system.sagaOf(wish ?? aWish());
    const [set] = await one.store.dueSagas(NOON + minutes(1), 10);
    system.clock.now = NOON + seconds(9);
    await one.hear(baked(system.last(wish?.subject ?? '')));
    await one.told();
    // The move has left the timer unchanged, so that no index is touched.
    expect(await one.store.dueSagas(NOON + minutes(1), 10)).toEqual([set]);
    const sent = system.sent.length;
    system.clock.now = NOON + seconds(12);
    expect(await one.timers.fireDue()).toBe(0);
    await one.told();
    expect(system.sent).toHaveLength(sent);
    const { awaiting } = (await one.store.load(sagaId))?.instance as { awaiting: { dueAt: number } };
    expect(awaiting.dueAt).toBeGreaterThan(system.clock.now);
    expect(await one.store.dueSagas(NOON + minutes(60), 10)).toMatchObject([{ sagaId, timerAt: awaiting.dueAt }]);
    system.clock.now = awaiting.dueAt;
    expect(await one.timers.fireDue()).toBe(1);
  });

  it('timers that always fail are put off, so that more of them than TIMERS_MAX do not block the others', async () => {
    const [one, older] = [system.instance(), system.instance([bakeAndServe(7)])];
    await system.started(older, TIMERS_MAX);
    system.clock.now = NOON + seconds(5);
    await system.started(one, 3);
    system.sent.length = 0;
    system.clock.now = NOON + seconds(60);
    await expect(one.timers.fireDue()).rejects.toThrow(UnknownSagaVersionError);
    expect(await one.timers.fireDue()).toBe(3);
    expect(await one.timers.fireDue()).toBe(0);
    await one.told();
    expect(system.attempts()).toEqual({ BakeCake: 3 });
    const { rows } = await system.database.pool.query(
      'SELECT failures, count(*)::int AS sagas FROM saga_instance WHERE failures > 0 GROUP BY 1',
    );
    expect(rows).toEqual([{ failures: 1, sagas: TIMERS_MAX }]);

    // The version is deployed again: the timers that were put off are fired.
    system.clock.now = NOON + seconds(120);
    const healed = system.instance([bakeAndServe(1), bakeAndServe(7)]);
    let fired = 0;
    for (let turn = 0; turn < 3; turn += 1) fired += await healed.timers.fireDue();
    expect(fired).toBe(TIMERS_MAX + 3);
  });
});
