import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each adjustment is small, but their sum may exceed an integer. */
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
