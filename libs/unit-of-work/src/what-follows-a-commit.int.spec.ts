import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@backstep/messages';
import { afterCommit, effect, Handles, many, update, type Change, type Loaded } from './index.js';
import { delivered, reserve, TakeIngredients, Supply, tinyKitchen } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: the effects that a handler returns follow its commit once, and no effect follows what was not committed.
 * Method: handlers that return effects, an instance that listens, a rival that writes the same rows as another instance would.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

interface Wish {
  readonly ingredient: string;
  readonly amount: number;
}
const Taken = effect<Supply>('taken');
const Wished = effect<Wish>('wished');

const taking = (wish: Wish, row: Supply | undefined): Change[] => {
  if (!row) throw new Error(`there is no ${wish.ingredient}`);
  const taken = update(Supply, row, { left: row.left - wish.amount });
  return [taken, afterCommit(Taken, taken), afterCommit(Wished, wish)];
};

const takeAndTell = {
  needs: ({ ingredient }: Wish) => ({ supplies: many(Supply, [ingredient]) }),
  decide: (wish: Wish, { supplies }: { supplies: ReadonlyMap<string, Supply> }) => ({
    answer: undefined,
    changes: taking(wish, supplies.get(wish.ingredient)),
  }),
};

@Handles(TakeIngredients)
class ReserveAndTell {
  needs({ data: { items } }: Message<typeof TakeIngredients>) {
    return {
      supplies: many(
        Supply,
        items.map(({ ingredient }) => ingredient),
      ),
    };
  }
  decide({ data: { items } }: Message<typeof TakeIngredients>, { supplies }: Loaded<ReserveAndTell>) {
    return items.flatMap((wish) => taking(wish, supplies.get(wish.ingredient)));
  }
}

function listening() {
  const instance = kitchen.instance({ handlers: [new ReserveAndTell()] });
  const heard: { taken: Supply[][]; wished: Wish[][] } = { taken: [], wished: [] };
  instance.unitOfWork.on(Taken, (rows) => heard.taken.push(rows.map((row) => ({ ...row }))));
  instance.unitOfWork.on(Wished, (wishes) => heard.wished.push([...wishes]));
  return { ...instance, heard };
}

describe('an effect', () => {
  it('a listener is called once a commit, with each row as its decision left it, version included', async () => {
    const { consumer, heard } = listening();
    await consumer.deliver([
      delivered(reserve('flour', 2)),
      delivered(reserve('sugar', 1)),
      delivered(reserve('flour', 3)),
    ]);
    await consumer.deliver([delivered(reserve('flour', 5))]);
    expect(heard.taken).toEqual([
      [
        { ingredient: 'flour', left: 98, version: 2 },
        { ingredient: 'sugar', left: 2, version: 2 },
        { ingredient: 'flour', left: 95, version: 3 },
      ],
      [{ ingredient: 'flour', left: 90, version: 4 }],
    ]);
    expect(heard.wished.flat().map(({ amount }) => amount)).toEqual([2, 1, 3, 5]);
  });

  it('an effect of a request is called before the request is answered', async () => {
    const { unitOfWork, heard } = listening();
    await unitOfWork.request(takeAndTell, { ingredient: 'flour', amount: 1 });
    expect(heard.wished).toEqual([[{ ingredient: 'flour', amount: 1 }]]);
  });

  it('no effect is called for a request that was refused, a message that was parked, or a duplicate', async () => {
    const { unitOfWork, consumer, heard } = listening();
    await expect(unitOfWork.request(takeAndTell, { ingredient: 'honey', amount: 1 })).rejects.toThrow(
      'there is no honey',
    );
    const good = delivered(reserve('flour', 1));
    // Three are left: PostgreSQL refuses the whole batch.
    await consumer.deliver([good, delivered(reserve('sugar', 4))]);
    await consumer.deliver([good]);
    expect(heard.taken).toEqual([[{ ingredient: 'flour', left: 99, version: 2 }]]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
  });

  it('an effect is called for the attempt that was committed, not for the one that lost a version check', async () => {
    const { unitOfWork, heard } = listening();
    await unitOfWork.request(takeAndTell, { ingredient: 'flour', amount: 1 });
    await kitchen.database.pool.query(
      `UPDATE supply SET "left" = 50, version = version + 1 WHERE ingredient = 'flour'`,
    );
    await unitOfWork.request(takeAndTell, { ingredient: 'flour', amount: 1 });
    expect(heard.taken.flat().map(({ left }) => left)).toEqual([99, 49]);
  });

  it('a listener that throws changes neither the commit nor the answer, and the other listeners are called', async () => {
    const { unitOfWork, heard, passedOver } = listening();
    unitOfWork.on(Taken, () => {
      throw new Error('the listener is broken');
    });
    let last = 0;
    unitOfWork.on(Taken, (rows) => (last = rows.length));
    await unitOfWork.request(takeAndTell, { ingredient: 'flour', amount: 1 });
    expect(passedOver.effects).toEqual(['taken: Error: the listener is broken']);
    expect([last, heard.taken.length, heard.wished.length]).toEqual([1, 1, 1]);
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('an effect with a row change that its handler does not return is an error, and nothing is written', async () => {
    const { unitOfWork, heard } = listening();
    const forgetful = {
      needs: takeAndTell.needs,
      decide: (wish: Wish, state: { supplies: ReadonlyMap<string, Supply> }) => ({
        answer: undefined,
        changes: takeAndTell.decide(wish, state).changes.slice(1),
      }),
    };
    await expect(unitOfWork.request(forgetful, { ingredient: 'flour', amount: 1 })).rejects.toThrow(
      'taken tells of a change that is not decided before it',
    );
    expect(heard).toEqual({ taken: [], wished: [] });
    expect(await kitchen.left('flour')).toBe(100);
  });
});
