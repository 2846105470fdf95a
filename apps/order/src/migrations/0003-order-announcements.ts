import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OrderAnnouncements1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A table of its own: other code writes the order's row, and few orders are ever announced again.
    await runner.query(`
      CREATE TABLE order_announcement (
        order_id uuid PRIMARY KEY,
        attempts integer NOT NULL DEFAULT 1,
        next_at  timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_announcement');
  }
}
