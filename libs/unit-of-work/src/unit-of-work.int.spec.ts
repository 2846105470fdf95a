import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aMessage } from '@backstep/messages/testing';
import { waitUntil } from '@backstep/testing';
import { delivered, ReturnIngredients, reserve, take, tinyKitchen } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: batches are handled once, whole and in order, whatever fails. Method: a tiny kitchen on a real PostgreSQL, with a publisher
 * that keeps each message.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
const instance = () => kitchen.instance();
const left = (ingredient: string) => kitchen.left(ingredient);
const count = (table: string) => kitchen.count(table);

beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

describe('a batch of messages', () => {
  it('a batch is handled in one commit: each message sees the changes of those before it, events keep the order', async () => {
    const { consumer, relay } = instance();
    await consumer.deliver(Array.from({ length: 50 }, () => delivered(reserve('flour', 2))));
    await relay.drained();
    expect(await left('flour')).toBe(0);
    expect(await count('hold')).toBe(50);
    expect(kitchen.published).toHaveLength(50);
    expect(kitchen.published[0]?.headers).toMatchObject({
      ce_type: 'IngredientsTaken',
      ce_source: 'kitchen',
      ce_aggregateversion: '1',
    });
  });

  it('a message counts once when its batch is delivered again, whole, in part, or with the message twice', async () => {
    const { consumer, relay, counts } = instance();
    const [a, b, c] = [delivered(reserve('flour', 1)), delivered(reserve('flour', 1)), delivered(reserve('flour', 1))];
    await consumer.deliver([a, b, b]);
    await consumer.deliver([a, b]);
    await consumer.deliver([b, c, a]);
    await relay.drained();
    expect(await left('flour')).toBe(97);
    expect(kitchen.published).toHaveLength(3);
    expect(counts.duplicates).toBe(5);
  });

  it('an outbox row is deleted once Kafka has acknowledged its message', async () => {
    const { consumer } = instance();
    await consumer.deliver([delivered(reserve('flour', 1))]);
    await waitUntil('the outbox is empty', async () => (await count('outbox')) === 0);
    expect(kitchen.published).toHaveLength(1);
  });
});

describe('two instances on the same rows', () => {
  it('two instances lose no update of a row: the one whose version check fails decides again', async () => {
    const [one, two] = [instance(), instance()];
    const twenty = () => Array.from({ length: 20 }, () => delivered(reserve('flour', 1)));
    for (let round = 0; round < 2; round++)
      await Promise.all([one.consumer.deliver(twenty()), two.consumer.deliver(twenty())]);
    expect(await left('flour')).toBe(20);
    expect(await count('hold')).toBe(80);
  });

  it('a message that two instances get is handled once', async () => {
    const both = [instance(), instance()];
    const same = Array.from({ length: 30 }, () => delivered(reserve('flour', 1)));
    await Promise.all(both.map(({ consumer }) => consumer.deliver(same)));
    expect(await left('flour')).toBe(70);
    await Promise.all(both.map(({ relay }) => relay.drained()));
    expect(kitchen.published).toHaveLength(30);
  });
});

