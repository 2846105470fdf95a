import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that change after they are confirmed: a row for each revision, and a change log; none for an order that nobody revises. */
export class OrdersAreRevised1700000000502 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orders ADD COLUMN changes jsonb;

      CREATE TABLE order_revision (
        id               uuid PRIMARY KEY,
        order_id         uuid NOT NULL,
        status           text NOT NULL CHECK (status IN ('REQUESTED', 'APPLIED', 'REJECTED')),
        operations       jsonb NOT NULL,
        items            jsonb NOT NULL,
        total            bigint NOT NULL CHECK (total >= 0),
        shipping_address jsonb NOT NULL,
        failure_code     text,
        failure_message  text,
        requested_at     timestamptz NOT NULL,
        traceparent      text,
        version          bigint NOT NULL,
        CHECK ((status = 'REJECTED') = (failure_code IS NOT NULL))
      );
      CREATE INDEX order_revision_order ON order_revision (order_id, id);
      ${countVersionsSql({ table: 'order_revision', key: 'id' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_revision; ALTER TABLE orders DROP COLUMN changes');
  }
}
