import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { minutes, seconds } from '../index.js';
import { TIMER_RETRY } from '../store/stored-saga.js';
import { TIMERS_MAX } from './timer-poller.js';
import { aWish, baked, NOON, orchestrators } from './orchestrator.fixture.spec.js';

/** Goal: due sagas are found, the longest overdue first; one that cannot be fired does not block others. Method: a real PostgreSQL. */
let system: Awaited<ReturnType<typeof orchestrators>>;
let instance: ReturnType<typeof system.instance>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(async () => {
  await system.reset();
  instance = system.instance();
});

/** A saga that begins now. */
async function begun() {
  const wish = aWish();
  await instance.hear(wish);
  await instance.told();
  const sagaId = system.sagaOf(wish);
  const found = await instance.store.load(sagaId);
  if (found?.instance.status !== 'RUNNING') throw new Error('it has not begun');
  return { sagaId, subject: wish.subject, timerAt: found.instance.awaiting.dueAt };
}

const due = (now: number, limit = 10) => instance.store.dueSagas(now, limit);

describe('dueSagas', () => {
  it('dueSagas finds sagas from the instant of their timer on, the longest overdue first, up to the limit', async () => {
    const early = await begun();
    system.clock.now = NOON + minutes(1);
    const late = await begun();
    expect(await due(early.timerAt - 1)).toEqual([]);
    expect(await due(early.timerAt)).toEqual([early]);
    expect(await due(late.timerAt)).toEqual([early, late]);
    expect(await due(late.timerAt, 1)).toEqual([early]);
  });

  it('dueSagas finds all of them by pages, also those whose timers are set to one instant', async () => {
    const sagas = [await begun(), await begun(), await begun()].map(({ sagaId }) => sagaId).toSorted();
    await system.database.pool.query('UPDATE saga_instance SET wake_at = $1', [NOON]);
    const found: string[] = [];
    let [last] = await due(NOON + minutes(1), 1);
    while (last) {
      found.push(last.sagaId);
      [last] = await instance.store.dueSagas(NOON + minutes(1), 1, last);
    }
    expect(found).toEqual(sagas);
  });
});

describe('an instance that is responsible for some subjects', () => {
  it('an instance fires the timers of those subjects alone, however many of others are due before them', async () => {
    await instance.hear(...Array.from({ length: TIMERS_MAX + 1 }, aWish));
    await instance.told();
    const own = await begun();
    await system.database.pool.query('UPDATE saga_instance SET wake_at = $1 WHERE subject <> $2', [NOON, own.subject]);
    system.clock.now = own.timerAt;
    expect(await instance.timersOf(() => false).fireDue()).toBe(0);
    expect(await instance.timersOf((subject) => subject === own.subject).fireDue()).toBe(1);
    await instance.told();
    expect(system.sentFor(own.subject)).toHaveLength(2);
    expect(await due(own.timerAt, 2 * TIMERS_MAX)).toHaveLength(TIMERS_MAX + 1);
  });
});

describe('defer', () => {
  it('defer puts a saga off, each time twice as long up to a bound, so that others are found first', async () => {
    const failing = await begun();
    system.clock.now = NOON + 1;
    const behind = await begun();
    let now = NOON + seconds(30);
    const pauses: number[] = [];
    const found = async (at: number) => (await due(at)).find(({ sagaId }) => sagaId === failing.sagaId);
    for (let failures = 0; failures < 8; failures += 1) {
      const overdue = await found(now);
      if (!overdue) throw new Error('it is not due');
      await instance.store.defer([overdue], now);
      const pause = Math.min(TIMER_RETRY.maxMs, TIMER_RETRY.baseMs * 2 ** failures);
      expect(await found(now + pause - 1)).toBeUndefined();
      expect(await found(now + pause)).toEqual({ ...failing, timerAt: now + pause });
      pauses.push(pause);
      now += pause;
    }
    expect([pauses[0], pauses[1], pauses.at(-1)]).toEqual([5_000, 10_000, TIMER_RETRY.maxMs]);
    expect(await due(now, 1)).toMatchObject([{ sagaId: behind.sagaId }]);
  });

  it('defer leaves a saga alone that has moved since it was found due', async () => {
    const { sagaId, timerAt } = await begun();
    const found = await due(timerAt);
    system.clock.now = timerAt + 1;
    await instance.hear(baked(system.sent.at(-1)!));
    const moved = await instance.store.load(sagaId);
    await instance.store.defer(found, system.clock.now);
    expect(await instance.store.load(sagaId)).toEqual(moved);
    expect(await due(timerAt + seconds(9))).toEqual([]);
    expect(await due(timerAt + minutes(1))).toMatchObject([{ sagaId }]);
  });
});
