import pg from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Shards of an outbox that belongs to no consumer group. A constant, not a setting: instances that counted differently would send one
 * key from two shards. With more instances than this, some own none and send what they commit.
 */
export const SHARDS = 16;
/** Beside the shards' locks: each instance holds this one, shared, so that all can count the instances. */
const MEMBERS = SHARDS;

export interface ShardLockLimits {
  /** How often an instance looks how many there are, takes what nobody owns, and gives up what is more than its share. Milliseconds. */
  readonly ownEveryMs: number;
  /** PostgreSQL ends a session that has said nothing for this time, and its locks with it: frozen, or cut off. Milliseconds. */
  readonly ownSilentMs: number;
  /** How long an answer is waited for before the connection is given up. Milliseconds. */
  readonly ownAnswerMs: number;
  /** An instance that could send nothing for this time leaves its shards, and what it has committed, to those that can. Milliseconds. */
  readonly ownFailingMs: number;
}

export const DEFAULT_SHARD_LOCK_LIMITS: ShardLockLimits = {
  ownEveryMs: 2_000,
  ownSilentMs: 10_000,
  ownAnswerMs: 5_000,
  ownFailingMs: 10_000,
};

/** Of the outbox that the search path finds: two of one database, in two schemas, have different locks. */
const OUTBOX = `'outbox'::regclass::oid`;

const STATE = `/* outbox.shards */
SELECT count(*) FILTER (WHERE l.objid = ${MEMBERS})::int AS members,
  coalesce(array_agg(l.objid::int ORDER BY l.objid) FILTER (WHERE l.objid < ${MEMBERS} AND l.pid = pg_backend_pid()), '{}') AS mine,
  coalesce(array_agg(l.objid::int) FILTER (WHERE l.objid < ${MEMBERS} AND l.pid <> pg_backend_pid()), '{}') AS others
FROM pg_locks AS l
WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted AND l.classid = ${OUTBOX}
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const TAKE = `/* outbox.take-shards */ SELECT s AS shard FROM unnest($1::int[]) AS s WHERE pg_try_advisory_lock(${OUTBOX}::int, s)`;
const GIVE_UP = `/* outbox.give-up-shards */ SELECT pg_advisory_unlock(${OUTBOX}::int, s) FROM unnest($1::int[]) AS s`;
const JOIN = `/* outbox.join */ SELECT pg_advisory_lock_shared(${OUTBOX}::int, ${MEMBERS})`;

interface State {
  readonly members: number;
  readonly mine: readonly number[];
  readonly others: readonly number[];
}

/**
 * Agrees with the other instances on who owns which shard, by session advisory locks on one connection of its own. PostgreSQL gives a
 * lock to one session at a time, and takes it back when the session ends, however it ends.
 */
export class ShardLocks {
  private client: pg.Client | undefined;
  private owned: readonly number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> | undefined;

  /** @param relay told of each change of what it owns; never throws, never waits */
  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly limits: ShardLockLimits,
    private readonly relay: {
      own(shards: readonly number[]): void;
      failed(error: unknown): void;
      /** Since when nothing can be sent. */
      readonly failingForMs: number;
    },
  ) {}

  /** @throws what the driver says, when the database cannot be reached */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.takeTurn(), this.limits.ownEveryMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.turn;
    await this.leave();
  }

  private takeTurn(): Promise<void> {
    this.turn ??= this.look()
      .catch((error: unknown) => this.lost(error))
      .finally(() => (this.turn = undefined));
    return this.turn;
  }

  private async look(): Promise<void> {
    if (this.relay.failingForMs > this.limits.ownFailingMs) {
      this.change([]);
      return this.leave();
    }
    const client = (this.client ??= await this.join());
    const { members, mine, others } = (await client.query<State>(STATE)).rows[0] as State;
    const share = Math.ceil(SHARDS / members);
    const keeps = mine.slice(0, share);
    const free = all().filter((shard) => !mine.includes(shard) && !others.includes(shard));
    const wanted = free.slice(0, share - keeps.length);
    const { rows } =
      wanted.length > 0 ? await client.query<{ shard: number }>(TAKE, [wanted]) : { rows: [] as { shard: number }[] };
    this.change([...keeps, ...rows.map(({ shard }) => shard)]);
    const surplus = mine.slice(share);
    if (surplus.length > 0) await client.query(GIVE_UP, [surplus]);
  }

  private change(shards: readonly number[]): void {
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
      await client.query(JOIN);
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  /** The locks are gone, or nobody can say: nothing is swept until they are taken again. */
  private async lost(error: unknown): Promise<void> {
    this.relay.failed(error);
    this.change([]);
    await this.leave();
  }

  private async leave(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}

const all = (): number[] => Array.from({ length: SHARDS }, (_, shard) => shard);

/** How the data source reaches its database, for a connection beside its pool. */
export function connectionOf(dataSource: DataSource): pg.ClientConfig {
  const { options } = (dataSource.driver as unknown as { master: pg.Pool }).master;
  // pg hides the password from whoever lists the options.
  return { ...options, password: options.password };
}
