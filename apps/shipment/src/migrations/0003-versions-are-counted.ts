import { countVersionsSql, uncountVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [{ table: 'shipment', key: 'order_id' }];

/** PostgreSQL counts the versions of rows that are changed by hand. */
export class ShipmentVersionsCounted1700000000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(countVersionsSql(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table } of TABLES) await runner.query(uncountVersionsSql(table));
  }
}
