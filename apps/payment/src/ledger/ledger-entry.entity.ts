import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Moment } from '../moment.js';
import type { LedgerAccount } from './ledger.rules.js';

/** One side of a movement of money. Never changed, never deleted; the table refuses both. */
@Entity('ledger_entry')
export class LedgerEntry {
  /** `capture:<payment intent>:provider_clearing`, … */
  @PrimaryColumn('text') id!: string;
  /** The entries of a transaction add up to zero; the table refuses others. */
  @Column('text', { name: 'transaction_id' }) transactionId!: string;
  @Column('text') account!: LedgerAccount;
  /** null: no payment moved the money. */
  @Column('uuid', { name: 'payment_intent_id', nullable: true }) paymentIntentId!: string | null;
  /** The version that the entry made of its account's row, so that an account's entries have an order and none is missing unseen; null: no account. */
  @Column('bigint', { name: 'account_version', nullable: true }) accountVersion!: number | null;
  /** Minor units; debits are positive, credits negative. */
  @Column('bigint') amount!: number;
  @Column('text') currency!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Moment;
  @Version() version!: number;
}
