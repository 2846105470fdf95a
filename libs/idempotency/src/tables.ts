import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const COUNTED = { table: 'idempotency_key', key: 'key' };

/** The table of {@link IdempotencyKey}. Needs `COUNT_VERSION_SQL` of `@backstep/concurrency`, which the unit of work's migrations run. */
export const IDEMPOTENCY_SQL = `
CREATE TABLE idempotency_key (
  key          text PRIMARY KEY,
  request_hash text NOT NULL,
  response     jsonb NOT NULL,
  created_at   timestamptz NOT NULL,
  version      bigint NOT NULL
);
-- Keys come in the order of their time: the purge reads the oldest pages alone, and inserts hardly touch the index.
CREATE INDEX idempotency_key_created_at ON idempotency_key USING brin (created_at);
${countVersionsSql(COUNTED)}`;

/** 255 characters of the client, and as many of the operation's name. */
const BOUND_SQL = `ALTER TABLE idempotency_key ADD CONSTRAINT idempotency_key_is_short CHECK (char_length(key) <= 511)`;

/** Makes the table, and bounds its keys. A table that is there already is kept, with its rows. */
export class IdempotencyKeys1700000000104 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable('idempotency_key'))) await runner.query(IDEMPOTENCY_SQL);
    await runner.query(BOUND_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_is_short');
  }
}

/** Goes behind the unit of work's migrations in a service's list. */
export const IDEMPOTENCY_MIGRATIONS = [IdempotencyKeys1700000000104] as const;
