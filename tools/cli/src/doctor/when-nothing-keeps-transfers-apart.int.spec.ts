import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Tables, type Executor } from '@backstep/concurrency';
import { examine, type Evidence, type Violation } from '@backstep/doctor';
import { soundEvidence } from '@backstep/doctor/testing';
import { newId } from '@backstep/messages';
import { OutboxRelay } from '@backstep/outbox';
import { Account } from '@backstep/payment/accounts/account/account.entity';
import { LedgerEntry } from '@backstep/payment/ledger/ledger-entry.entity';
import { MIGRATIONS } from '@backstep/payment/migrations/index';
import { OpenAccountHandler } from '@backstep/payment/accounts/open-account/open-account.handler';
import { transferMoney } from '@backstep/payment/accounts/transfer/transfer-money.handler';
import { Transfer } from '@backstep/payment/accounts/transfer/transfer.entity';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { DEFAULT_LIMITS, HOT_PATH_SETTINGS, UnitOfWork } from '@backstep/unit-of-work';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { NO_ID } from './gather/orders.js';
import { gatherPayments } from './gather/participants.js';
import { Snapshot } from './gather/snapshot.js';
import { report } from './report.js';

/**
 * Goal: when nothing keeps transfers of one account apart, no lock and no version, the doctor says so, and names the accounts; while the versions
 * are checked it says nothing, without any lock.
 * Method: instances of the payment service's own handler move money between the same accounts, of its own database; the version check is taken
 * out of their SQL, or is not. What the doctor gathers of that database stands in the evidence of an otherwise sound system.
 */
const INSTANCES = 3;
const TRANSFERS_EACH = 60;
const OPENING_BALANCE = 5_000;

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource({
    ...{ type: 'postgres', url: database.url, poolSize: 2 },
    entities: [Account, Transfer, LedgerEntry],
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
  }).initialize();
  await dataSource.runMigrations();
}, 60_000);
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => database.pool.query('TRUNCATE account, transfer, ledger_entry'));

/** An update of an account finds its row by the key, whatever its version. */
function unchecked(tables: Tables): void {
  const table = tables.of(Account);
  const sql = table.writes.update.sql.replace(/ AND t\."version" = ANY\(.*?\]\)/, '');
  expect(sql).not.toBe(table.writes.update.sql);
  Object.assign(table, { writes: { ...table.writes, update: { ...table.writes.update, sql } } });
}

/** Runs `work` with units of work that share nothing but the database. */
async function withInstances(adapt: (tables: Tables) => void, work: (instances: UnitOfWork[]) => Promise<void>) {
  const made = Array.from({ length: INSTANCES }, () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 4, options: HOT_PATH_SETTINGS });
    pool.on('error', () => undefined);
    const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
    const tables = new Tables(dataSource);
    adapt(tables);
    const environment = { tables, source: 'payment', shardOf: () => 0, now: Date.now };
    const limits = { ...DEFAULT_LIMITS, conflictsMax: 1_000 };
    return { pool, relay, unitOfWork: new UnitOfWork(pool, environment, relay, limits) };
  });
  try {
    await work(made.map(({ unitOfWork }) => unitOfWork));
  } finally {
    for (const { pool, relay, unitOfWork } of made) {
      await unitOfWork.idle();
      await relay.stop(0);
      await pool.end();
    }
  }
}

const unchanged = (): void => undefined;

const EUR = { currency: 'EUR', reference: null };

async function opened(unitOfWork: UnitOfWork | undefined, accounts: readonly string[]): Promise<void> {
  for (const id of accounts) {
    const account = { id, currency: 'EUR', openingBalance: OPENING_BALANCE, overdraftLimit: 0 };
    await unitOfWork?.request(new OpenAccountHandler(), account);
  }
}

