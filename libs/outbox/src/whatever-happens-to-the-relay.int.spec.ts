import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { write, type Executor } from '@backstep/concurrency';
import { waitUntil } from '@backstep/testing';
import fc from 'fast-check';
import { acknowledgedPart, DEFAULT_RELAY_LIMITS, type OutboxMessage, type OutboxRelay } from './index.js';
import { aRow, outboxOnPostgres } from './outbox.fixture.spec.js';

/**
 * Goal: each committed message is delivered at least once. The first deliveries of a key's messages have the order of the commits, whichever
 * process commits them and whichever owns their shard.
 * Method: random histories of two processes on one real PostgreSQL, one of which owns the shard: commits of both, failing and slow sends and
 * reads, deletes that go with a write or fail with it, crashes before and after the hand-over, moves of the shard. Memory and chunks are so
 * small that every bound is hit.
 */
const keys = fc.constantFrom('a', 'b', 'c');
const who = fc.nat({ max: 1 });
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      who,
      keys: fc.array(keys, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('sends fail' as const), who, times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('reads fail' as const), who, times: fc.integer({ min: 1, max: 2 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('slow' as const),
      who,
      before: fc.nat({ max: 300 }),
      after: fc.nat({ max: 300 }),
      send: fc.nat({ max: 100 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const), who, fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rebalance' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('crash' as const), who, keys: fc.array(keys, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), who }) },
);

let outbox: Awaited<ReturnType<typeof outboxOnPostgres>>;
beforeAll(async () => {
  outbox = await outboxOnPostgres();
});
afterAll(() => outbox.close());

const LIMITS = {
  ...DEFAULT_RELAY_LIMITS,
  publishMax: 3,
  pendingMax: 6,
  deleteMax: 4,
  sweepMax: 4,
  flushAfterMs: 2,
  flushForeignAfterMs: 1,
  sweepEveryMs: 3,
  sweepOlderThanMs: 0,
  retry: { baseMs: 0.5, capMs: 2 },
};

/** Two processes, the messages that they have committed, and those that Kafka has received. */
class World {
  readonly received: OutboxMessage[] = [];
  readonly committed: OutboxMessage[] = [];
  readonly processes = [new Process(this), new Process(this)] as const;
  private owner = 0;

  /** Assigns the shard as the consumer does: again until it works. */
  async own(owner: number): Promise<void> {
    this.owner = owner;
    for (const who of [1 - owner, owner] as (0 | 1)[]) await this.assign(who);
  }

  async crash(who: 0 | 1): Promise<void> {
    await this.processes[who].crash();
    await this.assign(who);
  }

  private async assign(who: 0 | 1): Promise<void> {
    await waitUntil('it knows what it owns', () =>
      this.processes[who].relay.own(who === this.owner ? [0] : []).then(() => true),
    );
  }
}

/** A process, and the faults of its surroundings. Times are turns of the event loop. */
class Process {
  slow = { before: 0, after: 0, send: 0 };
  failing = { sends: 0, reads: 0 };
  relay: OutboxRelay;
  private kill!: () => void;

  constructor(private readonly world: World) {
    this.relay = this.started();
  }

  private started(): OutboxRelay {
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
        const result = await outbox.executor.query(text, values);
        await alive(read ? this.slow.after : 0);
        return result;
      },
    };
    const publisher = {
      publish: async (messages: readonly unknown[]) => {
        await alive(this.slow.send);
        if (this.failing.sends-- > 0) throw new Error('the send fails');
        this.world.received.push(...(messages as OutboxMessage[]));
      },
    };
    this.kill = () => (dead = true);
    const relay = outbox.relay(publisher, LIMITS, executor);
    relay.start();
    return relay;
  }

  async commit(commitKeys: readonly string[], handOver = true): Promise<void> {
    const rows = commitKeys.map((key) => aRow(key));
    if (rows.length === 0) return;
    await outbox.commit(rows, () => {
      this.world.committed.push(...rows);
      return handOver ? this.relay : undefined;
    });
  }

  async crash(): Promise<void> {
    this.kill();
    await this.relay.stop(0);
    this.relay = this.started();
  }

  async takeAlong(fails: boolean): Promise<void> {
    const ids = this.relay.takeAcknowledged();
    if (fails) return this.relay.giveBack(ids);
    await write(outbox.executor, [acknowledgedPart(ids)]);
    this.relay.committed({ sent: [], unsentPredecessors: [], deleted: ids });
  }
}

const idsOf = (messages: readonly OutboxMessage[], key: string): string[] => [
  ...new Set(messages.filter((message) => message.key === key).map(({ id }) => id)),
];

it('every committed message arrives, and per key in the order of the commits, whatever happens to the relay', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (life) => {
      await outbox.reset();
      const world = new World();
      await world.own(0);
      const beside: Promise<void>[] = [];
      for (const happens of life) {
        const who = happens.who as 0 | 1;
        const process = world.processes[who];
        switch (happens.do) {
          case 'commit':
            await process.commit(happens.keys);
            break;
          case 'sends fail':
            process.failing.sends = happens.times;
            break;
          case 'reads fail':
            process.failing.reads = happens.times;
            break;
          case 'slow':
            process.slow = happens;
            break;
          case 'write':
            await process.takeAlong(happens.fails);
            break;
          case 'rebalance':
            beside.push(world.own(who));
            break;
          case 'crash':
            await process.commit(happens.keys, false);
            await world.crash(who);
            break;
          case 'settle':
            await process.relay.drained();
            break;
        }
      }
      await Promise.all(beside);
      await waitUntil('the outbox is empty', async () => (await outbox.left()) === 0);
      for (const { relay } of world.processes) await relay.stop(1_000);
      for (const key of ['a', 'b', 'c']) expect(idsOf(world.received, key)).toEqual(idsOf(world.committed, key));
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
