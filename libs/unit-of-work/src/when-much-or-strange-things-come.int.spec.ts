import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { delivered, IngredientsTaken, reserve, take, tinyKitchen } from './tiny-kitchen.fixture.spec.js';
import { emit, OverloadedError } from './index.js';

/** Goal: bounds hold, and a malformed message is parked without stopping the others. Method: a tiny kitchen on a real PostgreSQL. */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

describe('more than a batch takes', () => {
  it('messages beyond batchMax are handled in several batches, none larger', async () => {
    const { consumer, counts } = kitchen.instance({ batchMax: 8 });
    await consumer.deliver(Array.from({ length: 30 }, () => delivered(reserve('flour', 1))));
    expect(counts.batches).toEqual([8, 8, 8, 6]);
    expect(await kitchen.left('flour')).toBe(70);
  });

  it('a request beyond requestQueueMax is refused at once, and a later one is accepted', async () => {
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

describe('an outgoing message larger than Kafka takes', () => {
  const sending = {
    needs: take.needs,
    decide: (ingredient: string, { supplies }: Parameters<typeof take.decide>[1]) => {
      const taken = take.decide(ingredient, { supplies });
      const cakeId = newId();
      const items = [{ ingredient, amount: 1 }];
      return { ...taken, changes: [...taken.changes, emit(IngredientsTaken, { cakeId, items })] };
    },
  };

  it('a request whose message is too large for Kafka is refused without effect; the rest of its batch commits', async () => {
    const { unitOfWork } = kitchen.instance({ largestMessage: 100 });
    const [large, small] = await Promise.allSettled([
      unitOfWork.request(sending, 'flour'),
      unitOfWork.request(take, 'flour'),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: { name: 'InvalidMessageError', reason: 'oversize' } });
    expect(small).toMatchObject({ status: 'fulfilled', value: 99 });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('a message whose event is too large for Kafka is parked with that cause', async () => {
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
  it('an unreadable message with a zero byte in its key is parked, and the rest of its batch is handled', async () => {
    const { consumer, unitOfWork } = kitchen.instance();
    const strange = delivered(reserve('flour', 1), { key: 'zero \u0000 byte', headers: {} });
    await consumer.deliver([strange, delivered(reserve('flour', 1))]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1 });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('a message with a zero byte in its key is held behind a parked message of that key', async () => {
    const { consumer, unitOfWork } = kitchen.instance();
    const key = 'zero \u0000 byte';
    await consumer.deliver([delivered(reserve('poison', 1), { key })]);
    await consumer.deliver([delivered(reserve('flour', 1), { key })]);
    expect(await unitOfWork.parkingLot.counts()).toMatchObject({ poisoned: 1, held: 1 });
  });

  it('a message with a malformed saga id and traceparent is handled', async () => {
    const { consumer, relay } = kitchen.instance();
    const headers = { ...delivered(reserve('flour', 1)).headers, ce_sagaid: 'a \u0000 b', traceparent: '\ud800' };
    await consumer.deliver([delivered(reserve('flour', 1), { headers })]);
    await relay.drained();
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('a message with its ids in upper case is about the same rows', async () => {
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
