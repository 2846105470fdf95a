import { Kept, Version, type KeptChange } from '@backstep/concurrency';
import type { PostalAddress } from '@backstep/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer's profile. Orders copy what they need of it: they do not change when the profile does. */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('text', { nullable: true }) phone!: string | null;
  @Column('jsonb', { nullable: true }) address!: PostalAddress | null;
  /** Which fields changed with which version: what a stale edit is merged by. Digests of former numbers and addresses can be guessed (decision 0040). */
  @Kept({ versions: 50 }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}
