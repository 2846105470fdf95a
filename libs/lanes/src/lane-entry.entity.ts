import { Version } from '@backstep/concurrency';
import type { ProblemBody } from '@backstep/problems';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** QUEUED: not applied yet. APPLIED: the handler's changes are committed. REJECTED: nothing of it is, and nothing of it will be. */
export type EntryState = 'QUEUED' | 'APPLIED' | 'REJECTED';

/** An entry of a lane, as it is stored. Its place in the queue is the column `seq`, which the database gives when the row is inserted. */
@Entity('lane_entry')
export class LaneEntry {
  /** `<lane>/<id>`: see {@link entryKey}. */
  @PrimaryColumn('text') key!: string;
  @Column('text') lane!: string;
  @Column('text') state!: EntryState;
  @Column('jsonb') input!: unknown;
  /** What the handler answered; null: nothing, or the entry is not applied. */
  @Column('jsonb', { nullable: true }) answer!: unknown;
  /** Why it is rejected, as a client may see it. */
  @Column('jsonb', { nullable: true }) problem!: ProblemBody | null;
  /** The same for operators: short and stable. */
  @Column('text', { nullable: true }) cause!: string | null;
  /** How often others held its rows for too long. */
  @Column('integer') attempts!: number;
  @Column('timestamptz', { name: 'queued_at' }) queuedAt!: Date;
  @Column('timestamptz', { name: 'settled_at', nullable: true }) settledAt!: Date | null;
  @Version() version!: number;
}

/** Each lane has ids of its own. */
export const entryKey = (lane: string, id: string): string => `${lane}/${id}`;

/** The id that the caller knows the entry by. */
export const idOf = ({ key, lane }: Pick<LaneEntry, 'key' | 'lane'>): string => key.slice(lane.length + 1);
