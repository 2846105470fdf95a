import pg from 'pg';

/** The database may have been asked for the moment it is away: no statement waits longer. */
const STATEMENT_WITHIN_MS = 10_000;

/** One question to one database, on a connection of its own: under chaos no connection lives long. @throws when it is away */
export async function rowsOf<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: STATEMENT_WITHIN_MS,
    query_timeout: STATEMENT_WITHIN_MS,
    application_name: 'backstep chaos',
  });
  // A connection that breaks while idle tells so here; the next query throws it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
