import { HOT_PATH_SETTINGS } from '@backstep/unit-of-work';
import pg from 'pg';

/** Instances of the kit at most, in one cell. */
export const INSTANCES_MAX = 4;
/** As a service's pool needs for batches alone. */
const CONNECTIONS_PER_INSTANCE = 3;
/** As long as the unit of work waits for a row by its defaults, milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;

/** The connections of a run, opened once: opening one costs more than what is measured on it. */
export class Sessions {
  private constructor(
    /** For what is done between cells. */
    readonly admin: pg.Client,
    readonly clients: readonly pg.Client[],
    readonly pools: readonly pg.Pool[],
  ) {}

  static async open(url: string, clients: number): Promise<Sessions> {
    const connection = { connectionString: url, application_name: 'backstep bench' };
    const all = Array.from({ length: clients + 1 }, () => new pg.Client(connection));
    for (const client of all) client.on('error', () => undefined);
    const pools = Array.from({ length: INSTANCES_MAX }, () => {
      const pool = new pg.Pool({
        ...connection,
        max: CONNECTIONS_PER_INSTANCE,
        options: HOT_PATH_SETTINGS,
        lock_timeout: LOCK_TIMEOUT_MS,
        idleTimeoutMillis: 0,
      });
      pool.on('error', () => undefined);
      return pool;
    });
    const [admin, ...rest] = all;
    const sessions = new Sessions(admin as pg.Client, rest, pools);
    try {
      for (const client of all) await client.connect();
    } catch (error) {
      await sessions.close();
      throw error;
    }
    return sessions;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.admin, ...this.clients, ...this.pools].map((one) => one.end()));
  }
}
