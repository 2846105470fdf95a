import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The carrier has the parcel of this order. In a table of its own: a hand-over makes no new version of the order, whose `If-Match` stays
 * right, and is read for a change of an order alone.
 */
@Entity('hand_over')
export class HandOver {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  /** When this service has heard of it. */
  @Column('timestamptz', { name: 'heard_at' }) heardAt!: Date;
  @Version() version!: number;
}
