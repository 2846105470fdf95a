import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Goods leave the house with the carrier. A row for each order whose parcel is handed over, and none before. */
export class GoodsLeave1700000000502 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE goods_issue (
        order_id  uuid PRIMARY KEY,
        items     jsonb NOT NULL,
        issued_at timestamptz NOT NULL,
        version   bigint NOT NULL
      );
      ${countVersionsSql({ table: 'goods_issue', key: 'order_id' })}
      ALTER TABLE reservation
        DROP CONSTRAINT reservation_status_check,
        ADD CONSTRAINT reservation_status_check CHECK (status IN ('HELD', 'REJECTED', 'RELEASED', 'SHIPPED'));
    `);
  }

  /** @throws when goods have left */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reservation
        DROP CONSTRAINT reservation_status_check,
        ADD CONSTRAINT reservation_status_check CHECK (status IN ('HELD', 'REJECTED', 'RELEASED'));
      DROP TABLE goods_issue;
    `);
  }
}
