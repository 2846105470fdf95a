import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import {
  aLoafOf,
  bakery,
  BakeSlice,
  PARTITIONS,
  sell,
  type Bakery,
  type RunningService,
  type ServiceName,
} from './bakery.fixture.spec.js';
import { LIES, Links, type Fault } from './express-socket/links.fixture.spec.js';
import { Neighbours } from './index.js';

/**
 * Goal: services of different processes hand each other their messages at once, and whatever happens to the links between them, to a process or to
 * the shards, each message counts once, in the order of its key.
 * Method: a counter and ovens on a real PostgreSQL and Kafka, each with sockets of its own, as in processes of their own. The spec stands between their sockets.
 */
const LONG_MS = 60_000;
const SHORT_MS = 50;
let shop: Bakery;
let folder: string;
let links: Links;
beforeAll(async () => {
  shop = await bakery();
});
afterEach(async () => {
  links?.close();
  await shop.stopAll();
  expect(readdirSync(folder).filter((file) => !file.endsWith('.behind'))).toEqual([]);
  rmSync(folder, { recursive: true });
});
afterAll(() => shop.close());

const start = (name: ServiceName, lingerMs: number, tcp?: { token: string }): Promise<RunningService> => {
  const sockets = tcp ? { tcp: { ...tcp, host: '127.0.0.1', port: 0, name: '127.0.0.1' } } : { folder };
  return shop.start(name, { neighbours: new Neighbours(newId()), lingerMs, sockets });
};

/** A counter and an oven, each in a process of its own. */
async function apart(
  lingerMs: number,
  tcp?: { token: string },
): Promise<{ counter: RunningService; oven: RunningService }> {
  folder = mkdtempSync(join(tmpdir(), 'express-'));
  const [counter, oven] = await Promise.all([start('counter', lingerMs, tcp), start('oven', lingerMs, tcp)]);
  return { counter, oven };
}

/** Sells slices of loaves, in order, until it is told to end. @param atOnce how many of each loaf */
function selling(counter: RunningService, atOnce = 1) {
  const loaves = Array.from({ length: 8 }, (_, n) => aLoafOf(n % PARTITIONS));
  let slices = 0;
  let goesOn = true;
  const sold = (async () => {
    while (goesOn) {
      const next = Array.from({ length: atOnce }, (_, n) => slices + n + 1);
      slices += atOnce;
      const sales = loaves.flatMap((loafId) => next.map((slice) => ({ loafId, slice })));
      await Promise.all(sales.map((sale) => counter.messaging.unitOfWork.request(sell, sale)));
      await waitUntil('one is served', async () =>
        (await shop.slices('counter', loaves[slices % loaves.length] ?? '')).endsWith(`${slices}`),
      );
    }
  })();
  return {
    /** Resolves when more slices are sold and served. */
    more: (count: number): Promise<unknown> => {
      const until = slices + count;
      return waitUntil('more slices are sold', () => slices > until, 60_000);
    },
    /** Ends, and expects that everybody has all slices in their order. */
    async end(): Promise<void> {
      goesOn = false;
      await sold;
      const all = Array.from({ length: slices }, (_, n) => n + 1).join();
      for (const loafId of loaves) {
        await waitUntil('all is served', async () => (await shop.slices('counter', loafId)).endsWith(`${slices}`));
        expect(await shop.slices('oven', loafId)).toBe(all);
        expect(await shop.slices('counter', loafId)).toBe(all);
      }
    },
  };
}

describe('services of different processes', () => {
  it('services of different processes handle what they hand over before it is in Kafka, and drop Kafka\u2019s copy', async () => {
    const { counter, oven } = await apart(LONG_MS);
    await shop.untilHandedOver(counter, oven);
    const loafId = newId();
    await shop.served(counter, loafId, 1);
    expect(await shop.inKafka(BakeSlice.topic, loafId, 1)).toBeUndefined();
    const duplicates = await oven.duplicates();
    // What the ledger is told goes to Kafka at once, and all before it.
    await counter.messaging.unitOfWork.request(sell, { loafId: newId(), slice: 1, told: true });
    await waitUntil('Kafka has it', () => shop.inKafka(BakeSlice.topic, loafId, 1));
    await shop.ovenHasRead();
    expect(await shop.slices('oven', loafId)).toBe('1');
    expect(await oven.duplicates()).toBe(duplicates);
  });

  it('services of different machines hand over by TLS', async () => {
    const { counter, oven } = await apart(LONG_MS, { token: 'a-token-between-services' });
    await shop.untilHandedOver(counter, oven);
    const loafId = newId();
    await shop.served(counter, loafId, 1);
    expect(await shop.inKafka(BakeSlice.topic, loafId, 1)).toBeUndefined();
  });

  it('services of different processes keep the order of a key, whatever happens to the links between them', async () => {
    const { counter, oven } = await apart(SHORT_MS);
    links = new Links(folder);
    await links.takeOver();
    await shop.untilHandedOver(counter, oven);
    const sales = selling(counter);
    for (const fault of ['slow', 'half-open', 'silent'] satisfies Fault[]) {
      links.fault = fault;
      await sales.more(10);
      links.fault = 'whole';
      await sales.more(10);
    }
    for (let cuts = 0; cuts < 10; cuts++) {
      links.cut();
      await sales.more(3);
    }
    await sales.end();
    await shop.untilHandedOver(counter, oven);
  }, 120_000);

  it('services of different processes keep the order of a key, and count each message once, whatever a peer repeats, swaps or leaves out', async () => {
    const { counter, oven } = await apart(SHORT_MS);
    links = new Links(folder);
    await links.takeOver();
    await shop.untilHandedOver(counter, oven);
    const sales = selling(counter, 3);
    for (const lie of LIES) {
      links.fault = lie;
      await sales.more(15);
      links.fault = 'whole';
      await sales.more(15);
    }
    await sales.end();
    await shop.untilHandedOver(counter, oven);
  }, 120_000);

  it('services of different processes keep the order of a key while shards go to another process and come back', async () => {
    const { counter, oven } = await apart(SHORT_MS);
    await shop.untilHandedOver(counter, oven);
    const sales = selling(counter);
    const other = await start('oven', SHORT_MS);
    await waitUntil('the other oven bakes', async () => (await other.sent('handed_over')) > 0);
    await sales.more(5);
    await other.stop();
    await sales.more(5);
    await sales.end();
    await shop.untilHandedOver(counter, oven);
  }, 120_000);
});
