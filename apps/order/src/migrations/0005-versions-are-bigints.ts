import { narrowVersionSql, widenVersionSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  { table: 'product_price', key: 'sku' },
  { table: 'orders', key: 'id' },
  { table: 'idempotency_key', key: 'key' },
];

/** A row may be written more than 2,147,483,647 times. */
export class OrderVersionsAreBigints1700000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(widenVersionSql(table));
    // The version of another service's row.
    await runner.query('ALTER TABLE product_price ALTER COLUMN product_version TYPE bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE product_price ALTER COLUMN product_version TYPE integer');
    for (const table of TABLES) await runner.query(narrowVersionSql(table));
  }
}
