import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parcels that the carrier has: a row for each order whose parcel is handed over, and none before. */
export class HandOversAreKnown1700000000503 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hand_over (
        order_id uuid PRIMARY KEY,
        heard_at timestamptz NOT NULL,
        version  bigint NOT NULL
      );
      ${countVersionsSql({ table: 'hand_over', key: 'order_id' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hand_over');
  }
}
