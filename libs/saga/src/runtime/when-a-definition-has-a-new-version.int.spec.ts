import { command, event, message, newId, versionOf, type WireMessage } from '@backstep/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { compensatable, minutes, retriable, saga, seconds } from '../index.js';
import {
  bakeAndServe,
  BakeCake,
  BinCake,
  CakeBaked,
  CakeBinned,
  CakeServed,
  CakeWished,
  ServeCake,
} from '../testing/bakery.fixture.spec.js';
import { answer, aWish, baked, NOON, orchestrators, served } from './orchestrator.fixture.spec.js';

/**
 * Goal: a saga ends on the version of its definition that it began with, whichever versions are deployed meanwhile.
 * Method: instances with other versions on one PostgreSQL, with a clock of the spec's own.
 */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
});
afterAll(() => system.close());
beforeEach(() => system.reset());

/** Version 2 without the second step. */
const shorter = saga('bake-and-serve').startsOn(CakeWished, {
  version: 2,
  deadline: minutes(10),
  steps: [bakeAndServe(1).steps[0]!],
});

describe('when a new version of the definition is deployed', () => {
  it('a repeated start event leaves its saga alone, which finishes on the version it began with', async () => {
    const [wish] = await system.started(system.instance());
    if (!wish) throw new Error('nothing was wished');
    const upgraded = system.instance([bakeAndServe(1), bakeAndServe(2)]);
    await upgraded.hear({ ...wish, id: newId() });
    expect(await upgraded.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    expect(system.ignored).toEqual(['already_started']);
    await upgraded.hear(baked(system.last(wish.subject)));
    await upgraded.told();
    await upgraded.hear(served(system.last(wish.subject)));
    expect(await upgraded.store.load(system.sagaOf(wish))).toMatchObject({
      instance: { status: 'COMPLETED', definitionVersion: 1 },
    });
  });

  it('a saga goes on by the steps of its own version when the new version has others', async () => {
    const [wish] = await system.started(system.instance());
    if (!wish) throw new Error('nothing was wished');
    const upgraded = system.instance([bakeAndServe(1), shorter]);
    const [young] = await system.started(upgraded);
    if (!young) throw new Error('nothing was wished');
    await upgraded.hear(baked(system.last(wish.subject)), baked(system.last(young.subject)));
    await upgraded.told();
    expect(system.last(wish.subject).headers['ce_type']).toBe(ServeCake.name);
    expect(system.last(young.subject).headers['ce_type']).toBe(BakeCake.name);
    const statuses = await Promise.all([wish, young].map((one) => upgraded.store.load(system.sagaOf(one))));
    expect(statuses.map((found) => found?.instance.status)).toEqual(['RUNNING', 'COMPLETED']);
    await upgraded.hear(served(system.last(wish.subject)));
    expect((await upgraded.store.load(system.sagaOf(wish)))?.instance.status).toBe('COMPLETED');
  });

  it('sagas of a version that was removed too early are counted, and go on when it is back', async () => {
    const [wish] = await system.started(system.instance());
    if (!wish) throw new Error('nothing was wished');
    const hasty = system.instance([shorter]);
    await hasty.hear(baked(system.last(wish.subject)));
    expect(system.ignored).toEqual(['unknown_definition']);
    expect(await hasty.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    expect(await hasty.store.countUnended()).toEqual([
      { name: 'bake-and-serve', definitionVersion: 1, status: 'RUNNING', count: 1 },
    ]);
    system.clock.now = NOON + seconds(60);
    const mended = system.instance([bakeAndServe(1), shorter]);
    expect(await mended.timers.fireDue()).toBe(1);
    await mended.told();
    expect(system.attempts()).toEqual({ BakeCake: 2 });
    await mended.hear(baked(system.last(wish.subject)));
    await mended.told();
    await mended.hear(served(system.last(wish.subject)));
    expect((await mended.store.load(system.sagaOf(wish)))?.instance.status).toBe('COMPLETED');
  });

  it('an answer at an orchestrator without the saga’s version is passed over, and the command is sent again', async () => {
    const [older, newer] = [system.instance([bakeAndServe(1)]), system.instance([bakeAndServe(1), shorter])];
    const [young] = await system.started(newer);
    if (!young) throw new Error('nothing was wished');
    await older.hear(baked(system.last(young.subject)));
    expect(system.ignored).toEqual(['unknown_definition']);
    expect(await older.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    system.clock.now = NOON + seconds(60);
    expect(await newer.timers.fireDue()).toBe(1);
    await newer.told();
    await newer.hear(baked(system.last(young.subject)));
    expect((await newer.store.load(system.sagaOf(young)))?.instance.status).toBe('COMPLETED');
  });

  it('sagas of two versions each finish with the message versions that they name', async () => {
    const data = { version: 2, key: 'cakeId', summary: '' } as const;
    const CakeWishedV2 = event('counter', 'CakeWished', { ...data, data: CakeWished.schema });
    const BakeCakeV2 = command('kitchen', 'BakeCake', { ...data, data: BakeCake.schema });
    const CakeBakedV2 = event('kitchen', 'CakeBaked', { ...data, data: CakeBaked.schema });
    const renewed = saga('bake-and-serve').startsOn(CakeWishedV2, {
      version: 2,
      deadline: minutes(10),
      steps: [
        compensatable('bake', {
          ...{ send: BakeCakeV2, done: CakeBakedV2, undo: BinCake, undone: CakeBinned },
          timeout: seconds(10),
        }),
        retriable('serve', { send: ServeCake, done: CakeServed }),
      ],
    });
    const instance = system.instance([bakeAndServe(1), renewed]);
    const [before] = await system.started(instance);
    const after = message(CakeWishedV2, aWish().data, { source: CakeWishedV2.service });
    await instance.hear(after);
    await instance.told();
    if (!before) throw new Error('nothing was wished');
    const asked = [before, after].map(({ subject }) => system.last(subject));
    expect(asked.map(({ headers }) => versionOf(headers))).toEqual([1, 2]);
    const [first, second] = asked as [WireMessage, WireMessage];
    await instance.hear(baked(first), answer(second, CakeBakedV2, { cakeId: second.key }));
    await instance.told();
    await instance.hear(...[before, after].map(({ subject }) => served(system.last(subject))));
    const ends = await Promise.all([before, after].map((one) => instance.store.load(system.sagaOf(one))));
    expect(ends.map((found) => found?.instance)).toMatchObject([
      { status: 'COMPLETED', definitionVersion: 1 },
      { status: 'COMPLETED', definitionVersion: 2 },
    ]);
  });

  it('a new saga begins on the newest version', async () => {
    const upgraded = system.instance([bakeAndServe(1), bakeAndServe(2)]);
    const [wish] = await system.started(upgraded);
    expect(await upgraded.store.load(system.sagaOf(wish ?? aWish()))).toMatchObject({
      instance: { definitionVersion: 2 },
    });
  });
});
