import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RequestedLine } from './stock.rules.js';

/** The goods of one order that have left the house. Stock on hand is the sum of the adjustments, less what all of these hold. */
@Entity('goods_issue')
export class GoodsIssue {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('jsonb') items!: readonly RequestedLine[];
  @Column('timestamptz', { name: 'issued_at' }) issuedAt!: Date;
  @Version() version!: number;
}
