import { Column, Entity, PrimaryColumn } from 'typeorm';
import { adaptive, Contended, Remembered, Version } from '@backstep/concurrency';

/**
 * `adaptive()` is the default, written out because it is what stock needs: most products are ordered now and then, and nobody waits for
 * anybody; one that everybody wants this hour is locked for as long as they do.
 */
@Entity('stock')
@Remembered()
@Contended(adaptive())
export class Stock {
  @PrimaryColumn('text') sku!: string;
  @Column('bigint', { name: 'on_hand' }) onHand!: number;
  @Column('bigint') reserved!: number;
  @Version() version!: number;
}
