import type { FAILURE_CODES, PricedItem, ShippingAddress } from '@backstep/contracts';
import type { OrderStatus } from '@backstep/contracts/http';
import { Remembered, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

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
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  /** The traceparent of the request that placed the order: all that follows belongs to the same trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Version() version!: number;
}
