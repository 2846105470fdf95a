import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a participant has said to one command. */
export type Said = 'DONE' | 'REFUSED';

/** What a participant of a simulated saga remembers of one command about one subject. */
@Entity('simulated_effect')
export class Effect {
  /** `<subject>/<command>` */
  @PrimaryColumn('text') id!: string;
  /** By command id: a saga may send one command in two steps. */
  @Column('jsonb') said!: Readonly<Record<string, Said>>;
  /** Taken back, or never to be done: the compensation may come first. */
  @Column('boolean') undone!: boolean;
  @Version() version!: number;
}

export const effectId = (subject: string, command: string): string => `${subject}/${command}`;
