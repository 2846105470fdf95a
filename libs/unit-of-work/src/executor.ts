import { DatabaseUnavailableError, translate, type Executor } from '@backstep/concurrency';
import type { ClientBase, Pool, PoolClient, QueryConfig } from 'pg';

/**
 * For the `options` of a connection that batches run on. Their statements find rows by key, whatever the statistics say. A prepared statement
 * that was planned while a table was small would scan the whole table to join it with a batch, and go on doing so while the table grows
 * (decision 0011). A nested loop over the batch's own rows also locks in the order in which they are given (decision 0036).
 */
export const HOT_PATH_SETTINGS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** Distinct statement texts that this process prepares. A service has a few dozen; beyond the bound they run unprepared. */
const PREPARED_MAX = 300;

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && names.size < PREPARED_MAX) names.set(text, (name = `backstep_${names.size}`));
  return name;
}

/** Runs each statement as a prepared one, which PostgreSQL parses once a connection. */
export function preparedExecutor(client: Pool | ClientBase): Executor {
  const run = isPool(client) ? queryOn(client) : (query: QueryConfig) => client.query<Row>(query);
  return {
    query: (text, values) => {
      const name = nameOf(text);
      return run(name === undefined ? { text, values } : { name, text, values });
    },
  };
}

type Row = Record<string, unknown>;

const isPool = (client: Pool | ClientBase): client is Pool => 'totalCount' in client;

/** `pool.query` that keeps a connection after a refused statement: see {@link onConnection}. */
const queryOn = (pool: Pool) => (query: QueryConfig) => onConnection(pool, (client) => client.query<Row>(query));

/**
 * Lends a connection of the pool. A broken connection is closed. A connection whose statement was refused (a lost lock, a duplicate) is
 * kept: `pool.query` closes it after any error, and the next write would open a session and prepare every statement again.
 */
export async function onConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool does not listen on a connection that is checked out: an `error` without a listener ends the process.
  const onBreak = (error: Error): void => void (broken = error);
  client.on('error', onBreak);
  try {
    return await work(client);
  } catch (error) {
    if (translate(error) instanceof DatabaseUnavailableError) broken ??= error as Error;
    throw error;
  } finally {
    client.off('error', onBreak);
    client.release(broken);
  }
}

/**
 * Runs a batch in a transaction, for rows that it locks as it reads them.
 * @param lockTimeoutMs how long it waits for a row
 * @param end ROLLBACK: nothing of it stays, for a dry run
 */
export const inTransaction = <T>(
  pool: Pool,
  lockTimeoutMs: number,
  work: (executor: Executor) => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK' = 'COMMIT',
): Promise<T> =>
  onConnection(pool, async (client) => {
    try {
      await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}`);
      const result = await work(preparedExecutor(client));
      await client.query(end);
      return result;
    } catch (error) {
      // When ROLLBACK fails, its error replaces the first one: the connection is broken, and the pool must close it.
      await client.query('ROLLBACK');
      throw error;
    }
  });
