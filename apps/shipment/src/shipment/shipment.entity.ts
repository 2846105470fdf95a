import type { RequestedItem, ShippingAddress } from '@backstep/contracts';
import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The carrier's answer for an order, so that a repeated command gets the same answer. */
@Entity('shipment')
export class Shipment {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('uuid', { name: 'shipment_id' }) shipmentId!: string;
  @Column('text') status!: 'CREATED' | 'REFUSED';
  @Column('text', { name: 'tracking_number', nullable: true }) trackingNumber!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('jsonb') items!: readonly RequestedItem[];
  @Column('jsonb') address!: ShippingAddress;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Version() version!: number;
}
