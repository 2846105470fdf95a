import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { ContendedError } from './index.js';
import {
  delivered,
  reserve,
  ReturnIngredients,
  take,
  tinyKitchen,
  type InstanceOptions,
} from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: a row that somebody holds stops what needs this row, and nothing else; it is no outage, and nothing is parked for it.
 * Method: a transaction of the spec's own holds a row while messages and requests come that need it, and others.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());
/** A spec that has failed has left them open. */
const open = new Set<{ release(destroy: boolean): void }>();
afterEach(() => {
  for (const client of open) client.release(true);
  open.clear();
});

const LOCK_TIMEOUT_MS = 100;

const instance = ({ pool, ...options }: InstanceOptions = {}) =>
  kitchen.instance({ pool: pool ?? kitchen.ownPool({ lock_timeout: LOCK_TIMEOUT_MS }), ...options });

/** Somebody holds the row until he lets go. */
async function held(ingredient: string): Promise<{ letGo(): Promise<void> }> {
  const client = await kitchen.database.pool.connect();
  open.add(client);
  await client.query('BEGIN');
  await client.query('SELECT FROM supply WHERE ingredient = $1 FOR UPDATE', [ingredient]);
  return {
    letGo: async () => {
      open.delete(client);
      await client.query('COMMIT');
      client.release();
    },
  };
}

const isTaken = (ingredient: string, left: number): Promise<unknown> =>
  waitUntil(`${ingredient} is taken`, async () => (await kitchen.left(ingredient)) === left, 5_000);

describe('messages', () => {
  it.each([
    ['is optimistic', 3],
    ['takes its rows with locks', 0],
  ])(
    'messages that need a locked row wait, and the others of their batch are handled meanwhile, when the batch %s',
    async (_, optimisticTries) => {
      const { consumer, unitOfWork, counts } = instance({ optimisticTries });
      const somebody = await held('flour');
      const both = consumer.deliver([delivered(reserve('flour', 1)), delivered(reserve('sugar', 1))]);
      await isTaken('sugar', 2);
      expect(await kitchen.left('flour')).toBe(100);
      await somebody.letGo();
      await both;
      expect(await kitchen.left('flour')).toBe(99);
      expect(counts.causes).toEqual(['LockTimeoutError']);
      expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 0, held: 0 });
    },
  );

  it('messages that need a locked row and come later wait with those before them, and no batch waits for the row again', async () => {
    const { consumer, counts } = instance();
    const somebody = await held('flour');
    const first = consumer.deliver([delivered(reserve('flour', 1)), delivered(reserve('sugar', 1))]);
    await isTaken('sugar', 2);
    const second = consumer.deliver([delivered(reserve('flour', 1))]);
    await consumer.deliver([delivered(reserve('sugar', 1))]);
    expect(counts.conflicts).toBe(1);
    await somebody.letGo();
    await Promise.all([first, second]);
    expect([await kitchen.left('flour'), await kitchen.left('sugar')]).toEqual([98, 1]);
  });

  it('messages behind a blocked one of their key wait for it, whatever they need themselves', async () => {
    const { consumer, relay } = instance();
    const cakeId = newId();
    const somebody = await held('flour');
    const all = consumer.deliver([
      delivered(reserve('flour', 1, cakeId)),
      delivered(aMessage(ReturnIngredients, { cakeId, items: [] })),
      delivered(reserve('sugar', 1)),
    ]);
    await isTaken('sugar', 2);
    const later = consumer.deliver([delivered(aMessage(ReturnIngredients, { cakeId, items: [] }))]);
    await consumer.deliver([delivered(reserve('sugar', 1))]);
    expect(await kitchen.count('inbox')).toBe(2);
    await somebody.letGo();
    await Promise.all([all, later]);
    await relay.drained();
    const said = kitchen.published.filter(({ key }) => key === cakeId).map(({ headers }) => headers['ce_type']);
    expect(said).toEqual(['IngredientsTaken', 'IngredientsReturned', 'IngredientsReturned']);
  });

  it('messages that wait too long are given back as contended, and not parked', async () => {
    const { consumer, unitOfWork } = instance({ messageBlockedMs: 50 });
    const message = delivered(reserve('flour', 1));
    const somebody = await held('flour');
    await expect(consumer.deliver([message])).rejects.toMatchObject({ name: 'ContendedError', retryable: true });
    await somebody.letGo();
    await consumer.deliver([message]);
    expect(await kitchen.left('flour')).toBe(99);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 0, held: 0 });
  });

  it('messages whose statement times out on a locked row wait for that row: the database is not away', async () => {
    const { consumer, counts } = instance({ pool: kitchen.ownPool({ statement_timeout: 50 }) });
    const somebody = await held('flour');
    const both = consumer.deliver([delivered(reserve('flour', 1)), delivered(reserve('sugar', 1))]);
    await isTaken('sugar', 2);
    await somebody.letGo();
    await both;
    expect(counts.causes).toEqual(['LockTimeoutError']);
  });

  it('messages that wait are given back when the process is to end', async () => {
    const { consumer, unitOfWork } = instance();
    const somebody = await held('flour');
    const both = consumer.deliver([delivered(reserve('flour', 1)), delivered(reserve('sugar', 1))]);
    const outcome = expect(both).rejects.toThrow(ContendedError);
    await isTaken('sugar', 2);
    unitOfWork.stopWaiting();
    await outcome;
    await unitOfWork.idle();
    await somebody.letGo();
  });
});

describe('a request', () => {
  it('a request that needs a locked row is answered when the row is free', async () => {
    const { unitOfWork } = instance();
    const somebody = await held('flour');
    const waiting = unitOfWork.request(take, 'flour');
    expect(await unitOfWork.request(take, 'sugar')).toBe(2);
    await somebody.letGo();
    expect(await waiting).toBe(99);
  });

  it('a request that needs a row which stays locked fails with ContendedError, and nothing of it is done', async () => {
    const { unitOfWork } = instance({ requestBlockedMs: 50 });
    const somebody = await held('flour');
    await expect(unitOfWork.request(take, 'flour')).rejects.toThrow(ContendedError);
    await somebody.letGo();
    expect(await kitchen.left('flour')).toBe(100);
  });
});
