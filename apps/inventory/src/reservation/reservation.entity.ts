import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Version } from '@backstep/concurrency';
import type { RequestedLine, Shortage } from '../stock/stock.rules.js';

/**
 * The answer for an order, so that a repeated command gets the same answer.
 * HELD: the items are reserved. REJECTED: they were not in stock. RELEASED: given back, or never to be reserved (the release came first).
 * SHIPPED: they have left the house (`GoodsIssue`); `items` is what is reserved beside them, which is nothing unless a revision of the order
 * is under way.
 */
export type ReservationStatus = 'HELD' | 'REJECTED' | 'RELEASED' | 'SHIPPED';

@Entity('reservation')
export class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') status!: ReservationStatus;
  @Column('jsonb') items!: readonly RequestedLine[];
  /** When rejected: how much of which SKU was missing. */
  @Column('jsonb') short!: readonly Shortage[];
  @Version() version!: number;
}
