import { write, type Executor } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { createTestDatabase } from '@backstep/testing';
import {
  DEFAULT_RELAY_LIMITS,
  findUnsentPredecessors,
  OUTBOX_PARKED_SQL,
  OUTBOX_SQL,
  outboxBacklog,
  outboxPart,
  OutboxRelay,
  type OutboxMessage,
  type Publisher,
  type RelayLimits,
} from './index.js';

/** For the specs of the outbox (no spec itself): its tables on a real PostgreSQL, commits as the unit of work makes them, relays that are stopped. */
export async function outboxOnPostgres() {
  const database = await createTestDatabase();
  await database.pool.query(OUTBOX_SQL + OUTBOX_PARKED_SQL);
  const executor = database.pool as unknown as Executor;
  const relays: { readonly relay: OutboxRelay; readonly access: Access }[] = [];
  /** What a relay has begun would else change the tables of the next spec: a stopped one may still have a send under way. */
  const end = async ({ relay, access }: (typeof relays)[number]): Promise<void> => {
    await relay.stop(0);
    await access.close();
  };
  return {
    database,
    executor,
    /** @param statements the relay's access to the database; default: the fixture's own */
    relay(publisher: Publisher, limits: RelayLimits = DEFAULT_RELAY_LIMITS, statements = executor): OutboxRelay {
      const access = new Access(statements);
      const relay = new OutboxRelay(access, publisher, limits);
      relays.push({ relay, access });
      return relay;
    },
    /** Commits messages, then hands them over. @param relay asked after the commit; undefined: the process has died */
    async commit(rows: readonly OutboxMessage[], relay: () => OutboxRelay | undefined): Promise<void> {
      const unsentPredecessors = await write(
        executor,
        [{ ...outboxPart(rows), rows: undefined }],
        findUnsentPredecessors(rows),
      );
      relay()?.committed({ sent: rows, unsentPredecessors: unsentPredecessors ?? [], deleted: [] });
    },
    left: async (): Promise<number> => (await outboxBacklog(executor)).unpublished,
    /** Restores the state before the first commit. */
    async reset(): Promise<void> {
      for (const one of relays.splice(0)) await end(one);
      await database.pool.query('TRUNCATE outbox, outbox_parked');
    },
    async close(): Promise<void> {
      for (const one of relays) await end(one);
      await database.drop();
    },
  };
}

/** A relay's way to the database, which can be closed for good. */
class Access implements Executor {
  private readonly running = new Set<Promise<unknown>>();
  private closed = false;

  constructor(private readonly executor: Executor) {}

  query(text: string, values: unknown[]): ReturnType<Executor['query']> {
    if (this.closed) return Promise.reject(new Error('the relay has ended'));
    const result = this.executor.query(text, values);
    const over = result.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(over);
    void over.then(() => this.running.delete(over));
    return result;
  }

  /** Resolves when no statement is under way; later ones are refused. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.running);
  }
}

/** A valid event. Its key is the first letter of its value. */
export const aRow = (value: string, changes: Partial<OutboxMessage> = {}): OutboxMessage => ({
  id: newId(),
  shard: 0,
  topic: 'counter.events',
  key: value.slice(0, 1),
  headers: {},
  value,
  bytes: 100 + value.length,
  ...changes,
});
