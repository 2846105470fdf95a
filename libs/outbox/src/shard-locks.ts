import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Bounds of how instances divide the shards. */
export interface ShardLockLimits {
  /** The interval at which an instance counts all instances, takes free shards, and gives up those beyond its share. Milliseconds. */
  readonly ownEveryMs: number;
  /** PostgreSQL ends a session, and releases its locks, after this time without a statement: its instance is frozen or cut off. Milliseconds. */
  readonly ownSilentMs: number;
  /** How long to wait for an answer before the connection is given up. Milliseconds. */
  readonly ownAnswerMs: number;
  /** An instance that could not send for this time gives up its shards, with its own unsent messages, to the others. Milliseconds. */
  readonly ownFailingMs: number;
}

/** The bounds of an instance that is given no others. */
export const DEFAULT_SHARD_LOCK_LIMITS: ShardLockLimits = {
  ownEveryMs: 2_000,
  ownSilentMs: 10_000,
  ownAnswerMs: 5_000,
  ownFailingMs: 10_000,
};

/** The lock's class is the outbox table in the search path: two outboxes in two schemas of one database have different locks. */
const OUTBOX = `'outbox'::regclass::oid`;

/** Shards are 0 to $1 - 1. Beside them, each instance holds the lock $1, shared, so that all can count the instances. */
const STATE = `/* outbox.shards */
SELECT count(*) FILTER (WHERE l.objid = $1::oid)::int AS members,
  coalesce(array_agg(l.objid::int ORDER BY l.objid) FILTER (WHERE l.objid < $1::oid AND l.pid = pg_backend_pid()), '{}') AS mine,
  coalesce(array_agg(l.objid::int) FILTER (WHERE l.objid < $1::oid AND l.pid <> pg_backend_pid()), '{}') AS others
FROM pg_locks AS l
WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted AND l.classid = ${OUTBOX}
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const TAKE = `/* outbox.take-shards */ SELECT s AS shard FROM unnest($1::int[]) AS s WHERE pg_try_advisory_lock(${OUTBOX}::int, s)`;
const GIVE_UP = `/* outbox.give-up-shards */ SELECT pg_advisory_unlock(${OUTBOX}::int, s) FROM unnest($1::int[]) AS s`;
const JOIN = `/* outbox.join */ SELECT pg_advisory_lock_shared(${OUTBOX}::int, $1)`;

interface State {
  readonly members: number;
  readonly mine: readonly number[];
  readonly others: readonly number[];
}

/**
 * Shares the shards of an outbox without a consumer group among all instances, by session advisory locks on a connection of its own.
 * PostgreSQL gives a lock to one session at a time, and releases it when the session ends, however it ends.
 */
export class ShardLocks {
  private client: pg.Client | undefined;
  private owned: readonly number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  /**
   * @param shards the number of shards, the same for all instances. With more instances than shards, some own none, and still send what they
   * commit.
   * @param relay gets each change of the owned shards; never throws, never waits
   */
  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly shards: number,
    private readonly limits: ShardLockLimits,
    private readonly relay: {
      own(shards: readonly number[]): void;
      failed(error: unknown): void;
      /** For how many milliseconds sending has been failing; 0 while it works. */
      readonly failingForMs: number;
    },
  ) {}

  /** @throws the driver's error, when the database cannot be reached */
  async start(): Promise<void> {
    await this.rebalance();
    this.watch();
  }

  /** The same as {@link start}, in the background: a failure is reported, and tried again. */
  begin(): void {
    void this.rebalanceOnce();
    this.watch();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    await this.leave();
  }

  private watch(): void {
    this.timer = setInterval(() => void this.rebalanceOnce(), this.limits.ownEveryMs);
    this.timer.unref();
  }

  /** One run at a time. Never throws. */
  private rebalanceOnce(): Promise<void> {
    this.running ??= this.rebalance()
      .catch((error: unknown) => this.lost(error))
      .finally(() => (this.running = undefined));
    return this.running;
  }

  private async rebalance(): Promise<void> {
    if (this.relay.failingForMs > this.limits.ownFailingMs) {
      this.setOwned([]);
      return this.leave();
    }
    const client = (this.client ??= await this.join());
    const { members, mine, others } = (await client.query<State>(STATE, [this.shards])).rows[0] as State;
    const share = Math.ceil(this.shards / members);
    const keeps = mine.slice(0, share);
    const all = Array.from({ length: this.shards }, (_, shard) => shard);
    const free = all.filter((shard) => !mine.includes(shard) && !others.includes(shard));
    const wanted = free.slice(0, share - keeps.length);
    const { rows } =
      wanted.length > 0 ? await client.query<{ shard: number }>(TAKE, [wanted]) : { rows: [] as { shard: number }[] };
    this.setOwned([...keeps, ...rows.map(({ shard }) => shard)]);
    const surplus = mine.slice(share);
    if (surplus.length > 0) await client.query(GIVE_UP, [surplus]);
  }

  private setOwned(shards: readonly number[]): void {
    if (String(shards) === String(this.owned)) return;
    this.owned = shards;
    this.relay.own(shards);
  }

  private async join(): Promise<pg.Client> {
    const client = new pg.Client({
      application_name: 'backstep outbox',
      ...this.connection,
      query_timeout: this.limits.ownAnswerMs,
      connectionTimeoutMillis: this.limits.ownAnswerMs,
    });
    client.on('error', (error) => {
      if (this.client !== client) return;
      void this.lost(error);
    });
    try {
      await client.connect();
      await client.query(`SET idle_session_timeout = ${this.limits.ownSilentMs}`);
      await client.query(JOIN, [this.shards]);
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  /** The locks are lost, or may be: no shard is swept until they are taken again. */
  private async lost(error: unknown): Promise<void> {
    this.relay.failed(error);
    this.setOwned([]);
    await this.leave();
  }

  private async leave(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}

/** The data source's connection settings, for a connection beside its pool. */
export function connectionOf(dataSource: DataSource): pg.ClientConfig {
  const { options } = (dataSource.driver as unknown as { master: pg.Pool }).master;
  // pg makes the password non-enumerable, so the spread does not copy it.
  return { ...options, password: options.password };
}
