import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PaymentState } from './payment-intent.rules.js';

/**
 * PostgreSQL reads the text `now` as the time of the transaction, on its own clock. A decision that stores it leases or dates
 * a row with the very statement that writes it; no process's clock has a say.
 */
export const DATABASE_NOW = 'now';
/** A Date when read. */
export type Moment = Date | typeof DATABASE_NOW;

/** What an answer that comes later must carry: of the command it answers. */
export interface AskedBy {
  /** The command's message id. */
  readonly id: string;
  readonly sagaId?: string | undefined;
  readonly commandId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** The money of one order. Its id is the order's: there is one, and no second can be. */
@Entity('payment_intent')
export class PaymentIntent {
  @PrimaryColumn('uuid') id!: string;
  /** Minor units. */
  @Column('bigint') amount!: number;
  /** `XXX` ("no currency", ISO 4217) when voided before it was asked for. */
  @Column('text') currency!: string;
  /** One document, so that no impossible mixture of columns can be stored. What SQL asks for (`status`, …) is generated from it. */
  @Column('jsonb') state!: PaymentState;
  @Column('jsonb', { name: 'charge_command' }) chargeCommand!: AskedBy | null;
  /** Only when the refund could not be answered at once. */
  @Column('jsonb', { name: 'refund_command' }) refundCommand!: AskedBy | null;

  /**
   * Calls to the provider for what is (or was last) requested. Counted with the lease, before the call: a process that dies while it
   * asks has asked all the same. What was leased and not asked is taken off again.
   */
  @Column('integer') attempts!: number;
  @Column('timestamptz', { name: 'next_attempt_at' }) nextAttemptAt!: Moment;
  /** Since when a worker has it; null: nobody does. The lease ends `LEASE_MS` later. */
  @Column('timestamptz', { name: 'leased_at' }) leasedAt!: Moment | null;
  /** Fencing token: one more with each lease. Whoever holds an older one no longer may reschedule. */
  @Column('integer', { name: 'lease_epoch' }) leaseEpoch!: number;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Moment;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Moment;
  @Version() version!: number;
}

type Lease = Pick<PaymentIntent, 'attempts' | 'nextAttemptAt' | 'leasedAt' | 'leaseEpoch'>;

/** The provider must be asked, and the worker of the process that commits this row will: no poll stands in the way. */
export const leasedByThisCommit = (before?: Pick<PaymentIntent, 'leaseEpoch'>): Lease => ({
  attempts: 1,
  nextAttemptAt: DATABASE_NOW,
  leasedAt: DATABASE_NOW,
  leaseEpoch: (before?.leaseEpoch ?? 0) + 1,
});

/** Of a row that needs no worker. */
export const NEVER_LEASED: Lease = { attempts: 0, nextAttemptAt: DATABASE_NOW, leasedAt: null, leaseEpoch: 0 };

export const askedBy = ({ id, sagaId, commandId, traceparent }: AskedBy): AskedBy => ({
  id,
  sagaId,
  commandId,
  traceparent,
});
