import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Remembered, Version } from '@backstep/concurrency';

@Entity('stock')
@Remembered()
export class Stock {
  @PrimaryColumn('text') sku!: string;
  @Column('bigint', { name: 'on_hand' }) onHand!: number;
  @Column('bigint') reserved!: number;
  @Version() version!: number;
}
