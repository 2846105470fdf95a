import { DatabaseUnavailableError, translate, type Executor } from '@backstep/concurrency';
import type { ClientBase, Pool, PoolClient, QueryConfig } from 'pg';

/** Distinct statement texts that are prepared on a connection. There are a few dozen; beyond the bound they go unprepared. */
const PREPARED_MAX = 300;

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && names.size < PREPARED_MAX) names.set(text, (name = `backstep_${names.size}`));
  return name;
}

/** Runs statements as prepared ones: parsed and planned once a connection. */
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

/** As `pool.query`, but see {@link onConnection}. */
const queryOn = (pool: Pool) => (query: QueryConfig) => onConnection(pool, (client) => client.query<Row>(query));

/**
 * Lends a connection of the pool. It is given up when it is broken, and kept when a statement was refused (a lost lock, a duplicate):
 * `pool.query` gives it up after any error, and the next write would need a new session, with everything prepared and planned anew.
 */
export async function onConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // While it is taken out nobody else listens: a connection that breaks would end the process.
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
