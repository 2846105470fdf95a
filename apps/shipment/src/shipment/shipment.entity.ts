import type { RequestedItem, ShippingAddress } from '@backstep/contracts';
import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ShipmentStatus } from './shipment.rules.js';

/** The shipment of one order: the carrier's answer, so that a repeated command gets the same answer, and what became of the parcel. */
@Entity('shipment')
export class Shipment {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('uuid', { name: 'shipment_id' }) shipmentId!: string;
  @Column('text') status!: ShipmentStatus;
  @Column('text', { name: 'tracking_number', nullable: true }) trackingNumber!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  /** Empty when the shipment was cancelled before it was created. */
  @Column('jsonb') items!: readonly RequestedItem[];
  /** null when the shipment was cancelled before it was created. */
  @Column('jsonb', { nullable: true }) address!: ShippingAddress | null;
  /** The revision that the items and the address are of; null: those it was created with. */
  @Column('uuid', { name: 'revision_id', nullable: true }) revisionId!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'handed_over_at', nullable: true }) handedOverAt!: Date | null;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt!: Date | null;
  @Column('timestamptz', { name: 'cancelled_at', nullable: true }) cancelledAt!: Date | null;
  @Version() version!: number;
}
