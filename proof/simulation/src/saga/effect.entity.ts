import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The answer of a participant to one command. */
export type Said = 'DONE' | 'REFUSED';

/** The row of a participant in a simulated saga, for one command about one subject. */
@Entity('simulated_effect')
export class Effect {
  /** `<subject>/<command>` */
  @PrimaryColumn('text') id!: string;
  /** By command id: a saga may send one command in two steps. */
  @Column('jsonb') said!: Readonly<Record<string, Said>>;
  /** The step is undone, or must never be done, since its compensation came first. */
  @Column('boolean') undone!: boolean;
  @Version() version!: number;
}

export const effectId = (subject: string, command: string): string => `${subject}/${command}`;
