import { adaptive, Contended, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whose money we hold. An account is never deleted, and its currency never changes. */
@Entity('account')
@Contended(adaptive())
export class Account {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') currency!: string;
  /** Minor units: what its entries in the ledger add up to. The table refuses less than `-overdraftLimit`. */
  @Column('bigint') balance!: number;
  @Column('bigint', { name: 'overdraft_limit' }) overdraftLimit!: number;
  @Column('timestamptz', { name: 'opened_at' }) openedAt!: Date;
  /** Each movement counts one: the ledger entry that made a version names it. */
  @Version() version!: number;
}
