import type { FAILURE_CODES, PricedItem, ShippingAddress } from '@backstep/contracts';
import type { LineOperation } from '@backstep/contracts/http';
import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** REQUESTED: its saga is at work. APPLIED: the order is as it says. REJECTED: the order stayed as it was. */
export type RevisionStatus = 'REQUESTED' | 'APPLIED' | 'REJECTED';

/** What a customer wanted of an order after it was confirmed, and what became of it: so that a repeated command gets the same answer. */
@Entity('order_revision')
export class OrderRevision {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') status!: RevisionStatus;
  /** As they are applied: rebased onto what others have changed. */
  @Column('jsonb') operations!: readonly LineOperation[];
  /** The lines, total (minor units) and address that the order shall have. */
  @Column('jsonb') items!: readonly PricedItem[];
  @Column('bigint') total!: number;
  @Column('jsonb', { name: 'shipping_address' }) shippingAddress!: ShippingAddress;
  @Column('text', { name: 'failure_code', nullable: true }) failureCode!: (typeof FAILURE_CODES)[number] | null;
  @Column('text', { name: 'failure_message', nullable: true }) failureMessage!: string | null;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt!: Date;
  /** The traceparent of the request. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Version() version!: number;
}