describe('a poisoned message', () => {
  const healthy = () => delivered(reserve('flour', 1));

  it.each([
    ['handler_failed', () => delivered(reserve('poison', 1))],
    ['bad_json', () => delivered(reserve('flour', 1), { value: '{' })],
    ['null_value', () => delivered(reserve('flour', 1), { value: null })],
    [
      'unknown_type',
      () =>
        delivered(reserve('flour', 1), { headers: { ...delivered(reserve('flour', 1)).headers, ce_type: 'Dance' } }),
    ],
    ['not_cloudevents', () => delivered(reserve('flour', 1), { headers: {}, value: 'zero \u0000 byte' })],
    ['handler_failed', () => delivered(reserve('sugar', 4))],
  ])(
    'a poisoned message is parked alone with cause %s, and the rest of its batch is handled',
    async (cause, poison) => {
      const { consumer, unitOfWork } = instance();
      const bad = poison();
      await consumer.deliver([healthy(), healthy(), bad, healthy(), healthy(), healthy()]);
      expect(await left('flour')).toBe(95);
      const [parked, ...others] = await unitOfWork.parkingLot.list({ limit: 10 });
      expect(others).toEqual([]);
      expect(parked).toMatchObject({
        state: 'poisoned',
        cause,
        topic: bad.topic,
        partition: 0,
        offset: bad.offset,
      });
      const { headers, value } = bad;
      expect(await unitOfWork.parkingLot.look(parked?.id ?? '')).toMatchObject({ headers, value });
    },
  );

  it('a poisoned message is parked once however often it is delivered', async () => {
    const { consumer, unitOfWork } = instance();
    const bad = delivered(reserve('flour', 1), { headers: {} });
    await consumer.deliver([bad, healthy()]);
    await consumer.deliver([bad]);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 0, discarded: 0 });
  });

  it('a poisoned message holds its key, and no other key, until it is replayed', async () => {
    const { consumer, unitOfWork, relay } = instance();
    const bad = reserve('sugar', 4);
    const behind = aMessage(ReturnIngredients, bad.data);
    await consumer.deliver([delivered(bad), delivered(behind), healthy()]);
    await consumer.deliver([delivered(aMessage(ReturnIngredients, bad.data))]);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 1, held: 2, discarded: 0 });
    await expect(consumer.replay(bad.id)).rejects.toThrow('failed again');
    expect(await unitOfWork.parkingLot.find(bad.id)).toMatchObject({ attempts: 2, state: 'poisoned' });

    await kitchen.database.pool.query(
      `UPDATE supply SET "left" = 10, version = version + 1 WHERE ingredient = 'sugar'`,
    );
    expect(await consumer.replay(bad.id)).toBe(true);
    await relay.drained();
    expect(await left('sugar')).toBe(6);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 0 });
    const told = kitchen.published
      .filter(({ key }) => key === bad.data.cakeId)
      .map(({ headers }) => headers['ce_type']);
    expect(told).toEqual(['IngredientsTaken', 'IngredientsReturned', 'IngredientsReturned']);
  });

  it('a poisoned message that is discarded releases the messages held behind it', async () => {
    const { consumer, unitOfWork, relay } = instance();
    const bad = reserve('poison', 1);
    await consumer.deliver([delivered(bad), delivered(aMessage(ReturnIngredients, bad.data))]);
    expect(await consumer.discard(bad.id)).toBe(true);
    await relay.drained();
    expect(kitchen.published.map(({ headers }) => headers['ce_type'])).toEqual(['IngredientsReturned']);
    expect(await unitOfWork.parkingLot.counts()).toEqual({ poisoned: 0, held: 0, discarded: 1 });
    expect(await consumer.discard(bad.id)).toBe(false);
  });
});

describe('a request', () => {
  it('a request shares its commit with other requests and sees their changes', async () => {
    const { unitOfWork } = instance();
    const answers = await Promise.all(Array.from({ length: 20 }, () => unitOfWork.request(take, 'flour')));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => 99 - index));
    expect(await left('flour')).toBe(80);
  });

  it('a request whose handler throws is rejected, and the other requests of its batch succeed', async () => {
    const { unitOfWork } = instance();
    const [good, bad] = await Promise.allSettled([
      unitOfWork.request(take, 'flour'),
      unitOfWork.request(take, 'honey'),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: 99 });
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: expect.objectContaining({ message: 'there is no honey' }),
    });
  });

  it('twenty requests of twenty instances for the last three units: three succeed, no update is lost', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => instance().unitOfWork.request(take, 'sugar')),
    );
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(3);
    expect(await left('sugar')).toBe(0);
  });
});

describe('who is responsible for a key', () => {
  it('an instance is responsible for all keys until shards are given to it, and then for their keys alone', async () => {
    const { unitOfWork, relay } = instance();
    expect(unitOfWork.isResponsibleFor('cake')).toBe(true);
    let isOwner = true;
    await relay.own([0], () => isOwner);
    expect(unitOfWork.isResponsibleFor('cake')).toBe(true);
    await relay.own([], () => isOwner);
    expect(unitOfWork.isResponsibleFor('cake')).toBe(false);
    isOwner = false;
    expect(unitOfWork.isResponsibleFor('cake')).toBe(true);
  });
});
