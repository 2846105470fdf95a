import { Remembered, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DATABASE_NOW, type Moment } from '../../moment.js';
import type { AskedBy, PaymentState } from './payment-state.js';

export type { AskedBy } from './payment-state.js';

/**
 * The payment of one order, whose id it has, so that there cannot be a second one; or an intent that stands for itself. What is remembered of it may be
 * old: leases that are taken and given back change the row beside the unit of work, and count its version.
 */
@Entity('payment_intent')
@Remembered()
export class PaymentIntent {
  @PrimaryColumn('uuid') id!: string;
  /** True: its order asks for charges and refunds, and is told of them. False, for a free intent: clients of the API ask for them. */
  @Column('boolean', { name: 'for_order' }) forOrder!: boolean;
  /** Of the first charge, minor units. */
  @Column('bigint') amount!: number;
  /** `XXX` ("no currency", ISO 4217) when voided before the charge came. */
  @Column('text') currency!: string;
  /** One document, so that no illegal mixture of columns can be stored. The columns that SQL needs (`status`, …) are generated from it. */
  @Column('jsonb') state!: PaymentState;
  /** The command of the latest charge; null when nobody waits for an answer. */
  @Column('jsonb', { name: 'charge_command' }) chargeCommand!: AskedBy | null;
  /** The command of the latest refund; set only when it could not be answered at once. */
  @Column('jsonb', { name: 'refund_command' }) refundCommand!: AskedBy | null;

  /**
   * Calls to the provider for the current (or last) request. Counted with the lock of the payment (`payment/<id>`), before the call, so that the call of a process that dies
   * counts too. A lease that was released without a call is not counted.
   */
  @Column('integer') attempts!: number;
  @Column('timestamptz', { name: 'next_attempt_at' }) nextAttemptAt!: Moment;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Moment;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Moment;
  @Version() version!: number;
}

type Attempts = Pick<PaymentIntent, 'attempts' | 'nextAttemptAt'>;

/** The provider is called by the process that commits this, which takes the payment's lock with the commit and needs no poll. */
export const firstAttempt = (): Attempts => ({ attempts: 1, nextAttemptAt: DATABASE_NOW });

/** Of a row that needs no worker. */
export const NO_ATTEMPT: Attempts = { attempts: 0, nextAttemptAt: DATABASE_NOW };

export const askedBy = ({ id, sagaId, commandId, traceparent }: AskedBy): AskedBy => ({
  id,
  sagaId,
  commandId,
  traceparent,
});
