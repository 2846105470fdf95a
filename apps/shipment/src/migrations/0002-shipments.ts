import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Shipments1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE shipment (
        order_id        uuid PRIMARY KEY,
        shipment_id     uuid NOT NULL,
        status          text NOT NULL CHECK (status IN ('CREATED', 'REFUSED')),
        tracking_number text,
        reason          text,
        items           jsonb NOT NULL,
        address         jsonb NOT NULL,
        created_at      timestamptz NOT NULL,
        version         integer NOT NULL,
        CHECK ((status = 'CREATED') = (tracking_number IS NOT NULL)),
        CHECK ((status = 'REFUSED') = (reason IS NOT NULL))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shipment');
  }
}
