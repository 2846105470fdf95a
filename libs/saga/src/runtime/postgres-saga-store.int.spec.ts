import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { seconds } from '../index.js';
import { sagaStoreContract } from '../testing/saga-store.contract.js';
import { aWish, baked, NOON, orchestrators, served } from './orchestrator.fixture.spec.js';
import { bakeAndServe } from '../testing/bakery.fixture.spec.js';

/** Goal: the store on PostgreSQL does what every store does, and counts and purges. */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

sagaStoreContract('PostgresSagaStore', () => system.instance().store);

describe('PostgresSagaStore: ended sagas', () => {
  async function complete(wish: ReturnType<typeof aWish>): Promise<void> {
    const { hear, told } = system.instance();
    await hear(wish);
    await told();
    for (const answerTo of [baked, served]) {
      const command = system.sent.findLast(({ key }) => key === wish.subject);
      if (command) await hear(answerTo(command));
      await told();
    }
  }

  it('go when they ended long ago, some at a time; the live ones and the lately ended stay', async () => {
    const { hear, store } = system.instance();
    const [long, short, live, late] = [aWish(), aWish(), aWish(), aWish()];
    await hear(live, late);
    await complete(long);
    system.clock.now = NOON + seconds(1);
    await complete(short);
    // Begun as early as the others, and ended only now.
    system.clock.now = NOON + seconds(60);
    await complete(late);
    expect(await store.countUnended()).toEqual([
      { name: 'bake-and-serve', definitionVersion: 1, status: 'RUNNING', count: 1 },
    ]);

    const endedBefore = NOON + seconds(30);
    expect(await store.purgeEnded(endedBefore, 1)).toBe(1);
    expect(await store.purgeEnded(endedBefore, 5)).toBe(1);
    expect(await store.purgeEnded(endedBefore, 5)).toBe(0);
    const left = await Promise.all([long, short, live, late].map((wish) => store.load(system.sagaOf(wish))));
    expect(left.map((found) => found?.instance.status)).toEqual([undefined, undefined, 'RUNNING', 'COMPLETED']);
  });

  it('leave the tables bounded, and nothing goes that is under way, or that only a person knows of', async () => {
    const { hear, told, store, unitOfWork, operators } = system.instance();
    const [live, skipped, abandoned] = [aWish(), aWish(), aWish()];
    await hear(live, skipped);
    await system.instance([bakeAndServe(7)]).hear(abandoned);
    await told();
    const bake = system.sent.find(({ key }) => key === skipped.subject);
    if (bake) await hear(baked(bake));
    await told();
    const operations = [[skipped, 'skip', 2] as const, [abandoned, 'abandon', 1] as const];
    for (const [wish, action, expectedVersion] of operations) {
      const by = { by: 'ada', reason: 'INC-1', dryRun: false };
      await unitOfWork.request(operators, { sagaId: system.sagaOf(wish), action, expectedVersion, ...by });
    }

    const DAYS = 10;
    const RETAIN_DAYS = 3;
    const DAILY = 20;
    const day = seconds(24 * 60 * 60);
    for (let days = 1; days <= DAYS; days += 1) {
      for (let count = 0; count < DAILY; count += 1) await complete(aWish());
      while ((await store.purgeEnded(system.clock.now - RETAIN_DAYS * day + 1, 7)) === 7);
      const { rows } = await system.database.pool.query<{ sagas: number; alarms: number }>(
        'SELECT count(*)::int AS sagas, count(wake_at)::int AS alarms FROM saga_instance',
      );
      expect(rows).toEqual([{ sagas: 3 + DAILY * Math.min(days, RETAIN_DAYS), alarms: 1 }]);
      system.clock.now += day;
    }
    const kept = await Promise.all([live, skipped, abandoned].map((wish) => store.load(system.sagaOf(wish))));
    expect(kept.map((found) => found?.instance.status)).toEqual(['RUNNING', 'COMPLETED', 'ABANDONED']);
  }, 60_000);
});
