import { narrowVersionSql, widenVersionSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  { table: 'product', key: 'sku' },
  { table: 'stock', key: 'sku' },
  { table: 'stock_adjustment', key: 'id' },
  { table: 'reservation', key: 'order_id' },
];

/** A row may be written more than 2,147,483,647 times. */
export class InventoryVersionsAreBigints1700000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(widenVersionSql(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(narrowVersionSql(table));
  }
}
