import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A transfer that was decided. It is written once: an APPLIED one with the balances and entries that it changes. */
@Entity('transfer')
export class Transfer {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'from_account' }) from!: string;
  @Column('uuid', { name: 'to_account' }) to!: string;
  /** Minor units. */
  @Column('bigint') amount!: number;
  @Column('text') currency!: string;
  @Column('text', { nullable: true }) reference!: string | null;
  @Column('text') status!: 'APPLIED' | 'REJECTED';
  /** Why it is REJECTED: a `Refusal`. */
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz', { name: 'settled_at' }) settledAt!: Date;
  @Version() version!: number;
}
