import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TimerName } from '../decide/decision.js';
import type { SagaInstance, SagaStatus } from '../decide/instance.js';

/** A saga instance as it is stored. `instance` is all of it; the other columns are what lists and people look for. */
@Entity('saga_instance')
export class SagaRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') subject!: string;
  @Column('text') status!: SagaStatus;
  /** Milliseconds since the epoch, like all times of the core. */
  @Column('bigint', { name: 'started_at' }) startedAt!: number;
  @Column('jsonb') instance!: SagaInstance;
  /** Of the message that started it: what a timer sends belongs to the same trace. */
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Version() version!: number;
}

/** When something must happen to a saga if nothing else does. Written with the instance, so it is moved or cancelled with it. */
@Entity('saga_timer')
export class SagaTimerRow {
  /** `<saga id>/<name>`: at most one of each name. */
  @PrimaryColumn('text') id!: string;
  @Column('uuid', { name: 'saga_id' }) sagaId!: string;
  @Column('text') name!: TimerName;
  /** Milliseconds since the epoch. */
  @Column('bigint', { name: 'due_at' }) dueAt!: number;
  /** When it is looked at: `dueAt`, later when firing it failed. */
  @Column('bigint', { name: 'wake_at' }) wakeAt!: number;
  /** How often firing it failed since it was set. */
  @Column('integer') failures!: number;
  @Version() version!: number;
}

export const SAGA_ENTITIES = [SagaRow, SagaTimerRow];
