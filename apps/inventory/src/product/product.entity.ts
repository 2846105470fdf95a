import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Kept, Version, type KeptChange } from '@backstep/concurrency';

/** A product on sale and its price. Its stock is another row, so that a new price and a reservation never conflict. */
@Entity('product')
export class Product {
  @PrimaryColumn('text') sku!: string;
  @Column('text') name!: string;
  @Column('text') currency!: string;
  /** Minor units. */
  @Column('bigint') price!: number;
  @Kept({ versions: 50 }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}
