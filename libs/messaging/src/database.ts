import { backoffMs, delay } from '@backstep/resilience';
import { DatabaseUnavailableError, translate, type Executor } from '@backstep/concurrency';
import { preparedExecutor } from '@backstep/unit-of-work';
import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import type { MessagingLogger } from './host.js';

/** How a service's database is reached. */
export interface DatabaseOptions {
  /** The URL of the service's own database, with the service's own role. */
  readonly url: string;
  /**
   * Connections of the hot path. Default 6; beside them TypeORM has two of its own, and a service that reads no topic one on which instances
   * agree who sends what a dead one has left.
   */
  readonly poolMax?: number;
}

/** The tables of a service: TypeORM's entities and migrations, in their order. */
export interface Schema {
  readonly entities: MixedList<string | EntitySchema | (new () => object)>;
  readonly migrations: readonly (new () => object)[];
}

/** How long a starting service waits for its database before it gives up, milliseconds. */
const DATABASE_START_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Longer than the server's statement timeout: no answer within this time means that the connection is dead. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const POOL_MAX = 6;
const IDLE_TIMEOUT_MS = 30_000;
/** TypeORM has the metadata, runs the migrations and serves a service's own queries; the hot path has the other pool. */
const TYPEORM_POOL_MAX = 2;
/**
 * Statements of the hot path find rows by key, whatever the statistics say. A prepared statement that was planned while a table was small
 * would scan the whole table to join it with a batch, and go on doing so while the table grows (decision 0011).
 */
const HOT_PATH_SETTINGS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');
const START_BACKOFF = { baseMs: 100, capMs: 2_000 };
/** The advisory lock of migrations: any number, the same for all instances. */
const MIGRATION_LOCK = 4_077_231;

/** The service's database: a pool for the hot path, TypeORM for entities and migrations. */
export class Database {
  readonly executor: Executor;

  private constructor(
    readonly pool: pg.Pool,
    readonly dataSource: DataSource,
  ) {
    this.executor = preparedExecutor(pool);
  }

  /** Connects and migrates. @throws DatabaseUnavailableError when the database stays away too long. */
  static async open(
    { url, poolMax = POOL_MAX }: DatabaseOptions,
    schema: Schema,
    logger: MessagingLogger,
  ): Promise<Database> {
    const pool = new pg.Pool({
      connectionString: url,
      max: poolMax,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      options: HOT_PATH_SETTINGS,
    });
    // The pool replaces an idle connection that breaks. An `error` without a listener would end the process.
    pool.on('error', (error) => logger.warn('a database connection broke', { error }));
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      entities: schema.entities,
      migrations: [...schema.migrations],
      migrationsTableName: 'migration',
      migrationsTransactionMode: 'each',
      poolSize: TYPEORM_POOL_MAX,
      extra: { connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    });
    await connect(dataSource, logger);
    await migrate(pool, dataSource, logger);
    return new Database(pool, dataSource);
  }

  /** @throws DatabaseUnavailableError */
  async ping(): Promise<void> {
    try {
      await this.pool.query('SELECT 1');
    } catch (error) {
      throw translate(error);
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.pool.end();
  }
}

async function connect(dataSource: DataSource, logger: MessagingLogger): Promise<void> {
  const until = Date.now() + DATABASE_START_TIMEOUT_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      await dataSource.initialize();
      return;
    } catch (thrown) {
      const error = translate(thrown);
      if (!(error instanceof DatabaseUnavailableError) || Date.now() > until) throw error;
      if (attempt === 0) logger.warn('waiting for the database', { error });
      await delay(backoffMs(START_BACKOFF, attempt));
    }
  }
}

/** Several instances may start at once: one migrates, the others wait and then find no pending migration. */
async function migrate(pool: pg.Pool, dataSource: DataSource, logger: MessagingLogger): Promise<void> {
  const client = await pool.connect();
  let unlocked = false;
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      for (const { name } of await dataSource.runMigrations()) logger.info('migrated', { migration: name });
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      unlocked = true;
    }
  } finally {
    // The lock is released with its connection.
    client.release(!unlocked);
  }
}
