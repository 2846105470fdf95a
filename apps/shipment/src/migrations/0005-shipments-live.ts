import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A shipment is handed over and delivered, or cancelled. The partial indexes hold the shipments that the carrier's clock may move next, and
 * nothing of the past.
 */
export class ShipmentsLive1700000000501 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shipment
        ADD COLUMN revision_id uuid,
        ADD COLUMN handed_over_at timestamptz,
        ADD COLUMN delivered_at timestamptz,
        ADD COLUMN cancelled_at timestamptz,
        ALTER COLUMN address DROP NOT NULL,
        DROP CONSTRAINT shipment_status_check,
        DROP CONSTRAINT shipment_check,
        DROP CONSTRAINT shipment_check1,
        ADD CONSTRAINT shipment_status_is_known
          CHECK (status IN ('CREATED', 'HANDED_OVER', 'DELIVERED', 'CANCELLED', 'REFUSED')),
        ADD CONSTRAINT shipment_is_tracked CHECK (
          CASE status WHEN 'REFUSED' THEN tracking_number IS NULL WHEN 'CANCELLED' THEN true ELSE tracking_number IS NOT NULL END),
        ADD CONSTRAINT shipment_refusal_has_a_reason CHECK ((status = 'REFUSED') = (reason IS NOT NULL)),
        ADD CONSTRAINT shipment_is_handed_over CHECK ((status IN ('HANDED_OVER', 'DELIVERED')) = (handed_over_at IS NOT NULL)),
        ADD CONSTRAINT shipment_is_delivered CHECK ((status = 'DELIVERED') = (delivered_at IS NOT NULL)),
        ADD CONSTRAINT shipment_is_cancelled CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL)),
        ADD CONSTRAINT shipment_has_an_address CHECK (address IS NOT NULL OR (status = 'CANCELLED' AND tracking_number IS NULL));
      CREATE INDEX shipment_to_hand_over ON shipment (created_at) WHERE status = 'CREATED';
      CREATE INDEX shipment_to_deliver ON shipment (handed_over_at) WHERE status = 'HANDED_OVER';
    `);
  }

  /** @throws when a shipment has left the two states of before */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX shipment_to_hand_over, shipment_to_deliver;
      ALTER TABLE shipment
        DROP CONSTRAINT shipment_status_is_known,
        DROP CONSTRAINT shipment_is_tracked,
        DROP CONSTRAINT shipment_refusal_has_a_reason,
        DROP CONSTRAINT shipment_is_handed_over,
        DROP CONSTRAINT shipment_is_delivered,
        DROP CONSTRAINT shipment_is_cancelled,
        DROP CONSTRAINT shipment_has_an_address,
        DROP COLUMN revision_id,
        DROP COLUMN handed_over_at,
        DROP COLUMN delivered_at,
        DROP COLUMN cancelled_at,
        ALTER COLUMN address SET NOT NULL,
        ADD CONSTRAINT shipment_status_check CHECK (status IN ('CREATED', 'REFUSED')),
        ADD CONSTRAINT shipment_check CHECK ((status = 'CREATED') = (tracking_number IS NOT NULL)),
        ADD CONSTRAINT shipment_check1 CHECK ((status = 'REFUSED') = (reason IS NOT NULL));
    `);
  }
}
