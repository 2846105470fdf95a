import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type Message } from '@backstep/messages';
import { demand, Handles, many, update, type Loaded, type SharedPart } from './index.js';
import { delivered, reserve, Supply, take, TakeIngredients, tinyKitchen } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: what a decision demands of the write beside rows holds at the commit, or that decision alone is not committed.
 * Method: messages and requests that demand a permit, which is a row of a table; some are missing, and some of those may come later.
 */
class PermitMissingError extends Error {
  override readonly name = 'PermitMissingError';
  readonly parkedAs = 'no_permit';
  constructor(readonly retryable: boolean) {
    super('there is no permit');
  }
}

/** A permit whose name begins with `later` may come: its message is to be delivered again. */
const PERMITS: SharedPart<string> = {
  name: 'permits',
  collect: () => {
    const names = new Set<string>();
    return {
      add: (name) => void names.add(name),
      parts: () => [
        {
          name: 'permit',
          sql: 'SELECT 1 FROM permit WHERE name = ANY($1::text[]) FOR SHARE',
          params: [[...names].sort()],
          rows: names.size,
        },
      ],
    };
  },
  refusals: async (executor, names) => {
    const { rows } = await executor.query('SELECT name FROM permit', []);
    const given = new Set((rows as { name: string }[]).map(({ name }) => name));
    return names.map((name) => (given.has(name) ? undefined : new PermitMissingError(name.startsWith('later'))));
  },
};

/** The ingredient's name, up to the colon; behind it the permit that is demanded. */
const split = (ingredient: string): [string, string | undefined] =>
  ingredient.split(':') as [string, string | undefined];

@Handles(TakeIngredients)
class TakeWithPermit {
  needs({ data }: Message<typeof TakeIngredients>) {
    return {
      supplies: many(
        Supply,
        data.items.map(({ ingredient }) => split(ingredient)[0]),
      ),
    };
  }
  decide({ data }: Message<typeof TakeIngredients>, { supplies }: Loaded<TakeWithPermit>) {
    return data.items.flatMap(({ ingredient, amount }) => {
      const [name, permit] = split(ingredient);
      const row = supplies.get(name);
      if (!row) throw new Error(`no ${name}`);
      const taken = update(Supply, row, { left: row.left - amount });
      return permit === undefined ? [taken] : [taken, demand(PERMITS, permit)];
    });
  }
}

let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
  await kitchen.database.pool.query('CREATE TABLE permit (name text PRIMARY KEY)');
});
afterAll(() => kitchen.close());
beforeEach(async () => {
  await kitchen.reset();
  await kitchen.database.pool.query(`TRUNCATE permit; INSERT INTO permit VALUES ('a'), ('b')`);
});

const instance = () => kitchen.instance({ handlers: [new TakeWithPermit()] });

describe('a decision that demands something of the write', () => {
  it('decisions whose demands hold are committed in one batch', async () => {
    const { consumer, counts } = instance();
    await consumer.deliver(['flour:a', 'flour:b', 'sugar'].map((what) => delivered(reserve(what, 1))));
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([98, 2]);
    expect(counts).toMatchObject({ batches: [3], conflicts: 0 });
  });

  it('a message whose demand does not hold is parked with the cause that its error names, and the others are committed', async () => {
    const { consumer, unitOfWork } = instance();
    await consumer.deliver(['flour:a', 'flour:never', 'sugar'].map((what) => delivered(reserve(what, 1))));
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([99, 2]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
    const { rows } = await kitchen.database.pool.query('SELECT cause FROM parked_message');
    expect(rows).toEqual([{ cause: 'no_permit' }]);
  });

  it('a message whose demand may hold later comes again, with those of its key behind it; what was before it is committed', async () => {
    const { consumer, unitOfWork } = instance();
    const [cakeId, other] = [newId(), newId()];
    const messages = [
      delivered(reserve('flour', 1, cakeId)),
      delivered(reserve('flour:later', 10, cakeId)),
      delivered(reserve('flour:a', 20, cakeId)),
      delivered(reserve('flour:b', 2, other)),
    ];
    await expect(consumer.deliver(messages)).rejects.toMatchObject({ name: 'PermitMissingError', retryable: true });
    expect(await kitchen.left('flour')).toBe(97);
    expect(await kitchen.count('parked_message')).toBe(0);

    await kitchen.database.pool.query(`INSERT INTO permit VALUES ('later')`);
    await consumer.deliver(messages);
    expect(await kitchen.left('flour')).toBe(67);
    await unitOfWork.idle();
  });

  it('a request whose demand does not hold is rejected with its error, and nothing of it is written', async () => {
    const { unitOfWork } = instance();
    const demanding = {
      needs: take.needs,
      decide: (ingredient: string, given: { supplies: ReadonlyMap<string, Supply> }) => {
        const { answer, changes } = take.decide(ingredient, given);
        return { answer, changes: [...changes, demand(PERMITS, 'never')] };
      },
    };
    const [taken, refused] = await Promise.allSettled([
      unitOfWork.request(take, 'flour'),
      unitOfWork.request(demanding, 'flour'),
    ]);
    expect(taken).toMatchObject({ status: 'fulfilled', value: 99 });
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(PermitMissingError);
    expect(await kitchen.left('flour')).toBe(99);
  });
});
