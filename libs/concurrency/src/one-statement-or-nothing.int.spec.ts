import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { accounts, type Account } from './accounts.fixture.spec.js';
import {
  compose,
  DatabaseUnavailableError,
  deletePart,
  insertPart,
  translate,
  updatePart,
  write,
  type Executor,
  type StatementPart,
} from './index.js';

/**
 * Goal: the parts of a write happen together or not at all, and each failure of PostgreSQL becomes the error that tells what to do.
 * Method: real statements, real failures.
 */
let bank: Awaited<ReturnType<typeof accounts>>;
let executor: Executor;
beforeAll(async () => {
  bank = await accounts();
  executor = bank.database.pool as unknown as Executor;
});
afterAll(() => bank.close());

const anAccount = (changes: Partial<Account> = {}): Account => {
  const id = randomUUID();
  return { id, owner: id, balance: 100, notes: null, openedAt: new Date(Date.UTC(2030, 0, 1)), version: 1, ...changes };
};
const inserted = async (count: number): Promise<Account[]> => {
  const rows = Array.from({ length: count }, () => anAccount());
  await write(executor, [insertPart(bank.table, rows)]);
  return rows;
};
const setTo = (rows: readonly Account[], balance: number, expectedVersion = 1): StatementPart =>
  updatePart(
    bank.table,
    rows.map((row) => ({ row: { ...row, balance, version: expectedVersion + 1 }, expectedVersion })),
  );
const balances = async (rows: readonly Account[]) =>
  Promise.all(rows.map(async ({ id }) => (await bank.stored(id))?.balance));

describe('a statement of several parts', () => {
  it('a statement with an insert, an update and a delete does all three in one commit', async () => {
    const [updated, deleted] = (await inserted(2)) as [Account, Account];
    const fresh = anAccount();
    await write(executor, [
      insertPart(bank.table, [fresh]),
      setTo([updated], 7),
      deletePart(bank.table, [{ row: deleted, expectedVersion: 1 }]),
    ]);
    expect(await balances([fresh, updated, deleted])).toEqual([100, 7, undefined]);
  });

  it.each([
    ['an update of an old version', (row: Account) => setTo([row], 9, 41)],
    ['an update of which only some rows match', (row: Account) => setTo([row, anAccount()], 9)],
    ['a delete of an old version', (row: Account) => deletePart(bank.table, [{ row, expectedVersion: 41 }])],
    [
      'any part that touches more than it must',
      (row: Account): StatementPart => ({
        name: 'many',
        sql: 'UPDATE account SET version = version WHERE id <> $1',
        params: [row.id],
        rows: 1,
      }),
    ],
  ])('a statement writes nothing when one part is %s', async (_, wrong) => {
    const [row, other, third] = (await inserted(3)) as [Account, Account, Account];
    const fresh = anAccount();
    const bad = wrong(row);
    const outcome = write(executor, [
      insertPart(bank.table, [fresh]),
      { ...setTo([other, third], 55), name: 'others' },
      bad,
    ]);
    await expect(outcome).rejects.toMatchObject({ name: 'RowsMismatchError', part: bad.name });
    expect(await balances([fresh, row, other, third])).toEqual([undefined, 100, 100, 100]);
  });

  it('a statement writes nothing when one part breaks a constraint, and the error names table and constraint', async () => {
    const [row, other] = (await inserted(2)) as [Account, Account];
    const outcome = write(executor, [setTo([row], 55), insertPart(bank.table, [anAccount({ owner: other.owner })])]);
    await expect(outcome).rejects.toMatchObject({
      name: 'UniqueViolationError',
      table: 'account',
      constraint: 'account_owner_key',
    });
    expect(await balances([row])).toEqual([100]);
  });

  it('a part without an expected number of rows may touch any number', async () => {
    const [row] = (await inserted(1)) as [Account];
    const anyNumber: StatementPart = {
      name: 'gone',
      sql: 'DELETE FROM account WHERE id = ANY($1::uuid[])',
      params: [[row.id, randomUUID()]],
      rows: undefined,
    };
    await write(executor, [anyNumber]);
    expect(await balances([row])).toEqual([undefined]);
  });

  it('the parameters of each part keep their numbers, also beyond $9', () => {
    const part = (name: string, count: number): StatementPart => ({
      name,
      sql: `INSERT INTO t VALUES (${Array.from({ length: count }, (_, index) => `$${index + 1}`).join()})`,
      params: Array.from({ length: count }, (_, index) => `${name}${index + 1}`),
      rows: 1,
    });
    const { text, values } = compose([part('a', 10), part('b', 2)]);
    // The ten of a, then the number of rows that a must touch, then the two of b.
    expect(text).toContain('INSERT INTO t VALUES ($12,$13)');
    expect([values[9], values[10], values[11], values[12]]).toEqual(['a10', 1, 'b1', 'b2']);
  });

  it('a question is answered from before the write, with its own parameters', async () => {
    const [row] = (await inserted(1)) as [Account];
    const question = { sql: '(SELECT balance_cents::float8 FROM account WHERE id = $1::uuid)', params: [row.id] };
    const before = await balances([row]);
    expect([await write(executor, [setTo([row], 7)], question)]).toEqual(before);
    expect(await balances([row])).toEqual([7]);
  });

  it('a write of no parts sends no statement', async () => {
    await write({ query: () => Promise.reject(new Error('asked')) }, []);
  });
});

