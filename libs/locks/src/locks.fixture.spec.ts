import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { HOT_PATH_SETTINGS, preparedExecutor } from '@backstep/unit-of-work';
import { ASSERT_ROWS_SQL } from '@backstep/concurrency';
import pg from 'pg';
import { NAMED_LOCKS_SQL, NamedLocks, type NamedLocksParts } from './index.js';

/** As the connections of a service have. Long for what is not waited for, short for a spec that is wrong. */
const LOCK_TIMEOUT_MS = 5_000;

export interface LockRow {
  readonly name: string;
  readonly holder: string;
  readonly epoch: number;
  readonly held: boolean;
}

/** What the specs of named locks share (no spec itself): a database, and instances of a service that share nothing but it. */
export class LockKit {
  private readonly pools: pg.Pool[] = [];

  private constructor(readonly database: TestDatabase) {}

  static async start(sql = 'SELECT 1'): Promise<LockKit> {
    const database = await createTestDatabase();
    await database.pool.query([ASSERT_ROWS_SQL, NAMED_LOCKS_SQL, sql].join(';'));
    return new LockKit(database);
  }

  /** Connections with the settings of a service's. */
  pool(): pg.Pool {
    const options = `${HOT_PATH_SETTINGS} -c lock_timeout=${LOCK_TIMEOUT_MS}`;
    const pool = new pg.Pool({ connectionString: this.database.url, max: 2, options });
    pool.on('error', () => undefined);
    this.pools.push(pool);
    return pool;
  }

  instance(parts: Partial<NamedLocksParts> = {}): NamedLocks {
    return new NamedLocks({ executor: preparedExecutor(this.pool()), ...parts });
  }

  async rows(): Promise<LockRow[]> {
    const { rows } = await this.database.pool.query<LockRow>(
      `SELECT name, holder, epoch::float8 AS epoch, until > clock_timestamp() AS held FROM named_lock ORDER BY name`,
    );
    return rows;
  }

  async held(): Promise<string[]> {
    return (await this.rows()).filter(({ held }) => held).map(({ name }) => name);
  }

  /** What the database remembers of its locks is that much older. */
  async age(interval: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE named_lock SET until = until - $1::interval, changed_at = changed_at - $1::interval`,
      [interval],
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()));
    await this.database.drop();
  }
}
