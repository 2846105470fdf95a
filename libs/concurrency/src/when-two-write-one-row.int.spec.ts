import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Account, accounts, TypeOrmAccount } from './accounts.fixture.spec.js';
import { offlineTables, OptimisticLockError, UniqueViolationError, Version, VersionedRepository } from './index.js';

/**
 * Goal: no write overwrites a change that it has not read: single or set-wise, update or delete; a set is written as a whole or not at all.
 * Method: TypeORM entities on a real PostgreSQL; a second writer comes between the read and the write.
 */
let bank: Awaited<ReturnType<typeof accounts>>;
beforeAll(async () => {
  bank = await accounts();
});
afterAll(() => bank.close());

const RACERS = 20;

const anAccount = (changes: Partial<Account> = {}): Omit<Account, 'version'> => {
  const id = randomUUID();
  return { id, owner: id, balance: 100, notes: null, openedAt: new Date(Date.UTC(2030, 0, 1)), ...changes };
};

const inTransaction = <T>(work: (repository: VersionedRepository<Account>) => Promise<T>): Promise<T> =>
  bank.dataSource.transaction((manager) => work(new VersionedRepository(Account, manager)));

async function open(count: number): Promise<Account[]> {
  return inTransaction((repository) => repository.insert(Array.from({ length: count }, () => anAccount())));
}

const paid = (account: Account, cents: number): Account => ({ ...account, balance: account.balance + cents });

/** A second writer changes the row meanwhile. */
async function somebodyPays(account: Account, cents: number): Promise<void> {
  await inTransaction((repository) => repository.update([paid(account, cents)]));
}

const lockError = async (write: Promise<unknown>): Promise<OptimisticLockError> => {
  const outcome = await write.then(
    () => 'it was written',
    (error: unknown) => error,
  );
  if (outcome instanceof OptimisticLockError) return outcome;
  throw new Error(`expected an OptimisticLockError, got: ${String(outcome)}`);
};

async function one(): Promise<Account> {
  const [account] = await open(1);
  if (!account) throw new Error('nothing was inserted');
  return account;
}

describe('a row', () => {
  it('a row begins with version 1, and each write adds one', async () => {
    const account = await one();
    expect(account.version).toBe(1);
    const [written] = await inTransaction((repository) => repository.update([paid(account, 5)]));
    expect(written).toMatchObject({ version: 2, balance: 105 });
    expect(await bank.stored(account.id)).toMatchObject({ version: 2, balance: 105 });
  });

  it('a row is read by TypeORM as it was written', async () => {
    const account = anAccount({
      owner: `O'Hara "\\" \u{1F375} null`,
      balance: 9_007_199_254_740_991,
      notes: ['a', '{"b"}'],
    });
    await inTransaction((repository) => repository.insert([account]));
    const found = await bank.dataSource.getRepository(Account).findOneByOrFail({ id: account.id });
    expect({ ...found, balance: Number(found.balance) }).toEqual({ ...account, version: 1 });
  });

  it('a row that another writer changed is not overwritten, and the error has both versions', async () => {
    const account = await one();
    await somebodyPays(account, 5);
    const error = await lockError(inTransaction((repository) => repository.update([paid(account, 1_000)])));
    expect(error).toMatchObject({ entity: 'Account', key: account.id, expectedVersion: 1, actualVersion: 2 });
    expect(await bank.stored(account.id)).toMatchObject({ version: 2, balance: 105 });
  });

  it('a row that another writer changed is not deleted', async () => {
    const account = await one();
    await somebodyPays(account, 5);
    const error = await lockError(inTransaction((repository) => repository.delete([account])));
    expect(error).toMatchObject({ expectedVersion: 1, actualVersion: 2 });
    expect(await bank.stored(account.id)).toMatchObject({ version: 2 });
  });

  it('a row that is gone is neither updated nor deleted', async () => {
    const account = await one();
    await inTransaction((repository) => repository.delete([account]));
    expect(await bank.stored(account.id)).toBeUndefined();
    for (const write of ['update', 'delete'] as const) {
      const error = await lockError(inTransaction<unknown>((repository) => repository[write]([account])));
      expect(error).toMatchObject({ expectedVersion: 1, actualVersion: undefined });
    }
  });

  it('a row that exists is not inserted again', async () => {
    const account = await one();
    await expect(inTransaction((repository) => repository.insert([account]))).rejects.toMatchObject({
      name: UniqueViolationError.name,
      table: 'account',
      constraint: 'account_pkey',
    });
  });

  it.each(['update', 'delete'] as const)('a row that twenty writers %s at once has one winner', async (write) => {
    const account = await one();
    const racers = Array.from({ length: RACERS }, (_, cents) =>
      inTransaction<unknown>((repository) => repository[write]([paid(account, cents)])),
    );
    const outcomes = await Promise.allSettled(racers);
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
    expect(lost).toHaveLength(RACERS - 1);
    for (const loss of lost) expect(loss).toBeInstanceOf(OptimisticLockError);
    expect((await bank.stored(account.id))?.version).toBe(write === 'update' ? 2 : undefined);
  });
});

