import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that are cancelled or revised: the change that holds an order, and how its latest cancellation ended. */
export class OrderChanges1700000000501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orders ADD COLUMN change jsonb, ADD COLUMN cancellation jsonb,
        DROP CONSTRAINT orders_status_check,
        ADD CONSTRAINT orders_status_check
          CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLING', 'CANCELLED', 'REVISING')),
        ADD CONSTRAINT orders_change_check CHECK ((status IN ('CANCELLING', 'REVISING')) = (change IS NOT NULL));
      -- Small: an order waits for a saga for a moment. Serves the announcements, and lists of what is under way.
      CREATE INDEX orders_waiting ON orders (created_at) WHERE status IN ('PENDING', 'CANCELLING', 'REVISING');
      DROP INDEX orders_pending;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX orders_pending ON orders (created_at) WHERE status = 'PENDING';
      DROP INDEX orders_waiting;
      ALTER TABLE orders DROP CONSTRAINT orders_change_check, DROP CONSTRAINT orders_status_check,
        ADD CONSTRAINT orders_status_check CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED')),
        DROP COLUMN cancellation, DROP COLUMN change;
    `);
  }
}
