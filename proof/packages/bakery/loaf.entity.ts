import { Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

@Entity('loaf')
export class Loaf {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') flavour!: string;
  @Column('text') status!: 'ORDERED' | 'BAKED' | 'DELIVERED' | 'THROWN_AWAY';
  @Version() version!: number;
}

export class Loaves1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE loaf (id uuid PRIMARY KEY, flavour text NOT NULL, status text NOT NULL, version bigint NOT NULL)',
    );
  }
  async down(): Promise<void> {}
}
