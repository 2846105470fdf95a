import type { MigrationInterface, QueryRunner } from 'typeorm';

const BEFORE = `'CHARGE_REQUESTED', 'CHARGED', 'CHARGE_FAILED', 'REFUND_REQUESTED', 'REFUNDED', 'VOIDED'`;

/**
 * A payment may be an intent of no order, which is free to change before it is charged. Payments of before are all of orders, and so are those
 * that instances of the version before insert while they are replaced. Their states are read as they are.
 */
export class IntentsOfNoOrder1700000000502 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payment_intent
        ADD COLUMN for_order boolean NOT NULL DEFAULT true,
        DROP CONSTRAINT payment_intent_status_check,
        ADD CONSTRAINT payment_intent_status_check CHECK (status IN ('CREATED', 'CANCELLED', ${BEFORE})),
        ADD CONSTRAINT payment_intent_is_free CHECK (NOT for_order OR status NOT IN ('CREATED', 'CANCELLED'))`);
  }

  /** Refused by the table where an intent was created and not charged. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payment_intent
        DROP CONSTRAINT payment_intent_is_free,
        DROP CONSTRAINT payment_intent_status_check,
        ADD CONSTRAINT payment_intent_status_check CHECK (status IN (${BEFORE})),
        DROP COLUMN for_order`);
  }
}
