import { Remembered, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SagaInstance, SagaStatus } from '../decide/instance.js';

/** A saga instance as it is stored. `instance` is the whole of it; lists and people search the other columns. */
@Entity('saga_instance')
@Remembered()
export class SagaRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') subject!: string;
  @Column('text') status!: SagaStatus;
  /** Milliseconds since the epoch, like all times of the core. */
  @Column('bigint', { name: 'started_at' }) startedAt!: number;
  @Column('jsonb') instance!: SagaInstance;
  /** The traceparent of the start event: commands that a timer sends belong to the same trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  /** When the timer fires, milliseconds since the epoch: see `timerFor`. Null: no timer is set. */
  @Column('bigint', { name: 'wake_at', nullable: true }) timerAt!: number | null;
  /** How often firing failed since the timer was set. */
  @Column('integer') failures!: number;
  @Version() version!: number;
}

/** The entities of sagas, for TypeORM. */
export const SAGA_ENTITIES = [SagaRow];