describe('several rows', () => {
  it('several rows are written with one statement, each with its own version', async () => {
    const [first, second, third] = (await open(3)) as [Account, Account, Account];
    await somebodyPays(second, 1);
    const newer = { ...paid(second, 1), version: 2 };
    const written = await inTransaction((repository) =>
      repository.update([paid(first, 7), paid(newer, 7), paid(third, 7)]),
    );
    expect(written.map(({ version }) => version)).toEqual([2, 3, 2]);
    expect(await bank.stored(second.id)).toMatchObject({ version: 3, balance: 108 });
  });

  it.each(['update', 'delete'] as const)(
    'several rows of which one has changed are all left alone by %s, and the transaction can go on',
    async (write) => {
      const [first, second, third] = (await open(3)) as [Account, Account, Account];
      await somebodyPays(second, 5);
      await inTransaction(async (repository) => {
        const error = await lockError(repository[write]([paid(first, 1), paid(second, 1), paid(third, 1)]));
        expect(error).toMatchObject({ key: second.id, expectedVersion: 1, actualVersion: 2 });
        // The caller goes on in the same transaction, without the row that moved.
        await repository.update([paid(first, 10)]);
      });
      expect(await bank.stored(first.id)).toMatchObject({ version: 2, balance: 110 });
      expect(await bank.stored(second.id)).toMatchObject({ version: 2, balance: 105 });
      expect(await bank.stored(third.id)).toMatchObject({ version: 1, balance: 100 });
    },
  );

  it.each(['update', 'delete'] as const)(
    'several rows that have changed or are gone are all named by the error of %s, with both versions',
    async (write) => {
      const [first, moved, gone] = (await open(3)) as [Account, Account, Account];
      await somebodyPays(moved, 5);
      await inTransaction((repository) => repository.delete([gone]));
      const error = await lockError(inTransaction<unknown>((repository) => repository[write]([first, moved, gone])));
      expect(error).toMatchObject({ key: moved.id, expectedVersion: 1, actualVersion: 2 });
      expect(error.others).toEqual([{ key: gone.id, expectedVersion: 1, actualVersion: undefined }]);
      expect(error.message).toBe(`Account ${moved.id}: expected version 1, found 2 (and so of 1 more)`);
    },
  );

  it('several rows are inserted all or none', async () => {
    const known = await one();
    const fresh = anAccount();
    await expect(inTransaction((repository) => repository.insert([fresh, known]))).rejects.toThrow(
      UniqueViolationError,
    );
    expect(await bank.stored(fresh.id)).toBeUndefined();
  });

  it('a write that names one row twice is refused', async () => {
    const account = await one();
    await expect(
      inTransaction((repository) => repository.update([paid(account, 1), paid(account, 2)])),
    ).rejects.toThrow('another number of rows');
    expect(await bank.stored(account.id)).toMatchObject({ version: 1, balance: 100 });
  });

  it('a write of no rows does nothing', async () => {
    await inTransaction(async (repository) => {
      expect(await repository.insert([])).toEqual([]);
      expect(await repository.update([])).toEqual([]);
      await repository.delete([]);
    });
  });

  it('several rows that twenty writers want are written by one of them, all rows', async () => {
    const rows = await open(3);
    const racers = Array.from({ length: RACERS }, (_, racer) =>
      inTransaction((repository) => repository.update(rows.map((row) => ({ ...row, balance: racer })))),
    );
    const won = (await Promise.allSettled(racers)).filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    const balances = await Promise.all(rows.map(async ({ id }) => (await bank.stored(id))?.balance));
    expect(new Set(balances).size).toBe(1);
  });
});

describe(`why not TypeORM's own`, () => {
  it('save() of TypeORM with @VersionColumn overwrites an unseen change, and VersionedRepository refuses it', async () => {
    const repository = bank.dataSource.getRepository(TypeOrmAccount);
    const id = randomUUID();
    /* eslint-disable backstep/checked-writes -- what the rule keeps away */
    await repository.save({ id, balance: 100 });
    const [mine, yours] = [await repository.findOneByOrFail({ id }), await repository.findOneByOrFail({ id })];
    await repository.save(Object.assign(mine, { balance: mine.balance + 50 }));
    await repository.save(Object.assign(yours, { balance: yours.balance + 7 }));
    /* eslint-enable backstep/checked-writes */
    // 157 would be right: the first update is lost without an error. If this fails, TypeORM checks now: see docs/decisions.
    expect((await repository.findOneByOrFail({ id })).balance).toBe(107);

    const account = await one();
    await somebodyPays(account, 50);
    await lockError(inTransaction((checked) => checked.update([paid(account, 7)])));
    expect((await bank.stored(account.id))?.balance).toBe(150);
  });
});

describe('an entity without one key and one version', () => {
  @Entity('unversioned')
  class Unversioned {
    @PrimaryColumn('uuid') id!: string;
  }
  @Entity('two_keys')
  class TwoKeys {
    @PrimaryColumn('uuid') one!: string;
    @PrimaryColumn('uuid') other!: string;
    @Column('text') text!: string;
    @Version() version!: number;
  }

  it.each([
    [Unversioned, 'Unversioned has no @Version() column'],
    [TwoKeys, 'TwoKeys must have exactly one primary column'],
  ])('an entity that cannot be checked is refused: %p', async (entity, says) => {
    const tables = await offlineTables([entity]);
    expect(() => tables.of<unknown>(entity)).toThrow(says);
  });
});
