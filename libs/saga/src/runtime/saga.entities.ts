import { Remembered, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Direction, OperatorAction, SagaStatus } from '../decide/instance.js';
import type { StoredInstance } from './stored-instance.js';

/** A saga instance as it is stored: see {@link instanceOf}. The columns are what lists and people search; `instance` is the rest. */
@Entity('saga_instance')
@Remembered()
export class SagaRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') subject!: string;
  /** Milliseconds since the epoch, like all times of the core. */
  @Column('bigint', { name: 'started_at' }) startedAt!: number;
  /** The traceparent of the start event: commands that a timer sends belong to the same trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Column('text') status!: SagaStatus;
  /** When the timer fires, milliseconds since the epoch: see `timerFor`. Null: no timer is set. */
  @Column('bigint', { name: 'wake_at', nullable: true }) timerAt!: number | null;
  /** How often firing failed since the timer was set. */
  @Column('integer') failures!: number;
  /** JSON as it was written, with its order: a move is logged by what has changed in it. */
  @Column('json') instance!: StoredInstance;
  @Version() version!: number;
}

/**
 * What an operator did to a saga, as the saga's journal has it too: a row of its own, so that all that operators did can be listed by its time.
 * Inserted in the commit of its effects and never changed; deleted with its saga.
 */
@Entity('saga_operation')
export class SagaOperationRow {
  /** Follows from the saga and the version that the action was meant for: see `operationIdOf`. */
  @PrimaryColumn('uuid') id!: string;
  /** Milliseconds since the epoch. */
  @Column('bigint', { name: 'done_at' }) doneAt!: number;
  @Column('text', { name: 'done_by' }) doneBy!: string;
  @Column('text') action!: OperatorAction;
  @Column('text') reason!: string;
  @Column('uuid', { name: 'saga_id' }) sagaId!: string;
  @Column('text') subject!: string;
  @Column('text', { name: 'from_status' }) fromStatus!: SagaStatus;
  /** Null, like the ids, of what was done before they were kept. */
  @Column('text', { name: 'to_status', nullable: true }) toStatus!: SagaStatus | null;
  @Column('text') step!: string;
  @Column('text') direction!: Direction;
  @Column('jsonb', { name: 'command_ids', nullable: true }) commandIds!: readonly string[] | null;
  @Column('text', { name: 'request_id', nullable: true }) requestId!: string | null;
  @Version() version!: number;
}

/** The entities of sagas, for TypeORM. */
export const SAGA_ENTITIES = [SagaRow, SagaOperationRow];
