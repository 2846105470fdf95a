import type { Executor, Tables } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { ContendedError, DEFAULT_LIMITS, one, UnitOfWork, update, type RequestHandler } from '@backstep/unit-of-work';
import type pg from 'pg';
import { Stock } from './stock.js';
import { LOST, untilAccepted, type Strategy, type Tally } from './strategy.js';

const takeOne: RequestHandler<string, boolean, { stock: ReturnType<typeof one<Stock>> }> = {
  needs: (sku) => ({ stock: one(Stock, sku) }),
  decide: (_, { stock }) => {
    if (!stock || stock.onHand < 1) return { answer: false, changes: [] };
    return { answer: true, changes: [update(Stock, stock, { onHand: stock.onHand - 1 })] };
  },
};

/** An instance of the kit's unit of work, as a service has it; each of its attempts at a batch is counted. */
function instanceOn(pool: pg.Pool, tables: Tables, tally: Tally): { unitOfWork: UnitOfWork; stop(): Promise<void> } {
  const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
  const environment = { tables, source: 'bench', shardOf: () => 0, now: Date.now };
  const unitOfWork = new UnitOfWork(pool, environment, relay, DEFAULT_LIMITS, {
    committed: () => void tally.attempts++,
    conflict: () => {
      tally.attempts++;
      tally.conflicts++;
    },
  });
  return {
    unitOfWork,
    stop: async () => {
      await unitOfWork.idle();
      await relay.stop(0);
    },
  };
}

/** Clients are spread over the instances. Work is done before the request: a decision is pure. */
export const kitStrategy = (about: string, instances: number, tables: () => Tables): Strategy => ({
  about,
  counts: 'stock',
  inProcess: true,
  begin: ({ pools, tally, work }) => {
    const running = Array.from({ length: instances }, (_, index) => {
      const pool = pools[index];
      if (!pool) throw new Error(`instance ${index} has no pool`);
      return instanceOn(pool, tables(), tally);
    });
    const notCounted = { attempts: 0, conflicts: 0 };
    return {
      take: async (client, key) => {
        const { unitOfWork } = running[client % instances] as (typeof running)[number];
        await work();
        return untilAccepted(notCounted, async () => {
          try {
            return await unitOfWork.request(takeOne, key);
          } catch (error) {
            if (error instanceof ContendedError) return LOST;
            throw error;
          }
        });
      },
      end: async () => {
        for (const { stop } of running) await stop();
      },
    };
  },
});
