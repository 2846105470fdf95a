import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What changed since the version that somebody edits. Products from before begin with no log: edits of older versions are refused. */
export class ProductsKeepTheirChanges1700000000401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE product ADD COLUMN changes jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE product DROP COLUMN changes');
  }
}
