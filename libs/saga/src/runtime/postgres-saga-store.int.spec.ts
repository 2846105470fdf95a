import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { minutes, seconds, UnsoundSagaError } from '../index.js';
import { InvalidCursorError } from './index.js';
import { PAGE_MAX } from '../store/stored-saga.js';
import { aWish, baked, NOON, orchestrators, served } from './orchestrator.fixture.spec.js';
import { bakeAndServe } from '../testing/bakery.fixture.spec.js';

/** Goal: the store reads what the handlers wrote, lists it in pages, counts and purges. Method: sagas of the bakery on a real PostgreSQL. */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

/** Runs a saga to its end: the wish, then both answers. */
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

describe('PostgresSagaStore: one saga', () => {
  it('a saga is loaded with its version, and is undefined before it begins', async () => {
    const { hear, store } = system.instance();
    const wish = aWish();
    expect(await store.load(system.sagaOf(wish))).toBeUndefined();
    await hear(wish);
    expect(await store.load(system.sagaOf(wish))).toMatchObject({
      version: 1,
      instance: { id: system.sagaOf(wish), subject: wish.subject, status: 'RUNNING', start: wish.data },
    });
  });

  it('a saga that was changed by hand into an unsound one is not loaded', async () => {
    const { hear, store } = system.instance();
    const wish = aWish();
    await hear(wish);
    await system.database.pool.query(
      `UPDATE saga_instance SET instance = jsonb_set(instance::jsonb, '{journal}', '[]')`,
    );
    await expect(store.load(system.sagaOf(wish))).rejects.toThrow(UnsoundSagaError);
    await expect(store.list({})).rejects.toThrow(UnsoundSagaError);
  });
});

describe('PostgresSagaStore: lists', () => {
  it('sagas are listed newest first, in pages that later changes do not shift', async () => {
    const { hear, store } = system.instance();
    const begun: string[] = [];
    for (const minute of [0, 1, 2, 2, 3]) {
      system.clock.now = NOON + minutes(minute);
      const wish = aWish();
      await hear(wish);
      begun.push(system.sagaOf(wish));
    }
    system.clock.now = NOON + minutes(10);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.sagas.map(({ instance }) => instance.id));
      await hear(aWish());
      cursor = page.next;
    } while (cursor !== undefined && ids.length < 10);
    const [oldest, older, one, other, newest] = begun;
    expect(ids).toHaveLength(5);
    expect([ids[0], ids[3], ids[4]]).toEqual([newest, older, oldest]);
    expect(new Set(ids.slice(1, 3))).toEqual(new Set([one, other]));
  });

  it('sagas are listed by status, name and subject, with their versions', async () => {
    const { hear, store } = system.instance();
    const [running, ended] = [aWish(), aWish()];
    await hear(running);
    await complete(ended);
    const idsOf = async (query: Parameters<typeof store.list>[0]) =>
      (await store.list(query)).sagas.map(({ instance, version }) => [instance.id, version]);
    expect(await idsOf({ status: 'COMPLETED' })).toEqual([[system.sagaOf(ended), 3]]);
    expect(await idsOf({ subject: running.subject })).toEqual([[system.sagaOf(running), 1]]);
    expect(await idsOf({ name: 'bake-and-serve', status: 'RUNNING' })).toEqual([[system.sagaOf(running), 1]]);
    expect(await idsOf({ name: 'another' })).toEqual([]);
  });

  it('the sagas of several subjects are listed together, and of no others', async () => {
    const { hear, store } = system.instance();
    const [one, other, third] = [aWish(), aWish(), aWish()];
    await hear(one, other, third);
    const of = async (...subjects: string[]) =>
      (await store.list({ subject: subjects })).sagas.map(({ instance }) => instance.subject).sort();
    expect(await of(one.subject, third.subject, newId())).toEqual([one.subject, third.subject].sort());
    expect(await of()).toEqual([]);
  });

  it('the pages of a span have each saga of it once, also of those that began in one millisecond, whatever begins meanwhile', async () => {
    const { hear, store } = system.instance();
    /** Two in each of four minutes; the first and the last two are without. */
    const begun: string[][] = [];
    for (const minute of [0, 1, 2, 3]) {
      system.clock.now = NOON + minutes(minute);
      const two = [aWish(), aWish()];
      await hear(...two);
      begun.push(two.map((wish) => system.sagaOf(wish)));
    }
    const span = { startedFrom: NOON + minutes(1), startedBefore: NOON + minutes(3) };
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const { sagas, next } = await store.list({ ...span, limit: 1, ...(cursor !== undefined && { cursor }) });
      pages.push(sagas.map(({ instance }) => instance.id));
      // Of the newest minute of the span, which the pages are past, and later than all.
      system.clock.now = pages.length < 2 ? NOON + minutes(9) : NOON + minutes(2) + 1;
      await hear(aWish());
      cursor = next;
    } while (cursor !== undefined && pages.length < 10);
    expect(pages.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    expect(pages.flat().map((id) => begun.findIndex((two) => two.includes(id)))).toEqual([2, 2, 1, 1]);
    expect(new Set(pages.flat()).size).toBe(4);
    // A cursor from without: of a newer saga it is the beginning, of an older one there is nothing behind it.
    const after = async (minute: number, limit = 100) =>
      (await store.list({ ...span, limit, cursor: `sagas.${NOON + minutes(minute)}.${begun[minute]?.[0] ?? ''}` }))
        .sagas;
    expect((await after(3, 1))[0]?.instance.startedAt).toBe(NOON + minutes(2) + 1);
    expect(await after(0)).toEqual([]);
  });

  it('a full last page has no cursor', async () => {
    const { hear, store } = system.instance();
    await hear(aWish());
    expect(await store.list({ limit: 1 })).not.toHaveProperty('next');
  });

  it('a foreign cursor and a page size out of bounds are refused', async () => {
    const { store } = system.instance();
    for (const cursor of [
      'bm90IG91cnM',
      '',
      `sagas.1.${'-'.repeat(36)}`,
      `sagas.9999999999999999.${newId()}`,
      `cakes.${newId()}`,
      `sagas.1.${newId()}\n`,
    ]) {
      await expect(store.list({ cursor })).rejects.toThrow(InvalidCursorError);
    }
    await expect(store.list({ limit: 0 })).rejects.toThrow(RangeError);
    await expect(store.list({ limit: PAGE_MAX + 1 })).rejects.toThrow(RangeError);
  });
});

describe('PostgresSagaStore: ended sagas', () => {
  it('a purge deletes sagas that ended before the limit, in chunks, and keeps live and later ended ones', async () => {
    const { hear, store } = system.instance();
    const [long, short, live, late] = [aWish(), aWish(), aWish(), aWish()];
    await hear(live, late);
    await complete(long);
    system.clock.now = NOON + seconds(1);
    await complete(short);
    // It began as early as the others, and ends only now.
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

  it('daily purges bound the table, and keep live, skipped and abandoned sagas', async () => {
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
      const { rows } = await system.database.pool.query<{ sagas: number; timers: number }>(
        'SELECT count(*)::int AS sagas, count(wake_at)::int AS timers FROM saga_instance',
      );
      expect(rows).toEqual([{ sagas: 3 + DAILY * Math.min(days, RETAIN_DAYS), timers: 1 }]);
      system.clock.now += day;
    }
    const kept = await Promise.all([live, skipped, abandoned].map((wish) => store.load(system.sagaOf(wish))));
    expect(kept.map((found) => found?.instance.status)).toEqual(['RUNNING', 'COMPLETED', 'ABANDONED']);
  }, 60_000);
});
