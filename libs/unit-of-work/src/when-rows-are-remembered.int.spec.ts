import { aMessage } from '@backstep/messages/testing';
import { newId } from '@backstep/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { many, one } from './index.js';
import { ABSENT_AFTER } from './memory/absences.js';
import {
  delivered,
  Hold,
  IngredientsTaken,
  reserve,
  ReturnIngredients,
  Supply,
  take,
  tinyKitchen,
} from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: a remembered row need not be read, and every write checks it: whoever else writes the rows, no update is lost and no decision
 * from a stale row is committed.
 * Method: an instance whose statements are counted; a rival that writes the same rows, as another instance would.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

/** An instance whose `did()` counts its reads and writes since the last call. */
function counted() {
  const pool = kitchen.ownPool({ max: 1 });
  const statements: string[] = [];
  pool.on('connect', (client) => {
    const { query } = client;
    client.query = ((config: string | pg.QueryConfig, ...rest: unknown[]) => {
      statements.push(typeof config === 'string' ? config : config.text);
      return query.apply(client, [config, ...rest] as never);
    }) as typeof query;
  });
  const instance = kitchen.instance({ pool });
  const did = () => {
    const all = statements.splice(0);
    const writes = all.filter((text) => text.startsWith('WITH')).length;
    return { reads: all.length - writes, writes };
  };
  return { ...instance, did };
}

/** Makes as many holds as it takes until the row of the next one is assumed to be absent. */
const reserveAFew = async ({ consumer }: Pick<ReturnType<typeof counted>, 'consumer'>): Promise<void> => {
  for (let n = 0; n < ABSENT_AFTER; n++) await consumer.deliver([delivered(reserve('flour', 1))]);
};

const rival = (sql: string) => kitchen.database.pool.query(sql);

/** A request that reads a supply and changes nothing. */
const look = {
  needs: (ingredient: string) => ({ supplies: many(Supply, [ingredient]) }),
  decide: (ingredient: string, { supplies }: { supplies: ReadonlyMap<string, Supply> }) => ({
    answer: supplies.get(ingredient)?.left,
    changes: [],
  }),
};

it('an outbox row that is acknowledged, and deleted by the next write of its key, is not read and sent again', async () => {
  const { consumer, relay, did } = counted();
  const cakeId = newId();
  const again = () =>
    consumer.deliver([delivered(aMessage(ReturnIngredients, { cakeId, items: [{ ingredient: 'flour', amount: 1 }] }))]);
  await relay.own([0]);
  await again();
  await relay.drained();
  did();
  await again();
  await relay.drained();
  // The one read asks whether the key is held.
  expect(did()).toEqual({ reads: 1, writes: 1 });
  expect(await kitchen.count('outbox')).toBe(1);
});

describe('a row that this process wrote last', () => {
  it('a row that this process wrote last is not read again', async () => {
    const { unitOfWork, did } = counted();
    await unitOfWork.request(take, 'flour');
    expect(did()).toEqual({ reads: 1, writes: 1 });
    for (let n = 0; n < 3; n++) await unitOfWork.request(take, 'flour');
    expect(did()).toEqual({ reads: 0, writes: 3 });
    expect(await kitchen.left('flour')).toBe(96);
  });

  it('a remembered row that another process has updated is read, and neither update is lost', async () => {
    const { unitOfWork, did, counts } = counted();
    await unitOfWork.request(take, 'flour');
    did();
    await rival(`UPDATE supply SET "left" = 50, version = version + 1 WHERE ingredient = 'flour'`);
    expect(await unitOfWork.request(take, 'flour')).toBe(49);
    expect(did()).toEqual({ reads: 1, writes: 2 });
    // A stale row is no conflict: no pause, no locks.
    expect(counts).toMatchObject({ conflicts: 0, locked: 0 });
  });

  it('a remembered row that was changed by hand is read: the database counts its version', async () => {
    const { unitOfWork, did } = counted();
    await unitOfWork.request(take, 'flour');
    did();
    await rival(`UPDATE supply SET "left" = 50 WHERE ingredient = 'flour'`);
    expect(await unitOfWork.request(take, 'flour')).toBe(49);
    expect(did()).toEqual({ reads: 1, writes: 2 });
    expect(await kitchen.left('flour')).toBe(49);
  });

  it('a remembered row that a decision reads and leaves unchanged is checked by the write', async () => {
    const { unitOfWork, did } = counted();
    await unitOfWork.request(take, 'flour');
    did();
    expect(await unitOfWork.request(look, 'flour')).toBe(99);
    expect(did()).toEqual({ reads: 0, writes: 1 });
    await rival(`UPDATE supply SET "left" = 50, version = version + 1 WHERE ingredient = 'flour'`);
    expect(await unitOfWork.request(look, 'flour')).toBe(50);
  });

  it('a remembered row that another process has deleted is absent', async () => {
    const { unitOfWork } = counted();
    await unitOfWork.request(take, 'flour');
    await rival(`DELETE FROM supply WHERE ingredient = 'flour'`);
    expect(await unitOfWork.request(look, 'flour')).toBeUndefined();
    await expect(unitOfWork.request(take, 'flour')).rejects.toThrow('there is no flour');
  });

  it('a decision that fails on remembered rows is made again on read rows: nothing is parked or refused', async () => {
    const { unitOfWork, consumer } = counted();
    await unitOfWork.request(take, 'sugar');
    await rival(`UPDATE supply SET "left" = 90, version = version + 1 WHERE ingredient = 'sugar'`);
    // From the remembered row the result would be below zero, which the table refuses.
    await consumer.deliver([delivered(reserve('sugar', 20))]);
    expect(await kitchen.left('sugar')).toBe(70);
    expect(await kitchen.count('parked_message')).toBe(0);
  });

  it('a remembered row is forgotten when a write of it fails', async () => {
    const { unitOfWork, did } = counted();
    await unitOfWork.request(take, 'sugar');
    await unitOfWork.request(take, 'sugar');
    await unitOfWork.request(take, 'sugar');
    await expect(unitOfWork.request(take, 'sugar')).rejects.toThrow();
    did();
    await rival(`UPDATE supply SET "left" = 2, version = version + 1 WHERE ingredient = 'sugar'`);
    expect(await unitOfWork.request(take, 'sugar')).toBe(1);
    expect(did()).toEqual({ reads: 1, writes: 1 });
  });
});

