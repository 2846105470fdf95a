import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Customers1700000000401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE customer (
        id      uuid PRIMARY KEY,
        name    text NOT NULL,
        email   text,
        phone   text,
        address jsonb,
        changes jsonb,
        version bigint NOT NULL
      );
      ${countVersionsSql({ table: 'customer', key: 'id' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE customer');
  }
}
