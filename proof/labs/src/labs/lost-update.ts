import { OptimisticLockError, retryTransaction, Version, VersionedRepository } from '@backstep/concurrency';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- what it does is shown
import { Column, Entity, PrimaryColumn, VersionColumn, type DataSource } from 'typeorm';
import type { Lab } from '../lab.js';
import type { Party } from '../party.js';
import type { Stage } from '../stage.js';

@Entity('plain_account')
class PlainAccount {
  @PrimaryColumn('text') name!: string;
  @Column('integer') balance!: number;
  @VersionColumn() version!: number;
}

@Entity('account')
class Account {
  @PrimaryColumn('text') name!: string;
  @Column('integer') balance!: number;
  @Version() version!: number;
}

const name = 'holiday';
const READ = 'has read';

/** Both have read before either writes; then Ana ends before Ben writes. */
async function bothReadThenWrite(
  stage: Stage,
  pay: (party: Party, dataSource: DataSource, cents: number) => void,
): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  pay(ana, await ana.dataSource(), 50);
  await ana.comesTo(READ);
  pay(ben, await ben.dataSource(), 7);
  await ben.comesTo(READ);
  await ana.succeeds();
  await ben.succeeds();
}

function payWithSave(party: Party, dataSource: DataSource, cents: number): void {
  party.begins(async (pause) => {
    const balance = await dataSource.transaction(async (manager) => {
      const account = await manager.findOneByOrFail(PlainAccount, { name });
      party.note(`reads ${account.balance}`);
      await pause(READ);
      account.balance += cents;
      // eslint-disable-next-line backstep/checked-writes -- what the rule keeps away
      await manager.save(account);
      return account.balance;
    });
    party.note(`save() writes ${balance}; committed`);
  });
}

function payChecked(party: Party, dataSource: DataSource, cents: number): void {
  party.begins(async (pause) => {
    const written = await retryTransaction(dataSource, async (manager) => {
      const account = await manager.findOneByOrFail(Account, { name });
      party.note(`reads ${account.balance}, version ${account.version}`);
      await pause(READ);
      const changed = { ...account, balance: account.balance + cents };
      try {
        const [row] = await new VersionedRepository(Account, manager).update([changed]);
        return row ?? changed;
      } catch (error) {
        if (error instanceof OptimisticLockError)
          party.note(
            `writes ${changed.balance}: refused, expected version ${error.expectedVersion}, found ${error.actualVersion}`,
          );
        throw error;
      }
    });
    party.note(`writes ${written.balance}, version ${written.version}; committed`);
  });
}

const balanceIn = async (stage: Stage, table: string): Promise<number> =>
  (await stage.row<{ balance: number }>(`SELECT balance FROM ${table}`)).balance;

export const lostUpdate: Lab = {
  entities: [PlainAccount, Account],
  tables: `
    CREATE TABLE plain_account (name text PRIMARY KEY, balance integer NOT NULL, version integer NOT NULL);
    CREATE TABLE account (name text PRIMARY KEY, balance integer NOT NULL, version bigint NOT NULL)`,
  rows: `
    TRUNCATE plain_account, account;
    INSERT INTO plain_account VALUES ('${name}', 100, 1);
    INSERT INTO account VALUES ('${name}', 100, 1)`,
  without: {
    title: "TypeORM's save() with @VersionColumn; Ana pays 50 in, Ben 7",
    play: async (stage) => {
      await bothReadThenWrite(stage, payWithSave);
      const balance = await balanceIn(stage, 'plain_account');
      stage.shows(balance === 107, "The balance is 107; 157 is right. Ana's 50 are lost, and nobody was told.");
    },
  },
  with: {
    title: 'VersionedRepository in retryTransaction; Ana pays 50 in, Ben 7',
    play: async (stage) => {
      await bothReadThenWrite(stage, payChecked);
      const refused = stage.steps.some(({ by, what }) => by === 'Ben' && what.includes('refused'));
      stage.shows(refused, "Ben's first write changed no row: the version had moved.");
      const balance = await balanceIn(stage, 'account');
      stage.shows(balance === 157, 'The balance is 157: Ben has decided again, from what Ana left.');
    },
  },
};