/** @returns the accounts between which all instances have moved money at once */
async function race(adapt: (tables: Tables) => void): Promise<string[]> {
  const accounts = [newId(), newId(), newId()];
  await withInstances(adapt, async (instances) => {
    await opened(instances[0], accounts);
    await Promise.all(
      instances.map(async (unitOfWork, at) => {
        for (let n = 0; n < TRANSFERS_EACH; n++) {
          const [from = '', to = ''] = [accounts[(at + n) % 3], accounts[(at + n + 1 + (n % 2)) % 3]];
          const amount = 1 + ((at * 7 + n * 3) % 11);
          await unitOfWork.request(transferMoney, { id: newId(), from, to, amount, ...EUR });
        }
      }),
    );
  });
  return accounts;
}

/** What the doctor reports of a system whose payment service has this database, and which is sound else. */
async function reported() {
  const of = await Snapshot.of({ payment: database.url }, 'payment', (snapshot) => gatherPayments(snapshot, NO_ID));
  const { accounts, unbalanced, misbooked } = of;
  const evidence: Evidence = { ...soundEvidence(), accounts, unbalanced, misbooked };
  const counts = { orders: evidence.orders.size, records: 0, unreadable: 0, unreadablePlaces: [], byService: {} };
  const { clean, invariants } = report({ evidence, counts }, examine(evidence), 0);
  return { clean, violations: invariants.flatMap(({ violations }) => [...violations]), accounts };
}

describe('transfers between the same accounts by three instances, under no lock', () => {
  it('transfers whose versions are checked leave the doctor nothing to say', async () => {
    await race(unchanged);
    const { clean, violations, accounts } = await reported();
    expect({ clean, violations }).toEqual({ clean: true, violations: [] });
    expect(accounts.reduce((sum, { balance }) => sum + balance, 0)).toBe(3 * OPENING_BALANCE);
  });

  it('transfers whose versions are not checked are found: balances that are not what their entries add up to, and writers that did not see each other', async () => {
    const accounts = await race(unchecked);
    const { clean, violations } = await reported();
    expect(clean).toBe(false);
    expect(new Set(violations.map(({ invariant }) => invariant))).toEqual(new Set(['I14']));
    const told = (pattern: RegExp): Violation | undefined => violations.find(({ what }) => pattern.test(what));
    const names = `account (${accounts.join('|')})`;
    for (const what of [
      'has a balance of \\d+, and its entries add up to \\d+',
      '.* two writers did not see each other',
    ]) {
      const remedy = expect.stringMatching(/npx backstep account /);
      expect(told(new RegExp(`${names} ${what}`))).toMatchObject({ remedy });
    }
  });
});

describe('a transfer and its entries', () => {
  const OF_TRANSFERS = `FROM ledger_entry WHERE transaction_id LIKE 'transfer:%'`;

  it.each([
    ['has lost its entries', /is APPLIED, and the ledger has 0 entries/, `DELETE ${OF_TRANSFERS}`],
    [
      'is booked twice',
      /is APPLIED, and the ledger has 4 entries/,
      `INSERT INTO ledger_entry (id, transaction_id, account, account_version, amount, currency, made_at, version)
       SELECT 'again:' || id, transaction_id, account, account_version + 1, amount, currency, made_at, 1 ${OF_TRANSFERS}`,
    ],
    [
      'has another amount',
      /is APPLIED, .* of other accounts or amounts/,
      `UPDATE transfer SET amount = 2 WHERE status = 'APPLIED'`,
    ],
    [
      'is rejected afterwards',
      /is REJECTED, and the ledger has 2 entries/,
      `UPDATE transfer SET status = 'REJECTED', reason = 'by hand' WHERE status = 'APPLIED'`,
    ],
    ['is deleted', /2 entries of transfer [0-9a-f-]{36}, and there is no such transfer/, `DELETE FROM transfer`],
  ])('a transfer that %s by hand is found, and one that was rejected is not', async (_, says, byHand) => {
    const [from, to] = [newId(), newId()];
    await withInstances(unchanged, async ([unitOfWork]) => {
      await opened(unitOfWork, [from, to]);
      for (const amount of [1, 2 * OPENING_BALANCE])
        await unitOfWork?.request(transferMoney, { id: newId(), from, to, amount, ...EUR });
    });
    expect((await reported()).violations).toEqual([]);
    await database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${byHand}; COMMIT`);
    const { violations } = await reported();
    expect(violations.filter(({ what }) => says.test(what))).toHaveLength(1);
  });
});
