import type { CancellationRefusal, FAILURE_CODES, PricedItem, ShippingAddress } from '@backstep/contracts';
import type { OrderStatus } from '@backstep/contracts/http';
import { Kept, Remembered, Version, type KeptChange } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The semantic lock of an order: one change at a time, from its request until its saga has ended. Times are RFC 3339. */
export interface HeldChange {
  readonly kind: 'cancel' | 'revise';
  readonly id: string;
  readonly since: string;
  /** The status that the change met: whether place-order still has to end. */
  readonly from: 'PENDING' | 'CONFIRMED';
}

/** How the latest cancellation of an order ended. */
export interface EndedCancellation {
  readonly id: string;
  readonly endedAt: string;
  readonly from: HeldChange['from'];
  /** null: the order is cancelled. */
  readonly refusal: CancellationRefusal | null;
}

@Entity('orders')
@Remembered()
export class Order {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') status!: OrderStatus;
  @Column('text') currency!: string;
  /** Minor units. */
  @Column('bigint') total!: number;
  @Column('jsonb') items!: readonly PricedItem[];
  @Column('text', { name: 'payment_method' }) paymentMethod!: string;
  @Column('jsonb', { name: 'shipping_address' }) shippingAddress!: ShippingAddress;
  @Column('text', { name: 'failure_code', nullable: true }) failureCode!: (typeof FAILURE_CODES)[number] | null;
  @Column('text', { name: 'failure_message', nullable: true }) failureMessage!: string | null;
  /** null: the order is free to be changed. */
  @Column('jsonb', { nullable: true }) change!: HeldChange | null;
  @Column('jsonb', { nullable: true }) cancellation!: EndedCancellation | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  /** The traceparent of the request that placed the order: all that follows belongs to the same trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  /** Since its first edit: which fields changed with which version, and by which operations on its lines. */
  @Kept({ versions: 50, begins: 'with the first edit' }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}
