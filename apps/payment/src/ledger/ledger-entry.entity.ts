import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Moment } from '../payment-intent/payment-intent.entity.js';
import type { Account } from './ledger.rules.js';

/** One side of a movement of money. Never changed, never deleted; the table refuses both. */
@Entity('ledger_entry')
export class LedgerEntry {
  /** `capture:<payment intent>:provider_clearing`, … */
  @PrimaryColumn('text') id!: string;
  /** The entries of a transaction add up to zero; the table refuses others. */
  @Column('text', { name: 'transaction_id' }) transactionId!: string;
  @Column('text') account!: Account;
  @Column('uuid', { name: 'payment_intent_id' }) paymentIntentId!: string;
  /** Minor units; debits are positive, credits negative. */
  @Column('bigint') amount!: number;
  @Column('text') currency!: string;
  @Column('timestamptz', { name: 'made_at' }) madeAt!: Moment;
  @Version() version!: number;
}
