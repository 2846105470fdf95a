import type { WireMessage } from '@backstep/messages';
import { createTestDatabase, waitUntil } from '@backstep/testing';
import { DataSource, type EntityManager } from 'typeorm';
import {
  Outbox,
  OUTBOX_MIGRATIONS,
  STANDALONE_SHARDS,
  outboxBacklog,
  type OutboxLimits,
  type Publisher,
} from '../index.js';
import { executorOf } from '@backstep/concurrency';

/** Keeps the messages that it gets, in order. While it is away it refuses connections. */
export class Broker implements Publisher {
  readonly received: WireMessage[] = [];
  private away = false;
  private silent = false;

  goesAway(): void {
    this.away = true;
  }
  comesBack(): void {
    this.away = false;
  }
  /** From now on no send ends: a process that sends to it behaves like a dead one. */
  fallsSilent(): void {
    this.silent = true;
  }

  publish(messages: readonly WireMessage[]): Promise<void> {
    if (this.silent) return new Promise(() => undefined);
    if (this.away) return Promise.reject(new Error('the broker is away'));
    this.received.push(...messages);
    return Promise.resolve();
  }

  /** Each message once, as an inbox would handle it: values in the order of their first arrival. */
  get values(): string[] {
    const seen = new Map(this.received.map(({ headers, value }) => [headers['ce_id'], value]));
    return [...seen.values()];
  }
}

/** The sweep runs only after a minute: messages that are sent sooner were sent after their commit, or because a shard was taken over. */
export const UNSWEPT = { sweepEveryMs: 60_000, retry: { baseMs: 5, capMs: 20 } } as const;

/** For the specs of the outbox alone (no spec itself): a database with its tables, and instances of an application on it. */
export async function standalone() {
  const database = await createTestDatabase();
  const instances: { outbox: Outbox; dataSource: DataSource }[] = [];
  const connect = (applicationName: string) =>
    new DataSource({
      type: 'postgres',
      url: database.url,
      migrations: [...OUTBOX_MIGRATIONS],
      poolSize: 4,
      applicationName,
    }).initialize();
  const first = await connect('fixture');
  await first.runMigrations();
  await first.query('CREATE TABLE jar (name text PRIMARY KEY, beans integer NOT NULL)');

  return {
    database,
    /** An instance of the application, with an outbox and a pool of its own. */
    async instance(publisher: Publisher, limits: Partial<OutboxLimits> = UNSWEPT, name = 'instance') {
      const dataSource = await connect(name);
      const failures: string[] = [];
      const outbox = await Outbox.start({
        dataSource,
        publisher,
        limits,
        events: { failed: (what) => void failures.push(what) },
        lockConnection: { connectionString: database.url, application_name: name },
      }).catch(async (error: unknown) => {
        await dataSource.destroy();
        throw error;
      });
      instances.push({ outbox, dataSource });
      const add = (manager: EntityManager, ...values: string[]) =>
        outbox.add(
          manager,
          values.map((value) => ({ topic: 'jar.events', key: value.slice(0, 1), value })),
        );
      const commit = (...values: string[]) => dataSource.transaction((manager) => add(manager, ...values));
      return { outbox, dataSource, failures, add, commit };
    },
    /** Ends an instance's connections, as `kill -9` does. With a silent broker it sends nothing any more. */
    async kill(name: string): Promise<void> {
      await database.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        name,
      ]);
    },
    left: async (): Promise<number> => (await outboxBacklog(executorOf(first))).unpublished,
    /** The owners, and their shards. */
    async owners(): Promise<{ readonly name: string; readonly shards: readonly number[] }[]> {
      const { rows } = await database.pool.query<{ name: string; shards: number[] }>(
        `SELECT application_name AS name, array_agg(objid::int ORDER BY objid) AS shards
         FROM pg_locks AS l JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND objsubid = 2 AND classid = 'outbox'::regclass::oid AND objid < ${STANDALONE_SHARDS}
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid, application_name`,
      );
      return rows;
    },
    reaches: (broker: Broker, count: number) =>
      waitUntil(`${count} messages are sent`, () => broker.values.length >= count),
    async reset(): Promise<void> {
      for (const { outbox, dataSource } of instances.splice(0)) {
        await outbox.stop(0);
        if (dataSource.isInitialized) await dataSource.destroy();
      }
      await database.pool.query('TRUNCATE outbox, outbox_parked, jar');
    },
    async close(): Promise<void> {
      await first.destroy();
      await database.drop();
    },
  };
}
