import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import {
  aLoafOf,
  bakery,
  BakeSlice,
  burnt,
  PARTITIONS,
  sell,
  SliceSold,
  type Bakery,
  type RunningService,
} from './bakery.fixture.spec.js';
import { Neighbours } from './index.js';

/**
 * Goal: services of one process hand each other their messages at once, and whatever comes between, each message counts once, in the order of its
 * key, and is parked where it lies in Kafka.
 * Method: a counter and an oven on a real PostgreSQL and Kafka. Messages linger for so long that those which nobody waits for stay out of Kafka
 * for the whole spec.
 */
const LONG_MS = 60_000;
let shop: Bakery;
beforeAll(async () => {
  shop = await bakery();
});
afterEach(async () => {
  burnt.clear();
  await shop.stopAll();
});
afterAll(() => shop.close());

interface Together {
  readonly neighbours: Neighbours;
  readonly counter: RunningService;
  readonly oven: RunningService;
}

/** Both services in one process. */
async function together(lingerMs: number | undefined): Promise<Together> {
  const neighbours = new Neighbours('a');
  const [counter, oven] = await Promise.all([
    shop.start('counter', { neighbours, lingerMs }),
    shop.start('oven', { neighbours, lingerMs }),
  ]);
  return { neighbours, counter, oven };
}

/** Both services in one process, which hand over everything. */
async function handingOver(lingerMs = LONG_MS): Promise<Together> {
  const both = await together(lingerMs);
  await shop.untilHandedOver(both.counter, both.oven);
  return both;
}

/** Tells the ledger, in another process, of a slice: what the counter has committed before is sent to Kafka with it. */
async function tellLedger({ counter }: Together): Promise<void> {
  await counter.messaging.unitOfWork.request(sell, { loafId: newId(), slice: 0, told: true });
}

