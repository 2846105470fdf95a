import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Version } from '@backstep/concurrency';
import type { RequestedLine, Shortage } from '../stock/stock.rules.js';

/**
 * What was answered for an order, so that the same question gets the same answer.
 * HELD: the items are reserved. REJECTED: they were not to be had. RELEASED: given back, or never to be taken (the release came first).
 */
export type ReservationStatus = 'HELD' | 'REJECTED' | 'RELEASED';

@Entity('reservation')
export class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') status!: ReservationStatus;
  @Column('jsonb') items!: readonly RequestedLine[];
  /** Of a rejected one: which SKU lacked how much. */
  @Column('jsonb') short!: readonly Shortage[];
  @Version() version!: number;
}
