import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Tables, Version, VersionedTable, type Executor } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { DEFAULT_LIMITS, many, UNIT_OF_WORK_SQL, UnitOfWork, update } from '@backstep/unit-of-work';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { randomUUID } from 'node:crypto';
import { fencedBy, type Lease, type NamedLocks } from './index.js';
import { LockKit } from './locks.fixture.spec.js';

/**
 * Goal: money is right by the versions alone, whatever a lock store says, and by the locks with their fence alone. Without both it is not: the
 * harness does race.
 * Method: three instances transfer between the same accounts; the locks are the real ones or grant everything to everybody; the version check is
 * there or taken out of the SQL.
 */
@Entity('account')
class Account {
  @PrimaryColumn('text') id!: string;
  @Column('integer') balance!: number;
  @Version() version!: number;
}

const ACCOUNTS = ['a', 'b', 'c'];
const START = 1_000;
const INSTANCES = 3;
const TRANSFERS = 60;

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly leases: readonly Lease[];
}
const transfer = {
  needs: ({ from, to }: Transfer) => ({ accounts: many(Account, [from, to]) }),
  decide: ({ from, to, amount, leases }: Transfer, { accounts }: { accounts: ReadonlyMap<string, Account> }) => {
    const [payer, payee] = [accounts.get(from) as Account, accounts.get(to) as Account];
    return {
      answer: undefined,
      changes: [
        update(Account, payer, { balance: payer.balance - amount }),
        update(Account, payee, { balance: payee.balance + amount }),
        ...(leases.length > 0 ? [fencedBy({ leases })] : []),
      ],
    };
  },
};

let kit: LockKit;
let dataSource: DataSource;
beforeAll(async () => {
  const table = 'CREATE TABLE account (id text PRIMARY KEY, balance integer NOT NULL, version bigint NOT NULL)';
  kit = await LockKit.start([UNIT_OF_WORK_SQL, table].join(';'));
  dataSource = await new DataSource({ type: 'postgres', url: kit.database.url, entities: [Account] }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await kit.stop();
});

/** Grants everything to everybody: the leases are in no table. */
const liar = {
  with: <T>(names: readonly string[], _: unknown, work: (held: { leases: readonly Lease[] }) => Promise<T>) =>
    work({ leases: names.map((name) => ({ name, holder: randomUUID(), epoch: 1 })) }),
};

/** The unit of work without its version check: an update finds its row by the key. */
function unchecked(tables: Tables): Tables {
  const table: VersionedTable<Account> = tables.of(Account);
  const sql = table.writes.update.sql.replace(/ AND t\."version" = ANY\(.*?\]\)/, '');
  expect(sql).not.toBe(table.writes.update.sql);
  Object.assign(table, { writes: { ...table.writes, update: { ...table.writes.update, sql } } });
  return tables;
}

type Locks = Pick<NamedLocks, 'with'> | typeof liar;

/** What two accounts have of the three, as each transfer leaves it, is drawn by number, so that every run makes the same transfers. */
async function transfers(locksOf: () => Locks, versions: 'checked' | 'unchecked', fenced: boolean) {
  await kit.database.pool.query(`TRUNCATE account, named_lock`);
  await kit.database.pool.query(`INSERT INTO account SELECT unnest($1::text[]), ${START}, 1`, [ACCOUNTS]);
  const expected = new Map(ACCOUNTS.map((id) => [id, START]));
  const relays: OutboxRelay[] = [];
  const instance = async (number: number): Promise<void> => {
    const pool = kit.pool();
    const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
    relays.push(relay);
    const tables = versions === 'checked' ? new Tables(dataSource) : unchecked(new Tables(dataSource));
    const environment = { tables, source: 'spec', shardOf: () => 0, now: Date.now };
    const unitOfWork = new UnitOfWork(pool, environment, relay, { ...DEFAULT_LIMITS, conflictsMax: 1_000 });
    const locks = locksOf() as typeof liar;
    for (let n = 0; n < TRANSFERS; n++) {
      const from = ACCOUNTS[(number + n) % 3] as string;
      const to = ACCOUNTS[(number + n + 1 + (n % 2)) % 3] as string;
      const amount = 1 + ((number * 7 + n * 3) % 11);
      await locks.with([from, to], { waitMs: 60_000, leaseMs: 60_000 }, ({ leases }) =>
        unitOfWork.request(transfer, { from, to, amount, leases: fenced ? leases : [] }),
      );
      expected.set(from, (expected.get(from) ?? 0) - amount);
      expected.set(to, (expected.get(to) ?? 0) + amount);
    }
  };
  await Promise.all(Array.from({ length: INSTANCES }, (_, number) => instance(number)));
  for (const relay of relays) await relay.stop(0);
  const { rows } = await kit.database.pool.query<{ id: string; balance: number }>('SELECT id, balance FROM account');
  return {
    found: Object.fromEntries(rows.map(({ id, balance }) => [id, balance])),
    expected: Object.fromEntries(expected),
  };
}

describe('transfers between the same accounts by three instances', () => {
  it('transfers are right by their versions, with locks that grant everything to everybody', async () => {
    const { found, expected } = await transfers(() => liar, 'checked', false);
    expect(found).toEqual(expected);
  });

  it('transfers are right by their locks, with no version checked', async () => {
    const { found, expected } = await transfers(() => kit.instance(), 'unchecked', true);
    expect(found).toEqual(expected);
  });

  it('transfers are wrong with neither, so the two specs above have met a race', async () => {
    const { found, expected } = await transfers(() => liar, 'unchecked', false);
    expect(found).not.toEqual(expected);
  });

  it('a write under locks that grant everything to everybody is refused by its fence', async () => {
    await expect(transfers(() => liar, 'checked', true)).rejects.toMatchObject({ name: 'FenceError' });
  });
});
