import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { write, type Executor } from '@backstep/concurrency';
import { newId } from '@backstep/contracts';
import { createTestDatabase, waitUntil, type TestDatabase } from '@backstep/testing';
import fc from 'fast-check';
import {
  acknowledgedPart,
  DEFAULT_RELAY_LIMITS,
  OUTBOX_SQL,
  outboxBacklog,
  outboxPart,
  OutboxRelay,
  type OutboxMessage,
} from './index.js';

/**
 * Goal: each committed message is delivered at least once, and each key's messages for the first time in the order of their commits.
 * Method: random lives of one owner on a real PostgreSQL: commits, failing and slow sends, failing and slow reads, deletes that go with
 * a write or fail with it, crashes before and after the hand-over; with memory and chunks so small that every bound is hit.
 */
const keys = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('commit' as const), keys: fc.array(keys, { minLength: 1, maxLength: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('sends fail' as const), times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('reads fail' as const), times: fc.integer({ min: 1, max: 2 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('slow' as const),
      before: fc.nat({ max: 300 }),
      after: fc.nat({ max: 300 }),
      send: fc.nat({ max: 100 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const), fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rebalance' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), keys: fc.array(keys, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(OUTBOX_SQL);
});
afterAll(() => database.drop());

const LIMITS = {
  ...DEFAULT_RELAY_LIMITS,
  publishMax: 3,
  pendingMax: 6,
  deleteMax: 4,
  sweepMax: 4,
  flushAfterMs: 2,
  sweepEveryMs: 3,
  sweepOlderThanMs: 0,
  retry: { baseMs: 0.5, capMs: 2 },
};

/** What the process and its surroundings are like at the moment. Times are turns of the event loop. */
class World {
  readonly received: OutboxMessage[] = [];
  readonly committed: OutboxMessage[] = [];
  slow = { before: 0, after: 0, send: 0 };
  failing = { sends: 0, reads: 0 };
  relay = this.newProcess();
  private kill!: () => void;

  newProcess(): OutboxRelay {
    let dead = false;
    const alive = async (turns: number): Promise<void> => {
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (dead) throw new Error('this process is dead');
    };
    const executor: Executor = {
      query: async (text, values) => {
        const read = text.includes('ORDER BY seq');
        await alive(read ? this.slow.before : 0);
        if (read && this.failing.reads-- > 0) throw new Error('the read fails');
        const result = await database.pool.query(text, values);
        await alive(read ? this.slow.after : 0);
        return result;
      },
    };
    const publisher = {
      publish: async (messages: readonly unknown[]) => {
        await alive(this.slow.send);
        if (this.failing.sends-- > 0) throw new Error('the send fails');
        this.received.push(...(messages as OutboxMessage[]));
      },
    };
    this.kill = () => (dead = true);
    const relay = new OutboxRelay(executor, publisher, LIMITS);
    relay.start();
    return relay;
  }

  async commit(commitKeys: readonly string[], handOver = true): Promise<void> {
    const rows = commitKeys.map((key) => ({ id: newId(), shard: 0, topic: 't', key, headers: {}, value: '' }));
    if (rows.length === 0) return;
    await write(database.pool as unknown as Executor, [{ ...outboxPart(rows), rows: undefined }]);
    this.committed.push(...rows);
    if (handOver) this.relay.enqueue(rows);
  }

  async crash(): Promise<void> {
    this.kill();
    await this.relay.stop(0);
    this.relay = this.newProcess();
    await this.own();
  }

  /** As the consumer does: again until it works. */
  async own(): Promise<void> {
    await waitUntil('the shard is owned', () => this.relay.own([0]).then(() => true));
  }

  async takeAlong(fails: boolean): Promise<void> {
    const ids = this.relay.takeAcknowledged();
    if (fails) return this.relay.giveBack(ids);
    await write(database.pool as unknown as Executor, [acknowledgedPart(ids)]);
    this.relay.deleted(ids);
  }
}

const idsOf = (messages: readonly OutboxMessage[], key: string): string[] => [
  ...new Set(messages.filter((message) => message.key === key).map(({ id }) => id)),
];

it('everything arrives, and per key in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (life) => {
      await database.pool.query('TRUNCATE outbox');
      const world = new World();
      await world.own();
      const beside: Promise<void>[] = [];
      for (const happens of life) {
        switch (happens.do) {
          case 'commit':
            await world.commit(happens.keys);
            break;
          case 'sends fail':
            world.failing.sends = happens.times;
            break;
          case 'reads fail':
            world.failing.reads = happens.times;
            break;
          case 'slow':
            world.slow = happens;
            break;
          case 'write':
            await world.takeAlong(happens.fails);
            break;
          case 'rebalance':
            beside.push(world.own());
            break;
          case 'crash':
            await world.commit(happens.keys, false);
            await world.crash();
            break;
          case 'settle':
            await world.relay.drained();
            break;
        }
      }
      await Promise.all(beside);
      await waitUntil(
        'the outbox is empty',
        async () => (await outboxBacklog(database.pool as unknown as Executor)).unpublished === 0,
      );
      await world.relay.stop(1_000);
      for (const key of ['a', 'b', 'c']) expect(idsOf(world.received, key)).toEqual(idsOf(world.committed, key));
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
