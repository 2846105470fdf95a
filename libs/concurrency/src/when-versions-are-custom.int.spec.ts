import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  ASSERT_ROWS_SQL,
  claim,
  custom,
  executorOf,
  OptimisticLockError,
  Tables,
  Version,
  VersionedRepository,
  VersionNotRisingError,
} from './index.js';

/**
 * Goal: a version that the application makes is checked as a counted one is, and never goes back.
 * Method: a balance whose version is the position of the last event that it has applied; events in order, again, and late.
 */
@Entity('balance')
class Balance {
  @PrimaryColumn('text') account!: string;
  @Column('integer') cents!: number;
  /** Of the event that is applied. It has no column of its own: it becomes the version. */
  position?: number;
  @Version({ by: custom<Balance>({ column: 'last_event', next: ({ position }) => position ?? Number.NaN }) })
  version!: number;
}

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `${ASSERT_ROWS_SQL};
     CREATE TABLE balance (account text PRIMARY KEY, cents integer NOT NULL, last_event bigint NOT NULL)`,
  );
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities: [Balance] }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const within = <T>(work: (balances: VersionedRepository<Balance>) => Promise<T>): Promise<T> =>
  dataSource.transaction((manager) => work(new VersionedRepository(Balance, manager)));
let accounts = 0;
const openAt = async (position: number): Promise<Balance> => {
  const [balance] = await within((all) => all.insert([{ account: `account ${++accounts}`, cents: 0, position }]));
  if (!balance) throw new Error('nothing was inserted');
  return balance;
};
const find = (account: string): Promise<Balance> => dataSource.getRepository(Balance).findOneByOrFail({ account });
/** Applies an event to the balance as it was read. */
const apply = (read: Balance, position: number): Promise<Balance[]> =>
  within((all) => all.update([{ ...read, cents: read.cents + 1, position }]));

describe('a version that is the position of an event', () => {
  it('a position is the version, from the first event on, and is stored in its column', async () => {
    const balance = await openAt(0);
    expect(balance.version).toBe(0);
    await apply(balance, 7);
    const read = await find(balance.account);
    expect(read).toEqual({ account: balance.account, cents: 1, version: 7 });
    await apply(read, 2 ** 53 - 1);
    const { rows } = await database.pool.query('SELECT last_event FROM balance WHERE account = $1', [balance.account]);
    expect(rows).toEqual([{ last_event: '9007199254740991' }]);
  });

  it.each([
    ['goes back', 6],
    ['stands still: the event was applied already', 7],
    ['is no whole number', 7.5],
    ['is none', Number.NaN],
    ['is below 0', -1],
  ])('a position that %s is refused, and nothing is written', async (_, position) => {
    const balance = await openAt(7);
    const other = await openAt(1);
    const write = within((all) =>
      all.update([
        { ...other, cents: 9, position: 2 },
        { ...balance, cents: 9, position },
      ]),
    );
    await expect(write).rejects.toThrow(VersionNotRisingError);
    await expect(write).rejects.toThrow(
      `Balance: custom() made the version ${position}, which must be a whole number above 7`,
    );
    expect(await find(balance.account)).toMatchObject({ cents: 0, version: 7 });
    expect(await find(other.account)).toMatchObject({ cents: 0, version: 1 });
  });

  it('a position is refused for a new row when it is no whole number from 0', async () => {
    await expect(openAt(-1)).rejects.toThrow('custom() made the version -1, which must be a whole number from 0');
  });

  it('a position that somebody else has applied since is a conflict, with both versions', async () => {
    const read = await openAt(1);
    await apply(read, 2);
    const late = apply(read, 3);
    await expect(late).rejects.toThrow(OptimisticLockError);
    await expect(late).rejects.toMatchObject({ expectedVersion: 1, actualVersion: 2 });
  });

  it('a claim cannot make a position, and says so', async () => {
    const wanted = { where: 'true', orderBy: 'account', set: 'cents = 0', max: 1 };
    await expect(claim(executorOf(dataSource), new Tables(dataSource).of(Balance), wanted)).rejects.toThrow(
      'claim: the versions of Balance are custom(), which SQL cannot make',
    );
  });
});
