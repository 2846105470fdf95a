import { Remembered, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Our copy of inventory's products and prices: an order is priced at placement without asking anybody. */
@Entity('product_price')
@Remembered()
export class ProductPrice {
  @PrimaryColumn('text') sku!: string;
  @Column('text') name!: string;
  @Column('text') currency!: string;
  /** Minor units. */
  @Column('bigint') price!: number;
  /** The version of inventory's product that this copies: an older one does not overwrite a newer. */
  @Column('integer', { name: 'product_version' }) productVersion!: number;
  @Version() version!: number;
}
