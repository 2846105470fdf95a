import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders whose lines change after they were reserved: a row for each revision, and none for an order that nobody revises. */
export class ReservationsAreRevised1700000000503 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reservation_revision (
        revision_id uuid PRIMARY KEY,
        order_id    uuid NOT NULL,
        status      text NOT NULL CHECK (status IN ('HELD', 'SETTLED', 'REJECTED', 'TOO_LATE', 'RESTORED')),
        lines_from  jsonb NOT NULL,
        lines_to    jsonb NOT NULL,
        short       jsonb NOT NULL,
        version     bigint NOT NULL
      );
      ${countVersionsSql({ table: 'reservation_revision', key: 'revision_id' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reservation_revision');
  }
}
