import { Tables, type Executor } from '@backstep/concurrency';
import { EVERYBODY, Lane, lane, LANE_ENTITIES } from '@backstep/lanes';
import { newId } from '@backstep/messages';
import { OutboxRelay } from '@backstep/outbox';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { DEFAULT_LIMITS, HOT_PATH_SETTINGS, UnitOfWork } from '@backstep/unit-of-work';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { IdempotencyKey } from '@backstep/idempotency';
import { Account } from '../account/account.entity.js';
import { LedgerEntry } from '../../ledger/ledger-entry.entity.js';
import { MIGRATIONS } from '../../migrations/index.js';
import { OpenAccountHandler } from '../open-account/open-account.handler.js';
import type { Books } from './books.fixture.spec.js';
import { transferMoney } from './transfer-money.handler.js';
import { Transfer } from './transfer.entity.js';

/** What the specs of transfers share (no spec itself): the database of the payment service, and units of work that share nothing but it. */
export class TransferKit {
  private readonly closing: (() => Promise<void>)[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly dataSource: DataSource,
  ) {}

  static async start(): Promise<TransferKit> {
    const database = await createTestDatabase();
    const dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities: [Account, Transfer, LedgerEntry, IdempotencyKey, ...LANE_ENTITIES],
      migrations: MIGRATIONS,
      // As in the service, whose processes find it migrated.
      migrationsTableName: 'migration',
      poolSize: 2,
    }).initialize();
    await dataSource.runMigrations();
    return new TransferKit(database, dataSource);
  }

  /** @param adapt changes the tables of this instance alone */
  instance(adapt: (tables: Tables) => void = () => undefined) {
    const pool = new pg.Pool({ connectionString: this.database.url, max: 4, options: HOT_PATH_SETTINGS });
    pool.on('error', () => undefined);
    const executor = pool as unknown as Executor;
    const relay = new OutboxRelay(executor, { publish: () => Promise.resolve() });
    const tables = new Tables(this.dataSource);
    adapt(tables);
    const environment = { tables, source: 'payment', shardOf: () => 0, now: Date.now };
    const unitOfWork = new UnitOfWork(pool, environment, relay, { ...DEFAULT_LIMITS, conflictsMax: 1_000 });
    this.closing.push(async () => {
      await unitOfWork.idle();
      await relay.stop(0);
      await pool.end();
    });
    /** A lane of this name in front of transfers, without a lock. Its worker runs when the spec says so. */
    const laneOf = (name: string) => new Lane(lane(name, transferMoney), { unitOfWork, executor, owner: EVERYBODY });
    return { unitOfWork, laneOf, executor };
  }

  /** Empties the books, and opens accounts. @returns their ids */
  async open(balances: readonly number[], overdraftLimit: number): Promise<string[]> {
    await this.database.pool.query('TRUNCATE account, transfer, ledger_entry, lane_entry, named_lock, idempotency_key');
    const { unitOfWork } = this.instance();
    const accounts = balances.map((openingBalance) => ({
      id: newId(),
      currency: 'EUR',
      openingBalance,
      overdraftLimit,
    }));
    await Promise.all(accounts.map((account) => unitOfWork.request(new OpenAccountHandler(), account)));
    return accounts.map(({ id }) => id);
  }

  async books(): Promise<Books> {
    const rows = async <R>(sql: string): Promise<R[]> => (await this.database.pool.query(sql)).rows as R[];
    return {
      accounts: await rows(
        `SELECT id, balance::float8 AS balance, overdraft_limit::float8 AS "overdraftLimit", version::float8 AS version FROM account`,
      ),
      entries: await rows(
        `SELECT transaction_id AS "transactionId", account, amount::float8 AS amount, account_version::float8 AS "accountVersion" FROM ledger_entry`,
      ),
      transfers: await rows('SELECT id, status FROM transfer'),
      queue: await rows(`SELECT split_part(key, '/', 2) AS id, state FROM lane_entry`),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.closing.map((close) => close()));
    await this.dataSource.destroy();
    await this.database.drop();
  }
}
