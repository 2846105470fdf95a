import { countVersionsSql, uncountVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  { table: 'product_price', key: 'sku' },
  { table: 'orders', key: 'id' },
  { table: 'idempotency_key', key: 'key' },
];

/** PostgreSQL counts the versions of rows that are changed by hand. */
export class OrderVersionsCounted1700000000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(countVersionsSql(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table } of TABLES) await runner.query(uncountVersionsSql(table));
  }
}
