import {
  VersionConflictError,
  versionAfter,
  type Json,
  type OutboxRecord,
  type OutboxStore,
  type Versioned,
} from '../versioned-store.js';

/** A pool, or a client in a transaction of one's own, of `pg`. */
export interface Queryable {
  query(statement: { text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** The names of the tables. */
export interface PostgresStoreOptions {
  /** Default `versioned_rows`. */
  readonly rows?: string;
  /** Default `versioned_outbox`. */
  readonly outbox?: string;
}

const named = ({ rows = 'versioned_rows', outbox = 'versioned_outbox' }: PostgresStoreOptions) => ({
  rows: `"${rows.replaceAll('"', '""')}"`,
  outbox: `"${outbox.replaceAll('"', '""')}"`,
});

/** For a migration of one's own. */
export const postgresTables = (options: PostgresStoreOptions = {}): string => {
  const { rows, outbox } = named(options);
  return `
CREATE TABLE ${rows} (key text PRIMARY KEY, value jsonb NOT NULL, version bigint NOT NULL);
CREATE TABLE ${outbox} (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE, key text NOT NULL, payload jsonb NOT NULL
);`;
};

/** PostgreSQL asks to run the transaction again: under REPEATABLE READ, that is what a lost race says. */
const SERIALIZATION_FAILURE = '40001';

/**
 * Rows in PostgreSQL. The version stands in the `WHERE` of the one statement: under READ COMMITTED, an `UPDATE` that waited for another
 * writer compares it again with what that one has committed.
 */
export class PostgresStore<V extends Json = Json> implements OutboxStore<V> {
  private readonly get_: string;
  private readonly insert: string;
  private readonly update: string;
  private readonly record: string;
  private readonly recordsOf_: string;

  constructor(
    private readonly database: Queryable,
    options: PostgresStoreOptions = {},
  ) {
    const { rows, outbox } = named(options);
    this.get_ = `SELECT value, version FROM ${rows} WHERE key = $1`;
    this.insert = `INSERT INTO ${rows} (key, value, version) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING version`;
    this.update = `UPDATE ${rows} SET value = $2, version = $3 WHERE key = $1 AND version = $4 RETURNING version`;
    this.record = `INSERT INTO ${outbox} (key, id, payload) SELECT $1, `;
    this.recordsOf_ = `SELECT id, payload FROM ${outbox} WHERE key = $1 ORDER BY position`;
  }

  async get(key: string): Promise<Versioned<V> | undefined> {
    const [row] = await this.run<{ value: V; version: string }>('get', this.get_, [key]);
    return row && { value: row.value, version: Number(row.version) };
  }

  put(key: string, value: V, expected: number | undefined): Promise<number> {
    const [name, text] = expected === undefined ? ['insert', this.insert] : ['update', this.update];
    return this.write(name, text, key, value, expected, []);
  }

  putWithRecord(key: string, value: V, expected: number | undefined, { id, payload }: OutboxRecord): Promise<number> {
    const [name, text] = expected === undefined ? ['insert', this.insert] : ['update', this.update];
    const at = expected === undefined ? 4 : 5;
    // One statement: no row written, no record.
    const both = `WITH written AS (${text}) ${this.record} $${at}, $${at + 1} FROM written RETURNING 1`;
    return this.write(`${name}.record`, both, key, value, expected, [id, JSON.stringify(payload)]);
  }

  recordsOf(key: string): Promise<OutboxRecord[]> {
    return this.run<OutboxRecord>('records', this.recordsOf_, [key]);
  }

  private async write(
    name: string,
    text: string,
    key: string,
    value: V,
    expected: number | undefined,
    record: string[],
  ): Promise<number> {
    const version = versionAfter(expected);
    const values = [key, JSON.stringify(value), version, ...(expected === undefined ? [] : [expected]), ...record];
    const written = await this.run(name, text, values).catch((error: unknown) => {
      if ((error as { code?: string }).code !== SERIALIZATION_FAILURE) throw error;
      throw new VersionConflictError(key, expected, { cause: error });
    });
    if (written.length === 0) throw new VersionConflictError(key, expected);
    return version;
  }

  private async run<R>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const { rows } = await this.database.query({ text: `/* stores.${name} */ ${text}`, values });
    return rows as R[];
  }
}
