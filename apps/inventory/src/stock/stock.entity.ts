import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Version } from '@backstep/concurrency';

@Entity('stock')
export class Stock {
  @PrimaryColumn('text') sku!: string;
  @Column('integer', { name: 'on_hand' }) onHand!: number;
  @Column('integer') reserved!: number;
  @Version() version!: number;
}
