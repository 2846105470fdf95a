import { TransactionRetryError, translate, Version } from '@backstep/concurrency';
import { many, update } from '@backstep/unit-of-work';
import type pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NotShownError } from '../errors.js';
import type { Lab } from '../lab.js';
import type { Outcome, Party } from '../party.js';
import type { Stage } from '../stage.js';

@Entity('account')
class Account {
  @PrimaryColumn('text') name!: string;
  @Column('integer') balance!: number;
  @Version() version!: number;
}

const add = (client: pg.Client, name: string, cents: number) => () =>
  client.query('UPDATE account SET balance = balance + $2, version = version + 1 WHERE name = $1', [name, cents]);

const isDeadlock = (outcome: Outcome<unknown>): boolean => {
  if (!('error' in outcome)) return false;
  const error = translate(outcome.error);
  return error instanceof TransactionRetryError && error.sqlState === '40P01';
};

/**
 * Whoever looks for a circle first, and finds one, is ended. Ana begins to wait first, so she must look later; a login that may not say so
 * leaves it to chance.
 */
async function looksLate(client: pg.Client): Promise<void> {
  await client.query(`SET deadlock_timeout = '1min'`).catch((error: { readonly code?: string }) => {
    if (error.code !== '42501') throw error;
  });
}

async function crossing(stage: Stage): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  const [anas, bens] = [await ana.client(), await ben.client()];
  await looksLate(anas);
  await anas.query('BEGIN');
  await bens.query('BEGIN');
  await ana.does(add(anas, 'left', -10), 'writes left');
  await ben.does(add(bens, 'right', -5), 'writes right');
  ana.begins(add(anas, 'right', 10));
  await ana.waitsForLock();
  ana.note('wants right: waits for Ben');
  ben.note('wants left: waits for Ana, who waits for him');
  ben.begins(add(bens, 'left', 5));
  const outcomes = [
    { party: ana, client: anas, outcome: await ana.ends() },
    { party: ben, client: bens, outcome: await ben.ends() },
  ];
  const ended = outcomes.filter(({ outcome }) => isDeadlock(outcome));
  for (const { party, client } of ended) {
    party.note('40P01 deadlock detected: all of it is undone');
    await client.query('ROLLBACK');
  }
  for (const { party, client, outcome } of outcomes)
    if (!('error' in outcome)) await party.does(() => client.query('COMMIT'), 'has what it wanted; committed');
  stage.shows(ended.length === 1, 'PostgreSQL has ended one of two transactions that did nothing wrong.');
  const { total } = await stage.row<{ total: number }>('SELECT sum(version)::int AS total FROM account');
  stage.shows(total === 4, 'One transfer of two is booked; the other must run again from its beginning.');
}

interface Transfer {
  readonly names: readonly string[];
  readonly cents: number;
}
interface Found {
  readonly accounts: ReadonlyMap<string, Account>;
}

/** Moves money from the first account to the second: changes them in the order in which they are named. */
const move = {
  needs: ({ names }: Transfer) => ({ accounts: many(Account, names) }),
  decide: ({ names, cents }: Transfer, { accounts }: Found) => ({
    answer: undefined,
    changes: names.map((name, at) => {
      const account = accounts.get(name);
      if (!account) throw new NotShownError(`there is no account ${name}`);
      return update(Account, account, { balance: account.balance + (at === 0 ? -cents : cents) });
    }),
  }),
};

async function asksToMove(party: Party, names: readonly string[], cents: number): Promise<void> {
  const unitOfWork = await party.unitOfWork(({ name }) => party.note(`refused (${name}): decides again`));
  party.note(`changes ${names.join(', then ')}`);
  party.begins(async () => {
    await unitOfWork.request(move, { names, cents });
    party.note('has written left and right; committed');
  });
  await party.waitsForLock();
  party.note('wants left: waits');
}

async function sorted(stage: Stage): Promise<void> {
  const [ana, ben] = [stage.party('Ana'), stage.party('Ben')];
  const left = await stage.holdsBack(`SELECT FROM account WHERE name = 'left' FOR UPDATE`);
  await asksToMove(ana, ['left', 'right'], 10);
  await asksToMove(ben, ['right', 'left'], 5);
  const free = await stage.rows(`SELECT FROM account WHERE name = 'right' FOR UPDATE SKIP LOCKED`);
  ben.follows(ana);
  await left.release();
  await ana.succeeds();
  ben.isFree();
  await ben.succeeds();
  stage.shows(free.length === 1, 'Ben changes right first, and still waited for left with right unlocked: no circle.');
  const deadlocks = stage.steps.filter(({ what }) => what.includes('TransactionRetryError'));
  const { total } = await stage.row<{ total: number }>('SELECT sum(version)::int AS total FROM account');
  stage.shows(deadlocks.length === 0 && total === 6, 'Both transfers are booked, and PostgreSQL has ended nobody.');
}

export const deadlock: Lab = {
  entities: [Account],
  tables: 'CREATE TABLE account (name text PRIMARY KEY, balance integer NOT NULL, version bigint NOT NULL)',
  rows: `TRUNCATE account; INSERT INTO account VALUES ('left', 100, 1), ('right', 100, 1)`,
  without: { title: 'two transfers write two rows in crossing order', play: crossing },
  with: { title: 'the same transfers in the unit of work, which writes by table and key', play: sorted },
};
