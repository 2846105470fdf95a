import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RequestedLine, Shortage } from '../stock/stock.rules.js';

/**
 * HELD: the old lines and the new ones are reserved. SETTLED: the new ones alone. REJECTED: the stock did not cover the new ones. TOO_LATE: the
 * goods had left the house. RESTORED: the old lines alone, or never to be revised (the compensation came first).
 */
export type RevisionStatus = 'HELD' | 'SETTLED' | 'REJECTED' | 'TOO_LATE' | 'RESTORED';

/** The answer for a revision of a reservation, so that a repeated command gets the same answer. */
@Entity('reservation_revision')
export class ReservationRevision {
  @PrimaryColumn('uuid', { name: 'revision_id' }) revisionId!: string;
  @Column('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') status!: RevisionStatus;
  @Column('jsonb', { name: 'lines_from' }) from!: readonly RequestedLine[];
  @Column('jsonb', { name: 'lines_to' }) to!: readonly RequestedLine[];
  /** When rejected: how much of which SKU was missing. */
  @Column('jsonb') short!: readonly Shortage[];
  @Version() version!: number;
}
