import { Remembered, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The copy of inventory's products and prices, so that an order is priced without a call to another service. */
@Entity('product_price')
@Remembered()
export class ProductPrice {
  @PrimaryColumn('text') sku!: string;
  @Column('text') name!: string;
  @Column('text') currency!: string;
  /** Minor units. */
  @Column('bigint') price!: number;
  /** The version of inventory's product that was copied: an older version does not overwrite a newer one. */
  @Column('bigint', { name: 'product_version' }) productVersion!: number;
  @Version() version!: number;
}
