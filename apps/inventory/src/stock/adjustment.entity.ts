import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Version } from '@backstep/concurrency';

/** Why the stock on hand is what it is: on hand is the sum of these, less what was shipped. */
@Entity('stock_adjustment')
export class Adjustment {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') sku!: string;
  @Column('bigint') delta!: number;
  @Column('text') reason!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Date;
  @Version() version!: number;
}
