import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each adjustment is small, and their sum passes what an integer holds. */
export class StockAddsUp1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock ALTER COLUMN on_hand TYPE bigint, ALTER COLUMN reserved TYPE bigint;
      ALTER TABLE stock_adjustment ALTER COLUMN delta TYPE bigint;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock_adjustment ALTER COLUMN delta TYPE integer;
      ALTER TABLE stock ALTER COLUMN on_hand TYPE integer, ALTER COLUMN reserved TYPE integer;
    `);
  }
}
