import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the shop tells its customers. */
export class Settings1700000000402 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE setting (
        name    text PRIMARY KEY,
        value   text NOT NULL,
        set_at  timestamptz NOT NULL,
        version bigint NOT NULL
      );
      ${countVersionsSql({ table: 'setting', key: 'name' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE setting');
  }
}
