import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Leases are named locks from here on. The leases that are running become locks, so that no instance of this version asks for the same payment. The
 * columns stay for the instances of the version before, while they are replaced: those write both, this version writes neither.
 */
export class PaymentLeasesAreLocks1700000000402 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE payment_intent ALTER COLUMN lease_epoch SET DEFAULT 0`);
    await runner.query(`
      INSERT INTO named_lock (name, holder, epoch, until, changed_at)
      SELECT 'payment/' || id, gen_random_uuid(), nextval('named_lock_epoch'), leased_at + interval '10 seconds', now()
      FROM payment_intent
      WHERE status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED') AND leased_at > now() - interval '10 seconds'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM named_lock WHERE name LIKE 'payment/%'`);
    await runner.query(`ALTER TABLE payment_intent ALTER COLUMN lease_epoch DROP DEFAULT`);
  }
}