describe('services of one process', () => {
  it('services of one process handle what they hand over before it is in Kafka, and drop Kafka\u2019s copy', async () => {
    const both = await handingOver();
    const loafId = newId();
    await shop.served(both.counter, loafId, 1);
    expect(await shop.inKafka(BakeSlice.topic, loafId, 1)).toBeUndefined();
    const duplicates = await both.oven.duplicates();
    await tellLedger(both);
    await waitUntil('Kafka has it', () => shop.inKafka(BakeSlice.topic, loafId, 1));
    await shop.ovenHasRead();
    expect(await shop.slices('oven', loafId)).toBe('1');
    // By its id alone: the inbox was not asked.
    expect(await both.oven.duplicates()).toBe(duplicates);
  });

  it('services of one process hand over nothing when it is not switched on', async () => {
    const { counter, oven } = await together(undefined);
    await shop.served(counter, newId(), 1);
    for (const { messaging, sent } of [counter, oven]) {
      expect(messaging.consumer.lanes).toBeUndefined();
      expect(await Promise.all([sent('handed_over'), sent('waits_for_kafka'), sent('kafka_alone')])).toEqual([0, 0, 0]);
    }
  });

  it('a message that a service of another process reads is sent at once, after all before it', async () => {
    const { counter } = await handingOver();
    // The first of a shard goes by Kafka alone in any case.
    for (let slice = 1; slice <= 3; slice++) {
      const loafId = aLoafOf(0);
      await shop.served(counter, loafId, slice);
      await counter.messaging.unitOfWork.request(sell, { loafId, slice: slice + 1, told: true });
      await waitUntil('the ledger can read it', () => shop.inKafka(SliceSold.topic, loafId, slice + 1));
      expect(await shop.inKafka(BakeSlice.topic, loafId, slice)).toBeDefined();
    }
    expect(await counter.sent('waits_for_kafka')).toBeGreaterThanOrEqual(2);
  });

  it('a message to a service that runs in another process is sent at once', async () => {
    const counter = await shop.start('counter', { neighbours: new Neighbours('a'), lingerMs: LONG_MS });
    await shop.start('oven', { neighbours: new Neighbours('b'), lingerMs: LONG_MS });
    const loafId = newId();
    for (const slice of [1, 2, 3]) await shop.served(counter, loafId, slice);
    expect(await counter.sent('handed_over')).toBe(0);
  });

  it('a service hands nothing over while one of its processes has no express, and does so again when that one has left', async () => {
    const both = await handingOver();
    const { counter, oven } = both;
    const other = await shop.start('counter', { neighbours: new Neighbours('b'), lingerMs: undefined });
    await waitUntil('the other is in the group', () => other.messaging.checks.kafka().status === 'ok');
    const before = await counter.sent('handed_over');
    for (let shard = 0; shard < PARTITIONS; shard++) {
      const loafId = aLoafOf(shard);
      for (const slice of [1, 2, 3]) await shop.served(counter, loafId, slice);
    }
    expect(await counter.sent('handed_over')).toBe(before);
    await other.stop();
    await shop.untilHandedOver(counter, oven);
  });

  it('a message that fails when it is handed over is parked where it lies in Kafka, and so are those behind it', async () => {
    const both = await handingOver();
    const { counter, oven } = both;
    const { unitOfWork, consumer } = oven.messaging;
    const lot = unitOfWork.parkingLot;
    const loafId = newId();
    const sold = async (slice: number): Promise<void> => {
      await counter.messaging.unitOfWork.request(sell, { loafId, slice });
      await unitOfWork.idle();
    };
    const parkedWhereItLies = async (slice: number, state: string): Promise<string> => {
      const { id, partition, offset } = await waitUntil('Kafka has it', () =>
        shop.inKafka(BakeSlice.topic, loafId, slice),
      );
      expect(await waitUntil('it is parked', () => lot.find(id))).toMatchObject({ state, partition, offset });
      return id;
    };
    burnt.add(1);
    await sold(1);
    await sold(2);
    expect(await lot.counts()).toMatchObject({ poisoned: 0, held: 0 });
    await tellLedger(both);
    const poisoned = await parkedWhereItLies(1, 'poisoned');
    await parkedWhereItLies(2, 'held');
    // The key is held: its handler is not given what is handed over from now on.
    await sold(3);
    expect(await lot.counts()).toMatchObject({ poisoned: 1, held: 1 });
    await tellLedger(both);
    await parkedWhereItLies(3, 'held');
    burnt.clear();
    expect(await consumer.replay(poisoned)).toBe(true);
    await waitUntil('all are baked', async () => (await shop.slices('oven', loafId)) === '1,2,3');
  });

  it('shards that go to another process and come back lose, repeat and reorder nothing', async () => {
    const both = await handingOver(50);
    const { counter } = both;
    const loaves = Array.from({ length: 8 }, (_, n) => aLoafOf(n % PARTITIONS));
    let slices = 0;
    let goesOn = true;
    const selling = (async () => {
      while (goesOn) {
        slices++;
        const sales = loaves.map((loafId) => counter.messaging.unitOfWork.request(sell, { loafId, slice: slices }));
        await Promise.all(sales);
        await waitUntil('one is served', async () =>
          (await shop.slices('counter', loaves[slices % loaves.length] ?? '')).endsWith(`${slices}`),
        );
      }
    })();
    const other = await shop.start('oven', { neighbours: new Neighbours('b'), lingerMs: 50 });
    const before = slices;
    await waitUntil('the other oven bakes', async () => (await other.sent('waits_for_kafka')) > 0);
    await waitUntil('slices are sold from both', () => slices > before + 5);
    await other.stop();
    const after = slices;
    await waitUntil('slices are sold meanwhile', () => slices > after + 5);
    goesOn = false;
    await selling;
    await shop.untilHandedOver(both.counter, both.oven);
    const all = Array.from({ length: slices }, (_, n) => n + 1).join();
    for (const loafId of loaves) {
      await waitUntil('all is served', async () => (await shop.slices('counter', loafId)).endsWith(`${slices}`));
      expect(await shop.slices('oven', loafId)).toBe(all);
      expect(await shop.slices('counter', loafId)).toBe(all);
    }
  });
});
