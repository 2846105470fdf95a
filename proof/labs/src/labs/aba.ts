import { OptimisticLockError, Removed, Version, VersionedRepository } from '@backstep/concurrency';
import { insert, one, remove } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn, type DataSource } from 'typeorm';
import type { Lab } from '../lab.js';
import { errorOf, type Party } from '../party.js';
import type { Stage } from '../stage.js';

@Entity('account')
class Account {
  @PrimaryColumn('text') number!: string;
  @Column('text') owner!: string;
  @Column('integer') balance!: number;
  @Version() version!: number;
}

@Entity('marked_account')
class MarkedAccount {
  @PrimaryColumn('text') number!: string;
  @Column('text') owner!: string;
  @Column('integer') balance!: number;
  @Removed({ name: 'removed_at' }) removedAt?: Date | null;
  @Version() version!: number;
}

const number = '7';
const first = { number, owner: 'Cora', balance: 100 };
const second = { number, owner: 'Dave', balance: 0 };

const told = ({ owner, version }: { owner: string; version: number }): string => `${owner}'s, version ${version}`;

const reads = (
  party: Party,
  dataSource: DataSource,
  entity: new () => Account | MarkedAccount,
): Promise<Account | MarkedAccount> =>
  party.does(
    () => dataSource.getRepository(entity).findOneByOrFail({ number }),
    (row) => `reads account ${number}: ${told(row)}`,
  );

const storedIn = (stage: Stage, table: string): Promise<{ owner: string; balance: number; version: number }> =>
  stage.row(`SELECT owner, balance, version::int AS version FROM ${table}`);

async function deleted(stage: Stage): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  const [anas, bens] = [await ana.dataSource(), await ben.dataSource()];
  const accounts = new VersionedRepository(Account, bens.manager);
  const read = await reads(ana, anas, Account);
  await ben.does(() => accounts.delete([read]), `deletes account ${number}`);
  await ben.does(
    () => accounts.insert([second]),
    ([row]) => `inserts account ${number} anew: ${row ? told(row) : ''}`,
  );
  await ana.does(
    () => new VersionedRepository(Account, anas.manager).update([{ ...read, balance: 150 }]),
    ([row]) => `pays 50 in where the version is ${read.version}: accepted, ${row ? told(row) : ''}`,
  );
  const { owner, balance } = await storedIn(stage, 'account');
  stage.shows(
    owner === 'Cora' && balance === 150,
    "Account 7 is Cora's again, with 150: Ana has written the closed account over Dave's.",
  );
}

const takeAway = {
  needs: () => ({ account: one(MarkedAccount, number) }),
  decide: (_: object, { account }: { account: MarkedAccount | undefined }) => ({
    answer: undefined,
    changes: account ? [remove(MarkedAccount, account)] : [],
  }),
};
const open = {
  needs: () => ({ account: one(MarkedAccount, number) }),
  decide: (_: object, { account }: { account: MarkedAccount | undefined }) => ({
    answer: undefined,
    changes: account ? [] : [insert(MarkedAccount, second)],
  }),
};

async function marked(stage: Stage): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  const anas = await ana.dataSource();
  const unitOfWork = await ben.unitOfWork();
  const read = await reads(ana, anas, MarkedAccount);
  await ben.does(() => unitOfWork.request(takeAway, {}), `removes account ${number}: the row is marked`);
  await ben.does(() => unitOfWork.request(open, {}), `inserts account ${number} anew`);
  ana.begins(() => new VersionedRepository(MarkedAccount, anas.manager).update([{ ...read, balance: 150 }]));
  const error = errorOf(await ana.ends(), "Ana's write");
  if (!(error instanceof OptimisticLockError)) throw error;
  ana.note(`pays 50 in where the version is ${read.version}: refused, found version ${error.actualVersion}`);
  await reads(ana, anas, MarkedAccount);
  const { owner, balance, version } = await storedIn(stage, 'marked_account');
  stage.shows(
    owner === 'Dave' && balance === 0 && version === 3,
    "Account 7 is Dave's, with 0: its versions went on, and Ana's write was refused.",
  );
}

export const aba: Lab = {
  entities: [Account, MarkedAccount],
  tables: `
    CREATE TABLE account (number text PRIMARY KEY, owner text NOT NULL, balance integer NOT NULL, version bigint NOT NULL);
    CREATE TABLE marked_account (
      number text PRIMARY KEY, owner text NOT NULL, balance integer NOT NULL, removed_at timestamptz, version bigint NOT NULL)`,
  rows: `
    TRUNCATE account, marked_account;
    INSERT INTO account VALUES ('${first.number}', '${first.owner}', ${first.balance}, 1);
    INSERT INTO marked_account VALUES ('${first.number}', '${first.owner}', ${first.balance}, NULL, 1)`,
  without: { title: 'an account is deleted, and its number is given to somebody else', play: deleted },
  with: { title: 'the same with a @Removed() column: the row is marked, not deleted', play: marked },
};
