import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import type { Delivered } from '@backstep/inbox';
import type { OutboxMessage } from '@backstep/outbox';
import { waitUntil } from '@backstep/testing';
import { Handles } from '../index.js';
import {
  delivered,
  KITCHEN,
  reserve,
  ReturnIngredients,
  TakeIngredients,
  tinyKitchen,
} from '../tiny-kitchen.fixture.spec.js';

/**
 * Goal: a message that comes by express and by Kafka has its effect once, is never parked by express, and is not handled before an earlier one of its
 * key. Method: the consumer of a kitchen on a real PostgreSQL, to which the spec hands messages over, and delivers Kafka's copies.
 */
let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

type Instance = ReturnType<typeof kitchen.instance>;

const toExpress = (message: Message): OutboxMessage => ({ ...KITCHEN.encode(message), id: message.id, shard: 0 });
const lanesOf = ({ consumer }: Instance) => {
  if (!consumer.lanes) throw new Error('it has no lanes');
  return consumer.lanes;
};

const handed: Message[] = [];

/** Keeps what it is given. */
@Handles(TakeIngredients)
class Keep {
  needs() {
    return {};
  }
  decide(message: Message<typeof TakeIngredients>) {
    handed.push(message);
    return [];
  }
}

/** An instance whose lane is open. */
async function opened(handlers?: readonly object[]): Promise<Instance> {
  const instance = kitchen.instance({ express: true, ...(handlers && { handlers }) });
  lanesOf(instance).own([0]);
  const barrier = reserve('flour', 1);
  expect(lanesOf(instance).offer(toExpress(barrier))).toBe('waits-for-kafka');
  await instance.consumer.deliver([delivered(barrier)]);
  return instance;
}

/** As libs/kafka: what is handled is not delivered. */
const byKafka = ({ consumer }: Instance, batch: readonly Delivered[]): Promise<void> =>
  consumer.deliver(
    batch.filter(({ headers }) => !consumer.lanes?.isHandled('kitchen.commands', 0, headers['ce_id'] ?? '')),
  );

const parked = ({ unitOfWork }: Instance) => unitOfWork.parkingLot.counts();
const poison = (cakeId: string) => reserve('poison', 1, cakeId);
const returned = (cakeId: string) => aMessage(ReturnIngredients, { cakeId, items: [] });

describe('a message that comes by express', () => {
  it('a message that comes by express is handled before Kafka brings it, and Kafka\u2019s copy is dropped', async () => {
    const instance = await opened();
    const message = reserve('flour', 5);
    expect(lanesOf(instance).offer(toExpress(message))).toBe('handed-over');
    await waitUntil('it is handled', async () => (await kitchen.left('flour')) === 94);
    await byKafka(instance, [delivered(message)]);
    expect(await kitchen.left('flour')).toBe(94);
    // By its id alone: the inbox was not asked.
    expect(instance.counts.duplicates).toBe(0);
  });

  it('a message that comes by express is read from the bytes that Kafka gets: its handler is given what Kafka\u2019s copy would be', async () => {
    const instance = await opened([new Keep()]);
    const message = reserve('flour', 5);
    lanesOf(instance).offer(toExpress(message));
    await waitUntil('it is handled', () => handed.at(-1)?.id === message.id);
    expect(handed.at(-1)).toEqual(KITCHEN.decode(delivered(message)));
    expect(handed.at(-1)?.data).not.toBe(message.data);
  });

  it('a message that comes by express and cannot be read is parked by Kafka\u2019s copy, with its place', async () => {
    const instance = await opened();
    const message = reserve('flour', 5);
    const unreadable = { value: '{"cakeId":5}' };
    lanesOf(instance).offer({ ...toExpress(message), ...unreadable });
    await byKafka(instance, [delivered(message, { ...unreadable, offset: '79' })]);
    expect(await instance.unitOfWork.parkingLot.find(message.id)).toMatchObject({ state: 'poisoned', offset: '79' });
    expect(await kitchen.left('flour')).toBe(99);
  });

  it('a message that comes by express and by Kafka at once is handled once', async () => {
    const instance = await opened();
    const message = reserve('flour', 5);
    lanesOf(instance).offer(toExpress(message));
    await byKafka(instance, [delivered(message)]);
    expect(await kitchen.left('flour')).toBe(94);
  });

  it('a message that comes by Kafka once more, after its copy was dropped, meets the inbox', async () => {
    const instance = await opened();
    const message = reserve('flour', 5);
    lanesOf(instance).offer(toExpress(message));
    await byKafka(instance, [delivered(message)]);
    await byKafka(instance, [delivered(message)]);
    expect(await kitchen.left('flour')).toBe(94);
    expect(instance.counts.duplicates).toBe(1);
  });

  it('a message that fails by express is parked by Kafka\u2019s copy, with its place, and what is behind it is held', async () => {
    const instance = await opened();
    const cakeId = newId();
    const [bad, behind] = [poison(cakeId), returned(cakeId)];
    for (const message of [bad, behind]) lanesOf(instance).offer(toExpress(message));
    await instance.unitOfWork.idle();
    expect(await parked(instance)).toMatchObject({ poisoned: 0, held: 0 });
    await byKafka(instance, [delivered(bad, { offset: '77' })]);
    expect(await instance.unitOfWork.parkingLot.find(bad.id)).toMatchObject({ state: 'poisoned', offset: '77' });
    // Its lane is open again: the message behind it was handed over, and its key is held.
    await instance.unitOfWork.idle();
    expect(await parked(instance)).toMatchObject({ poisoned: 1, held: 0 });
    await byKafka(instance, [delivered(behind, { offset: '78' })]);
    expect(await instance.unitOfWork.parkingLot.find(behind.id)).toMatchObject({ state: 'held', offset: '78' });
    expect(kitchen.published.filter(({ key }) => key === cakeId)).toEqual([]);
  });

  it('a message that fails by express takes no other of its batch with it', async () => {
    const instance = await opened();
    const good = [reserve('flour', 1), reserve('flour', 1)];
    for (const message of [good[0], poison(newId()), good[1]]) if (message) lanesOf(instance).offer(toExpress(message));
    await instance.unitOfWork.idle();
    await waitUntil('the others are handled', async () => (await kitchen.left('flour')) <= 98);
    expect(await parked(instance)).toMatchObject({ poisoned: 0, held: 0 });
  });

  it('a message of a type that nobody handles is not waited for', async () => {
    const instance = await opened();
    const other = { ...toExpress(reserve('flour', 1)), headers: { ce_type: 'SomethingElse' } };
    expect(lanesOf(instance).offer(other)).toBe('handed-over');
    expect(lanesOf(instance).isHandled('kitchen.commands', 0, other.id)).toBe(true);
  });
});

describe('a reader that lets its shards go', () => {
  it('a reader that lets its shards go waits for what was handed over, and takes nothing more', async () => {
    const instance = await opened();
    lanesOf(instance).offer(toExpress(reserve('flour', 5)));
    await lanesOf(instance).letGo();
    expect(await kitchen.left('flour')).toBe(94);
    expect(lanesOf(instance).offer(toExpress(reserve('flour', 5)))).toBe('not-here');
  });
});
