import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts and transfers, whose movements are entries of the ledger that payments have. */
export class Accounts1700000000501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        id              uuid PRIMARY KEY,
        currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        balance         bigint NOT NULL,
        overdraft_limit bigint NOT NULL CHECK (overdraft_limit >= 0),
        opened_at       timestamptz NOT NULL,
        version         bigint NOT NULL,
        CONSTRAINT account_is_covered CHECK (balance >= -overdraft_limit)
      );

      -- No foreign keys: both accounts are needed, and so read, by the decision that inserts a transfer, and no account is ever deleted.
      CREATE TABLE transfer (
        id           uuid PRIMARY KEY,
        from_account uuid NOT NULL,
        to_account   uuid NOT NULL CHECK (to_account <> from_account),
        amount       bigint NOT NULL CHECK (amount > 0),
        currency     text NOT NULL,
        reference    text,
        status       text NOT NULL CHECK (status IN ('APPLIED', 'REJECTED')),
        reason       text,
        settled_at   timestamptz NOT NULL,
        version      bigint NOT NULL,
        CONSTRAINT transfer_says_why CHECK ((status = 'REJECTED') = (reason IS NOT NULL))
      );

      ALTER TABLE ledger_entry
        ADD COLUMN account_version bigint,
        ALTER COLUMN payment_intent_id DROP NOT NULL,
        DROP CONSTRAINT ledger_entry_account_check,
        ADD CONSTRAINT ledger_entry_account_check CHECK (
          account IN ('provider_clearing', 'order_revenue', 'deposits') OR account ~ '^account:[0-9a-f-]{36}$'),
        ADD CONSTRAINT ledger_entry_has_its_version CHECK ((account LIKE 'account:%') = (account_version IS NOT NULL)),
        ADD CONSTRAINT ledger_entry_has_its_payment CHECK (
          (payment_intent_id IS NULL) = (transaction_id LIKE 'transfer:%' OR transaction_id LIKE 'deposit:%'));

      ${countVersionsSql({ table: 'account', key: 'id' })};
      ${countVersionsSql({ table: 'transfer', key: 'id' })};
    `);
  }

  /** Refused by the table where accounts have moved money: their entries cannot be taken back. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_entry
        DROP CONSTRAINT ledger_entry_has_its_payment,
        DROP CONSTRAINT ledger_entry_has_its_version,
        DROP CONSTRAINT ledger_entry_account_check,
        ADD CONSTRAINT ledger_entry_account_check CHECK (account IN ('provider_clearing', 'order_revenue')),
        ALTER COLUMN payment_intent_id SET NOT NULL,
        DROP COLUMN account_version;
      DROP TABLE account, transfer;
    `);
  }
}
