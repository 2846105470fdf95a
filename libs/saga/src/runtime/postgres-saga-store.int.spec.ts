import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { seconds } from '../index.js';
import { sagaStoreContract } from '../testing/saga-store.contract.js';
import { confirmed, NOON, orchestrators, placed, reserved } from './orchestrator.fixture.spec.js';

/** Goal: the store on PostgreSQL does what every store does, and counts and purges. */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

sagaStoreContract('PostgresSagaStore', () => system.instance().store);

describe('PostgresSagaStore: ended sagas', () => {
  async function complete(order: ReturnType<typeof placed>): Promise<void> {
    const { hear, told } = system.instance();
    await hear(order);
    await told();
    for (const answerTo of [reserved, confirmed]) {
      const command = system.sent.findLast(({ key }) => key === order.subject);
      if (command) await hear(answerTo(command));
      await told();
    }
  }

  it('go when they ended long ago, some at a time; the live ones and the lately ended stay', async () => {
    const { hear, store } = system.instance();
    const [long, short, live, late] = [placed(), placed(), placed(), placed()];
    await hear(live, late);
    await complete(long);
    system.clock.now = NOON + seconds(1);
    await complete(short);
    // Begun as early as the others, and ended only now.
    system.clock.now = NOON + seconds(60);
    await complete(late);
    expect(await store.countUnended()).toEqual([{ name: 'small', status: 'RUNNING', count: 1 }]);

    const endedBefore = NOON + seconds(30);
    expect(await store.purgeEnded(endedBefore, 1)).toBe(1);
    expect(await store.purgeEnded(endedBefore, 5)).toBe(1);
    expect(await store.purgeEnded(endedBefore, 5)).toBe(0);
    const left = await Promise.all([long, short, live, late].map((order) => store.load(system.sagaOf(order))));
    expect(left.map((found) => found?.instance.status)).toEqual([undefined, undefined, 'RUNNING', 'COMPLETED']);
  });
});
