import { lockGuard, Tables, Version, write, type Executor } from '@backstep/concurrency';
import type pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Lab } from '../lab.js';
import type { Party } from '../party.js';
import type { Stage } from '../stage.js';

@Entity('account')
class Account {
  @PrimaryColumn('text') name!: string;
  @Column('integer') balance!: number;
  @Version() version!: number;
}

const reads = (party: Party, client: pg.Client): Promise<number> =>
  party.does(
    async () => (await client.query<{ balance: number }>('SELECT balance FROM account')).rows[0]?.balance ?? 0,
    (balance) => `reads ${balance}, without a wait`,
  );

/** A child: its foreign key makes PostgreSQL lock the account FOR KEY SHARE. */
const addsEntry = (client: pg.Client) => () => client.query(`INSERT INTO entry VALUES ('holiday', 5)`);

async function forUpdate(stage: Stage): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  const [anas, bens] = [await ana.client(), await ben.client()];
  await anas.query('BEGIN');
  await ana.does(() => anas.query('UPDATE account SET balance = 150'), 'writes 150, and does not commit yet');
  const before = await reads(ben, bens);
  await ana.does(() => anas.query('COMMIT'), 'commits');
  const after = await reads(ben, bens);
  await anas.query('BEGIN');
  await ana.does(() => anas.query('SELECT FROM account FOR UPDATE'), 'SELECT … FOR UPDATE');
  const locked = await reads(ben, bens);
  ben.begins(addsEntry(bens));
  await ben.waitsForLock();
  ben.note('inserts an entry of the account: waits for Ana');
  await ana.does(() => anas.query('COMMIT'), 'commits');
  await ben.succeeds();
  ben.note('the entry is inserted');
  stage.shows(
    before === 100 && after === 150,
    'A reader sees what was committed when it began, and waits for no writer.',
  );
  stage.shows(locked === 150, 'FOR UPDATE keeps nobody from reading.');
  stage.says('FOR UPDATE keeps others from inserting rows that refer to this one, although none of them changes it.');
}

async function forNoKeyUpdate(stage: Stage): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  const [anas, bens] = [await ana.client(), await ben.client()];
  const table = new Tables(await ana.dataSource()).of(Account);
  const executor: Executor = { query: (text, values) => anas.query(text, values) };
  await anas.query('BEGIN');
  await ana.does(
    () => write(executor, [lockGuard(table, [{ key: 'holiday', expectedVersion: 1 }])]),
    'locks the account as the kit does: FOR NO KEY UPDATE',
  );
  const locked = await reads(ben, bens);
  await ben.does(addsEntry(bens), 'inserts an entry of the account, without a wait');
  ben.begins(() => bens.query('UPDATE account SET balance = 0'));
  await ben.waitsForLock();
  ben.note('writes the account: waits for Ana');
  await ana.does(() => anas.query('COMMIT'), 'commits');
  await ben.succeeds();
  ben.note('has written');
  stage.shows(
    locked === 100,
    'FOR NO KEY UPDATE keeps nobody from reading, nor from inserting rows that refer to this one.',
  );
  stage.says('It keeps others from writing the row: that is all that a decision about the row needs.');
}

export const mvcc: Lab = {
  entities: [Account],
  tables: `
    CREATE TABLE account (name text PRIMARY KEY, balance integer NOT NULL, version bigint NOT NULL);
    CREATE TABLE entry (account text NOT NULL REFERENCES account, cents integer NOT NULL)`,
  rows: `TRUNCATE account, entry; INSERT INTO account VALUES ('holiday', 100, 1)`,
  without: { title: 'who waits for whom: a writer, a reader, FOR UPDATE, and the insert of a child', play: forUpdate },
  with: { title: 'the same lock as FOR NO KEY UPDATE', play: forNoKeyUpdate },
};
