import {
  offlineTables,
  type EntityClass,
  type Executor,
  type Strategy as TakenAs,
  type Tables,
} from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import {
  ContendedError,
  DEFAULT_LIMITS,
  LockedError,
  one,
  UnitOfWork,
  update,
  type One,
  type RequestHandler,
} from '@backstep/unit-of-work';
import type pg from 'pg';
import { stockTaken, type Stock } from './stock.js';
import { LOST, untilAccepted, type Strategy, type Surroundings, type Tally, type Writers } from './strategy.js';

const takeOne = (entity: EntityClass<Stock>): RequestHandler<string, boolean, { stock: One<Stock> }> => ({
  needs: (sku) => ({ stock: one(entity, sku) }),
  decide: (_, { stock }) => {
    if (!stock || stock.onHand < 1) return { answer: false, changes: [] };
    return { answer: true, changes: [update(entity, stock, { onHand: stock.onHand - 1 })] };
  },
});

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

export interface KitOptions {
  readonly about: string;
  readonly instances: number;
  readonly takenAs: TakenAs;
}

/** `adaptive()` looks at the last seconds of a key: so long it runs before it is measured. */
const SETTLES_SECONDS = 2;

/** Clients are spread over the instances. Work is done before the request: a decision is pure. */
export async function kitStrategy({ about, instances, takenAs }: KitOptions): Promise<Strategy> {
  const entity = stockTaken(takenAs);
  const tables = await offlineTables([entity]);
  return {
    about,
    counts: 'stock',
    inProcess: true,
    settlesSeconds: takenAs.kind === 'adaptive' && instances > 1 ? SETTLES_SECONDS : 0,
    begin: (cell) => begin(cell, instances, tables, takeOne(entity)),
  };
}

function begin(
  { pools, tally, work }: Surroundings,
  instances: number,
  tables: Tables,
  handler: ReturnType<typeof takeOne>,
): Writers {
  const running = Array.from({ length: instances }, (_, index) => {
    const pool = pools[index];
    if (!pool) throw new Error(`instance ${index} has no pool`);
    return instanceOn(pool, tables, tally);
  });
  const notCounted = { attempts: 0, conflicts: 0 };
  return {
    take: async (client, key) => {
      const { unitOfWork } = running[client % instances] as (typeof running)[number];
      await work();
      return untilAccepted(notCounted, async () => {
        try {
          return await unitOfWork.request(handler, key);
        } catch (error) {
          if (error instanceof ContendedError || error instanceof LockedError) return LOST;
          throw error;
        }
      });
    },
    end: async () => {
      for (const { stop } of running) await stop();
    },
  };
}
