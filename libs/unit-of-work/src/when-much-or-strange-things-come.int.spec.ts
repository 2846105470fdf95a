import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { delivered, IngredientsTaken, reserve, take, tinyKitchen } from './tiny-kitchen.fixture.spec.js';
import { emit, OverloadedError } from './index.js';

/** Goal: bounds hold, and what no sane sender sends is parked instead of stopping the rest. */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

describe('more than a batch takes', () => {
  it('is handled in several batches, none larger than allowed', async () => {
    const { consumer, counts } = kitchen.instance({ batchMax: 8 });
    await consumer.deliver(Array.from({ length: 30 }, () => delivered(reserve('flour', 1))));
    expect(counts.batches).toEqual([8, 8, 8, 6]);
    expect(await kitchen.left('flour')).toBe(70);
  });

  it('of requests than may wait is refused at once, and there is room again later', async () => {
    const { unitOfWork } = kitchen.instance({ requestQueueMax: 3 });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => unitOfWork.request(take, 'flour')));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(outcomes[4]).toMatchObject({ reason: expect.any(OverloadedError) });
    expect(await unitOfWork.request(take, 'flour')).toBe(96);
  });
});

describe('what would make a message larger than Kafka takes', () => {
  const sending = {
    needs: take.needs,
    decide: (ingredient: string, { stock }: Parameters<typeof take.decide>[1]) => {
      const taken = take.decide(ingredient, { stock });
      const cakeId = newId();
      const items = [{ ingredient, amount: 1 }];
      return { ...taken, changes: [...taken.changes, emit(IngredientsTaken, { cakeId, items })] };
    },
  };

  it('is refused as a request, and nothing of it is stored; others of its batch are', async () => {
    const { unitOfWork } = kitchen.instance({ largestMessage: 100 });
    const [large, small] = await Promise.allSettled([
      unitOfWork.request(sending, 'flour'),
      unitOfWork.request(take, 'flour'),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: { name: 'InvalidMessageError', reason: 'oversize' } });
    expect(small).toMatchObject({ status: 'fulfilled', value: 99 });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('is parked as a message, with the cause', async () => {
    const { consumer, unitOfWork } = kitchen.instance({ largestMessage: 100 });
    await consumer.deliver([delivered(reserve('flour', 1))]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
    const { rows } = await kitchen.database.pool.query('SELECT cause, error FROM parked_message');
    expect(rows).toEqual([
      { cause: 'handler_failed', error: expect.stringMatching(/IngredientsTaken has \d+ bytes; Kafka takes 100/) },
    ]);
    expect(await kitchen.left('flour')).toBe(100);
  });
});

describe('a message that no sane sender sends', () => {
  it('with a zero byte in its key is parked, and the rest go on', async () => {
    const { consumer, unitOfWork } = kitchen.instance();
    const strange = delivered(reserve('flour', 1), { key: 'zero \u0000 byte', headers: {} });
    await consumer.deliver([strange, delivered(reserve('flour', 1))]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('with a zero byte in its key, which could be handled, is held behind the one before it', async () => {
    const { consumer, unitOfWork } = kitchen.instance();
    const key = 'zero \u0000 byte';
    await consumer.deliver([delivered(reserve('poison', 1), { key })]);
    await consumer.deliver([delivered(reserve('flour', 1), { key })]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1, held: 1 });
  });

  it('with a saga id or traceparent that is none does no harm', async () => {
    const { consumer, relay } = kitchen.instance();
    const headers = { ...delivered(reserve('flour', 1)).headers, ce_sagaid: 'a \u0000 b', traceparent: '\ud800' };
    await consumer.deliver([delivered(reserve('flour', 1), { headers })]);
    await relay.drained();
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('with its ids in capitals means the same rows', async () => {
    const { consumer, unitOfWork } = kitchen.instance();
    const small = reserve('flour', 1);
    const capitals = reserve('flour', 1, small.data.cakeId.toUpperCase());
    await consumer.deliver([delivered(small)]);
    await consumer.deliver([delivered(capitals)]);
    expect(await kitchen.count('hold')).toBe(1);
    expect(await kitchen.left('flour')).toBe(99);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 0 });
  });
});
