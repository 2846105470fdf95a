import { Version } from '@backstep/concurrency';
import { one, update, type LoadedNeeds } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One of a pair, of which one must be on call. */
@Entity('simulated_engineer')
export class Engineer {
  @PrimaryColumn('text') name!: string;
  @Column('boolean', { name: 'on_call' }) onCall!: boolean;
  @Version() version!: number;
}

export interface Shift {
  readonly me: string;
  readonly other: string;
  /** Whether it begins or ends. */
  readonly begins: boolean;
}

const needs = ({ me, other }: Shift) => ({ me: one(Engineer, me), other: one(Engineer, other, { hold: true }) });

/** Comes at any time, and leaves while the other stays. */
export const shift = {
  needs,
  decide({ begins }: Shift, { me, other }: LoadedNeeds<ReturnType<typeof needs>>) {
    if (!me || !other) throw new Error('there is no such engineer');
    const changes = me.onCall !== begins && (begins || other.onCall);
    return { answer: changes, changes: changes ? [update(Engineer, me, { onCall: begins })] : [] };
  },
};