describe('a row that is assumed to be absent', () => {
  it('a new row is read until the last ones of its handler were absent, and then no more', async () => {
    const { consumer, did } = counted();
    const reads: number[] = [];
    for (let n = 0; n < ABSENT_AFTER + 3; n++) {
      await consumer.deliver([delivered(reserve('flour', 1))]);
      reads.push(did().reads);
    }
    expect(reads).toEqual([...Array.from({ length: ABSENT_AFTER }, () => 1), 0, 0, 0]);
  });

  it('a row that is there though assumed absent is read and decided on, and the next ones are read', async () => {
    const { consumer, relay, did } = counted();
    await reserveAFew({ consumer });
    did();
    const cakeId = newId();
    await consumer.deliver([delivered(reserve('flour', 2, cakeId))]);
    expect(did()).toEqual({ reads: 0, writes: 1 });
    // The same cake again, in another message.
    await consumer.deliver([delivered(reserve('flour', 2, cakeId))]);
    expect(did()).toEqual({ reads: 1, writes: 2 });
    await reserveAFew({ consumer });
    expect(did()).toEqual({ reads: ABSENT_AFTER, writes: ABSENT_AFTER });
    await consumer.deliver([delivered(reserve('flour', 2))]);
    expect(did()).toEqual({ reads: 0, writes: 1 });
    await relay.drained();
    expect(new Set(kitchen.published.map(({ headers }) => headers['ce_type']))).toEqual(
      new Set([IngredientsTaken.name]),
    );
    expect(await kitchen.left('flour')).toBe(100 - 2 * ABSENT_AFTER - 4);
  });

  it('an assumed absence that a decision only looks at is checked by the write', async () => {
    const { unitOfWork, did } = counted();
    const isThere = {
      needs: (cakeId: string) => ({ hold: one(Hold, cakeId) }),
      decide: (_: string, { hold }: { hold: Hold | undefined }) => ({ answer: hold !== undefined, changes: [] }),
    };
    const cakeId = newId();
    for (let n = 0; n < ABSENT_AFTER; n++) expect(await unitOfWork.request(isThere, cakeId)).toBe(false);
    did();
    expect(await unitOfWork.request(isThere, cakeId)).toBe(false);
    expect(did()).toEqual({ reads: 0, writes: 1 });
    await rival(`INSERT INTO hold VALUES ('${cakeId}', now(), 1)`);
    expect(await unitOfWork.request(isThere, cakeId)).toBe(true);
    expect(did()).toEqual({ reads: 1, writes: 1 });
  });
});

describe('a batch that reads nothing', () => {
  it('a batch that reads nothing still finds out that a key is held', async () => {
    const { unitOfWork, consumer, did } = counted();
    await reserveAFew({ consumer });
    const cakeId = newId();
    await consumer.deliver([delivered(reserve('flour', 1), { key: cakeId, value: 'no JSON' })]);
    did();
    await consumer.deliver([delivered(reserve('flour', 1, cakeId))]);
    expect(did()).toEqual({ reads: 1, writes: 2 });
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 1, discarded: 0 });
    expect(await kitchen.left('flour')).toBe(100 - ABSENT_AFTER);
  });

  it('a batch without a read is tried less and less often where its assumptions are always wrong', async () => {
    const { unitOfWork, did } = counted();
    let refused = 0;
    for (let n = 0; n < 60; n++) {
      await unitOfWork.request(take, 'flour');
      refused += did().writes - 1;
      await rival(`UPDATE supply SET version = version + 1 WHERE ingredient = 'flour'`);
    }
    expect(refused).toBeGreaterThan(2);
    expect(refused).toBeLessThan(8);
    expect(await kitchen.left('flour')).toBe(40);
  });
});
