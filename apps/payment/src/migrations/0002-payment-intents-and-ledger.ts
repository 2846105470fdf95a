import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PaymentIntentsAndLedger1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payment_intent (
        id                 uuid PRIMARY KEY,
        amount             bigint NOT NULL CHECK (amount >= 0),
        currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        state              jsonb NOT NULL,
        status             text GENERATED ALWAYS AS (state ->> 'status') STORED NOT NULL
          CHECK (status IN ('CHARGE_REQUESTED', 'CHARGED', 'CHARGE_FAILED', 'REFUND_REQUESTED', 'REFUNDED', 'VOIDED')),
        provider_reference text GENERATED ALWAYS AS (state ->> 'providerReference') STORED,
        charge_command     jsonb,
        refund_command     jsonb,
        attempts           integer NOT NULL,
        next_attempt_at    timestamptz NOT NULL,
        leased_at          timestamptz,
        lease_epoch        integer NOT NULL,
        created_at         timestamptz NOT NULL,
        updated_at         timestamptz NOT NULL,
        version            integer NOT NULL,
        CHECK (status NOT IN ('CHARGED', 'REFUND_REQUESTED', 'REFUNDED') OR amount = 0 OR provider_reference IS NOT NULL)
      );
      -- What workers look for. It holds only what is pending, so it stays small and looking is nearly free.
      CREATE INDEX payment_intent_pending ON payment_intent (next_attempt_at)
        WHERE status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED');

      -- No foreign key: an entry is inserted by the statement that writes its payment, whose row count is asserted.
      CREATE TABLE ledger_entry (
        id                text COLLATE "C" PRIMARY KEY,
        transaction_id    text COLLATE "C" NOT NULL,
        account           text NOT NULL CHECK (account IN ('provider_clearing', 'order_revenue')),
        payment_intent_id uuid NOT NULL,
        amount            bigint NOT NULL CHECK (amount <> 0),
        currency          text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        made_at           timestamptz NOT NULL,
        version           integer NOT NULL
      );

      -- Checked once a statement: all entries of a transaction are inserted by one.
      CREATE FUNCTION ledger_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM inserted GROUP BY transaction_id HAVING sum(amount) <> 0 OR min(currency) <> max(currency)) THEN
          RAISE EXCEPTION 'a ledger transaction does not add up to zero' USING ERRCODE = 'check_violation', TABLE = 'ledger_entry';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry
        REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_balanced();

      CREATE FUNCTION ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'ledger entries are never changed: write the opposite' USING ERRCODE = 'check_violation', TABLE = 'ledger_entry';
      END $$;
      CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_kept();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_entry, payment_intent');
    await runner.query('DROP FUNCTION ledger_is_balanced, ledger_is_kept');
  }
}