describe('an error of the database, and an error of the statement', () => {
  const failure = async (act: Promise<unknown>): Promise<Error> =>
    act.then(
      () => new Error('it worked'),
      (error: unknown) => translate(error),
    );
  const single = (config: pg.ClientConfig = {}): pg.Client => {
    const client = new pg.Client({ connectionString: bank.database.url, ...config });
    client.on('error', () => undefined);
    return client;
  };

  it('a refused connection is DatabaseUnavailableError', async () => {
    const client = single({ connectionString: 'postgres://x:y@127.0.0.1:1/z' });
    expect(await failure(client.connect())).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('a host name that does not resolve is DatabaseUnavailableError', async () => {
    const client = single({ connectionString: 'postgres://x:y@no-such-host.invalid/z' });
    expect(await failure(client.connect())).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('a connection that ends during a statement, or before it, is DatabaseUnavailableError', async () => {
    const client = single();
    await client.connect();
    expect(await failure(client.query('SELECT pg_terminate_backend(pg_backend_pid())'))).toBeInstanceOf(
      DatabaseUnavailableError,
    );
    expect(await failure(client.query('SELECT 1'))).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('a pool that has no connection in time is DatabaseUnavailableError', async () => {
    const pool = new pg.Pool({ connectionString: bank.database.url, max: 1, connectionTimeoutMillis: 1_000 });
    const client = await pool.connect();
    expect(await failure(pool.query('SELECT 1'))).toBeInstanceOf(DatabaseUnavailableError);
    client.release();
    await pool.end();
  });

  it.each([
    ['takes no writes', `BEGIN READ ONLY; CREATE TABLE t ()`],
    ['does not answer in time', `SET statement_timeout = '10ms'; SELECT pg_sleep(60)`],
  ])('a database that %s is DatabaseUnavailableError', async (_, sql) => {
    const client = single();
    await client.connect();
    expect(await failure(client.query(sql))).toMatchObject({ name: 'DatabaseUnavailableError', retryable: true });
    await client.end();
  });

  it('an error that TypeORM has wrapped is recognised', async () => {
    const wrapped = await failure(
      bank.dataSource.query(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$`),
    );
    expect(wrapped).toMatchObject({ name: 'TransactionRetryError', sqlState: '40P01' });
  });

  it('the error of a bad statement is returned unchanged', async () => {
    const bad = await failure(bank.database.pool.query('SELECT * FROM not_there'));
    expect(bad).toMatchObject({ code: '42P01' });
    expect(translate('a string')).toMatchObject({ message: 'a string' });
  });
});
