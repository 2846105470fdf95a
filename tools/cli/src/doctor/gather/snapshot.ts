import type pg from 'pg';
import { UnreachableError } from '../../shared/exit-codes.js';

/** One statement may take this long, milliseconds: more is a database in trouble, which the doctor must not make worse. */
const STATEMENT_MS = 30_000;
/** Generous: our own loop may be busy with a hundred thousand messages meanwhile, and that must not look like a database that is away. */
const CONNECT_MS = 15_000;
/** Rows fetched at a time. */
const PAGE_ROWS = 20_000;

/** One database at one moment: all statements see the same snapshot, and none can write. */
export class Snapshot {
  private constructor(
    private readonly client: pg.Client,
    private readonly name: string,
  ) {}

  /** Opens, hands over, closes. @throws UnreachableError naming the database when it does not answer, or not let us in */
  static async of<T>(
    databases: Readonly<Record<string, string>>,
    name: string,
    use: (snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    // Loaded when a database is read at all.
    const { default: postgres } = await import('pg');
    const client = new postgres.Client({
      connectionString: databases[name],
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      application_name: 'backstep doctor',
    });
    // A connection that breaks while idle tells so here, and again to the next query, which throws.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return await use(new Snapshot(client, name));
    } catch (error) {
      throw isUnreachable(error)
        ? new UnreachableError(`The database of ${name} cannot be read: ${(error as Error).message}`, { cause: error })
        : error;
    } finally {
      await client.end();
    }
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(sql, [...values])).rows;
  }

  async one<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row> {
    const [row] = await this.rows<Row>(sql, values);
    if (!row) throw new Error(`${this.name}: no row from ${sql}`);
    return row;
  }

  /**
   * All rows of a large table, a page at a time in the order of its key: memory holds what is made of them and one page.
   * `sql` takes the key to go on after as $1 and the page's size as $2; the first page begins after `from`.
   */
  async *pages<Row extends pg.QueryResultRow>(
    sql: string,
    keyOf: (row: Row) => string,
    from: string,
  ): AsyncGenerator<Row[], void, void> {
    for (let after = from; ;) {
      const rows = await this.rows<Row>(sql, [after, PAGE_ROWS]);
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_ROWS) return;
      after = keyOf(last);
    }
  }
}

/**
 * Class 08 and 57P0x of PostgreSQL, and what the operating system says of a server that is not there. Class 28 and 3D000 too:
 * a server where our password or database is unknown is somebody else's, or was set up with another `.env`.
 */
function isUnreachable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    /^(08...|57P0.|28...|3D000|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)$/.test(code ?? '') ||
    /timeout|terminated/i.test(message ?? '')
  );
}
