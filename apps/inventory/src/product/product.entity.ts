import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Version } from '@backstep/concurrency';

/** What is on sale, and for how much. Apart from its stock, so that a new price and a reservation never meet. */
@Entity('product')
export class Product {
  @PrimaryColumn('text') sku!: string;
  @Column('text') name!: string;
  @Column('text') currency!: string;
  /** Minor units. */
  @Column('bigint') price!: number;
  @Version() version!: number;
}
