import { narrowVersionSql, widenVersionSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [{ table: 'shipment', key: 'order_id' }];

/** A row may be written more than 2,147,483,647 times. */
export class ShipmentVersionsAreBigints1700000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(widenVersionSql(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(narrowVersionSql(table));
  }
}
