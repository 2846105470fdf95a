import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { ContendedError, emit, many, update } from './index.js';
import {
  delivered,
  type InstanceOptions,
  ReturnIngredients,
  reserve,
  Stock,
  IngredientsReturned,
  take,
  tinyKitchen,
} from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: instances that want the same rows at the same time lose no update, and each gets through.
 * Method: several instances on one PostgreSQL; a rival transaction of the spec's own holds rows where a moment has to be reached.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

/** A transaction that holds what it has changed until it is told to commit. */
async function rival(sql: string): Promise<{ commit: () => Promise<void> }> {
  const client = await kitchen.database.pool.connect();
  await client.query('BEGIN');
  await client.query(sql);
  return {
    commit: async () => {
      await client.query('COMMIT');
      client.release();
    },
  };
}

/** How many backends wait for a lock in this database. */
const waiting = async (): Promise<number> => {
  const { rows } = await kitchen.database.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
};

/** A request that takes one and says so, about one cake. */
const takeAndTell = (cakeId: string) => ({
  ...take,
  decide: (ingredient: string, { stock }: { stock: ReadonlyMap<string, Stock> }) => {
    const { answer, changes } = take.decide(ingredient, { stock });
    const said = emit(IngredientsReturned, { cakeId, items: [{ ingredient, amount: answer }] }, { of: changes[0] });
    return { answer, changes: [...changes, said] };
  },
});

it.each<[string, InstanceOptions]>([
  ['is optimistic', {}],
  ['takes its rows with locks', { optimisticTries: 0 }],
])('what an instance commits and cannot send is sent first by whoever says more, when that %s', async (_, options) => {
  const handler = takeAndTell(newId());
  const unheard = kitchen.instance({ unheard: true });
  const heard = kitchen.instance(options);
  await unheard.unitOfWork.request(handler, 'flour');
  await unheard.unitOfWork.request(handler, 'flour');
  await heard.unitOfWork.request(handler, 'flour');
  await heard.relay.drained();
  const left = kitchen.published.map(({ value }) => /"amount":(\d+)/.exec(value)?.[1]);
  expect(left).toEqual(['99', '98', '97']);
});

describe('a row that several instances want all the time', () => {
  it('is taken with locks after some lost tries, and no update is lost', async () => {
    const instances = Array.from({ length: 4 }, () => kitchen.instance({ optimisticTries: 1 }));
    await kitchen.database.pool.query(`UPDATE stock SET "left" = 1000 WHERE ingredient = 'flour'`);
    const hammer = async ({ unitOfWork }: (typeof instances)[number]): Promise<void> => {
      for (let n = 0; n < 25; n++) await unitOfWork.request(take, 'flour');
    };
    await Promise.all(instances.map(hammer));
    expect(await kitchen.left('flour')).toBe(900);
    expect(instances.reduce((sum, { counts }) => sum + counts.locked, 0)).toBeGreaterThan(0);
  });

  it('is waited for, once it is taken with locks, and then decided on as it was left', async () => {
    const { unitOfWork, counts } = kitchen.instance({ optimisticTries: 0 });
    const other = await rival(`UPDATE stock SET "left" = 50, version = version + 1 WHERE ingredient = 'flour'`);
    const answer = unitOfWork.request(take, 'flour');
    await waitUntil('it waits for the row', async () => (await waiting()) === 1);
    await other.commit();
    expect(await answer).toBe(49);
    expect(counts).toMatchObject({ conflicts: 0, locked: 1 });
  });

  it('is waited for only so long, and then tried again', async () => {
    const { unitOfWork, counts } = kitchen.instance({ optimisticTries: 0, lockTimeoutMs: 20 });
    const other = await rival(`UPDATE stock SET version = version + 1 WHERE ingredient = 'flour'`);
    const answer = unitOfWork.request(take, 'flour');
    await waitUntil('it has given up waiting', () => counts.conflicts > 0);
    await other.commit();
    expect(await answer).toBe(99);
  });

  it('and never gets is given back as contended, with nothing done', async () => {
    const { unitOfWork } = kitchen.instance({ optimisticTries: 0, lockTimeoutMs: 5, conflictsMax: 2 });
    const other = await rival(`UPDATE stock SET version = version + 1 WHERE ingredient = 'flour'`);
    await expect(unitOfWork.request(take, 'flour')).rejects.toThrow(ContendedError);
    await other.commit();
    expect(await kitchen.left('flour')).toBe(100);
  });
});

describe('two instances whose rows cross', () => {
  /** Takes one of each, in the order given. */
  const takeAll = {
    needs: (ingredients: readonly string[]) => ({ stock: many(Stock, ingredients) }),
    decide: (_: readonly string[], { stock }: { stock: ReadonlyMap<string, Stock> }) => ({
      answer: undefined,
      changes: [...stock.values()].map((row) => update(Stock, row, { left: row.left - 1 })),
    }),
  };

  it('deadlock in PostgreSQL, and both get through', async () => {
    const { unitOfWork, counts } = kitchen.instance();
    // The rival holds `sugar` and wants `flour`; the batch holds `flour` and wants `sugar`.
    const client = await kitchen.database.pool.connect();
    await client.query(`BEGIN; SET LOCAL deadlock_timeout = '1h'`);
    await client.query(`UPDATE stock SET version = version + 1, "left" = "left" - 1 WHERE ingredient = 'sugar'`);
    const both = unitOfWork.request(takeAll, ['flour', 'sugar']);
    await waitUntil('the batch waits for the rival', async () => (await waiting()) === 1);
    await client.query(`UPDATE stock SET version = version + 1, "left" = "left" - 1 WHERE ingredient = 'flour'`);
    await client.query('COMMIT');
    client.release();
    await both;
    expect(counts.causes[0]).toBe('TransactionRetryError');
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([98, 1]);
  });

  it('do not deadlock when they lock, in whatever order they name their rows', async () => {
    await kitchen.database.pool.query(`UPDATE stock SET "left" = 100`);
    const [one, two] = [kitchen.instance({ optimisticTries: 0 }), kitchen.instance({ optimisticTries: 0 })];
    for (let n = 0; n < 15; n++) {
      await Promise.all([
        one.unitOfWork.request(takeAll, ['flour', 'sugar']),
        two.unitOfWork.request(takeAll, ['sugar', 'flour']),
      ]);
    }
    expect([one.counts.conflicts, two.counts.conflicts]).toEqual([0, 0]);
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([70, 70]);
  });
});

it('two instances that reserve for one cake at once hold it once', async () => {
  const cakeId = newId();
  const both = [kitchen.instance(), kitchen.instance()];
  await Promise.all(both.map(({ consumer }) => consumer.deliver([delivered(reserve('flour', 1, cakeId))])));
  expect(await kitchen.count('hold')).toBe(1);
  expect(await kitchen.left('flour')).toBe(99);
  await Promise.all(both.map(({ relay }) => relay.drained()));
  // The second may send again what it finds of the first: one id.
  const answers = new Map(kitchen.published.map(({ headers }) => [headers['ce_id'], headers['ce_type']]));
  expect([...answers.values()]).toEqual(['IngredientsTaken', 'IngredientsTaken']);
});

it('a message whose key another instance has parked is held behind it', async () => {
  const [one, two] = [kitchen.instance(), kitchen.instance()];
  const bad = reserve('poison', 1);
  await one.consumer.deliver([delivered(bad)]);
  await two.consumer.deliver([delivered(aMessage(ReturnIngredients, bad.data)), delivered(reserve('flour', 1))]);
  expect(await two.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 1, discarded: 0 });
  expect(await kitchen.left('flour')).toBe(99);
});
