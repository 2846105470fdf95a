import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Version } from '@backstep/concurrency';

/** A change of the stock on hand with its reason. The sum of all adjustments, less what has left the house (`GoodsIssue`), is the stock on hand. */
@Entity('stock_adjustment')
export class Adjustment {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') sku!: string;
  @Column('bigint') delta!: number;
  @Column('text') reason!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Date;
  @Version() version!: number;
}
