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
  Supply,
  IngredientsReturned,
  take,
  tinyKitchen,
} from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: instances that write the same rows at the same time lose no update, and each of them commits in the end.
 * Method: several instances on one PostgreSQL; a rival transaction locks rows where the spec needs a certain moment.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

/** A transaction that keeps its row locks until `commit()`. */
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

/** A request that takes one unit and emits an event about one cake. */
const takeAndTell = (cakeId: string) => ({
  ...take,
  decide: (ingredient: string, { supplies }: { supplies: ReadonlyMap<string, Supply> }) => {
    const { answer, changes } = take.decide(ingredient, { supplies });
    const said = emit(IngredientsReturned, { cakeId, items: [{ ingredient, amount: answer }] }, { of: changes[0] });
    return { answer, changes: [...changes, said] };
  },
});

it.each<[string, InstanceOptions]>([
  ['is optimistic', {}],
  ['takes its rows with locks', { optimisticTries: 0 }],
])(
  'the unsent messages of a key are sent first by the instance that sends the next one, when it %s',
  async (_, options) => {
    const handler = takeAndTell(newId());
    const unheard = kitchen.instance({ unheard: true });
    const heard = kitchen.instance(options);
    await unheard.unitOfWork.request(handler, 'flour');
    await unheard.unitOfWork.request(handler, 'flour');
    await heard.unitOfWork.request(handler, 'flour');
    await heard.relay.drained();
    const left = kitchen.published.map(({ value }) => /"amount":(\d+)/.exec(value)?.[1]);
    expect(left).toEqual(['99', '98', '97']);
  },
);

describe('a row that several instances want all the time', () => {
  it('a contended row is locked after some lost attempts, and no update is lost', async () => {
    const instances = Array.from({ length: 4 }, () => kitchen.instance({ optimisticTries: 1 }));
    await kitchen.database.pool.query(`UPDATE supply SET "left" = 1000 WHERE ingredient = 'flour'`);
    const hammer = async ({ unitOfWork }: (typeof instances)[number]): Promise<void> => {
      for (let n = 0; n < 25; n++) await unitOfWork.request(take, 'flour');
    };
    await Promise.all(instances.map(hammer));
    expect(await kitchen.left('flour')).toBe(900);
    expect(instances.reduce((sum, { counts }) => sum + counts.locked, 0)).toBeGreaterThan(0);
  });

  it('a batch that takes locks waits for a locked row, and decides from what the other transaction left', async () => {
    const { unitOfWork, counts } = kitchen.instance({ optimisticTries: 0 });
    const other = await rival(`UPDATE supply SET "left" = 50, version = version + 1 WHERE ingredient = 'flour'`);
    const answer = unitOfWork.request(take, 'flour');
    await waitUntil('it waits for the row', async () => (await waiting()) === 1);
    await other.commit();
    expect(await answer).toBe(49);
    expect(counts).toMatchObject({ conflicts: 0, locked: 1 });
  });

  it('a batch waits for a locked row until the lock timeout, and then tries again', async () => {
    const { unitOfWork, counts } = kitchen.instance({ optimisticTries: 0, lockTimeoutMs: 20 });
    const other = await rival(`UPDATE supply SET version = version + 1 WHERE ingredient = 'flour'`);
    const answer = unitOfWork.request(take, 'flour');
    await waitUntil('it has given up waiting', () => counts.conflicts > 0);
    await other.commit();
    expect(await answer).toBe(99);
  });

  it('a batch that never gets its locks fails with ContendedError, and nothing is written', async () => {
    const { unitOfWork } = kitchen.instance({ optimisticTries: 0, lockTimeoutMs: 5, requestBlockedMs: 20 });
    const other = await rival(`UPDATE supply SET version = version + 1 WHERE ingredient = 'flour'`);
    await expect(unitOfWork.request(take, 'flour')).rejects.toThrow(ContendedError);
    await other.commit();
    expect(await kitchen.left('flour')).toBe(100);
  });
});

describe('two instances whose rows cross', () => {
  /** Takes one of each, in the order given. */
  const takeAll = {
    needs: (ingredients: readonly string[]) => ({ supplies: many(Supply, ingredients) }),
    decide: (_: readonly string[], { supplies }: { supplies: ReadonlyMap<string, Supply> }) => ({
      answer: undefined,
      changes: [...supplies.values()].map((row) => update(Supply, row, { left: row.left - 1 })),
    }),
  };

  it('a batch that PostgreSQL ends for a deadlock runs again, and both transactions commit', async () => {
    const { unitOfWork, counts } = kitchen.instance();
    // The rival holds `sugar` and wants `flour`; the batch holds `flour` and wants `sugar`.
    const client = await kitchen.database.pool.connect();
    await client.query(`BEGIN; SET LOCAL deadlock_timeout = '1h'`);
    await client.query(`UPDATE supply SET version = version + 1, "left" = "left" - 1 WHERE ingredient = 'sugar'`);
    const both = unitOfWork.request(takeAll, ['flour', 'sugar']);
    await waitUntil('the batch waits for the rival', async () => (await waiting()) === 1);
    await client.query(`UPDATE supply SET version = version + 1, "left" = "left" - 1 WHERE ingredient = 'flour'`);
    await client.query('COMMIT');
    client.release();
    await both;
    expect(counts.causes[0]).toBe('TransactionRetryError');
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([98, 1]);
  });

  it('two instances that take locks do not deadlock, in whatever order their handlers name the rows', async () => {
    await kitchen.database.pool.query(`UPDATE supply SET "left" = 100`);
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

it('two instances that get two commands for one cake at once take its ingredients once', async () => {
  const cakeId = newId();
  const both = [kitchen.instance(), kitchen.instance()];
  await Promise.all(both.map(({ consumer }) => consumer.deliver([delivered(reserve('flour', 1, cakeId))])));
  expect(await kitchen.count('hold')).toBe(1);
  expect(await kitchen.left('flour')).toBe(99);
  await Promise.all(both.map(({ relay }) => relay.drained()));
  // The second instance may send the first one's message again, under the same id.
  const answers = new Map(kitchen.published.map(({ headers }) => [headers['ce_id'], headers['ce_type']]));
  expect([...answers.values()]).toEqual(['IngredientsTaken', 'IngredientsTaken']);
});

it('a message is held when another instance has parked a message of its key', async () => {
  const [one, two] = [kitchen.instance(), kitchen.instance()];
  const bad = reserve('poison', 1);
  await one.consumer.deliver([delivered(bad)]);
  await two.consumer.deliver([delivered(aMessage(ReturnIngredients, bad.data)), delivered(reserve('flour', 1))]);
  expect(await two.unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 1, discarded: 0 });
  expect(await kitchen.left('flour')).toBe(99);
});
