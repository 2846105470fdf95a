import { ASSERT_ROWS_SQL } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The table of named locks. */
export const NAMED_LOCK_TABLE = 'named_lock';

/**
 * Epochs come from one sequence, without a cache: a name whose row was purged begins with a later one than it had. There is no index but the
 * key, so that taking, extending and releasing a lock are updates within a page (HOT); a purge reads the table, which is small.
 */
export const NAMED_LOCKS_SQL = `
CREATE SEQUENCE named_lock_epoch CACHE 1;
CREATE TABLE named_lock (
  name       text COLLATE "C" PRIMARY KEY CHECK (char_length(name) BETWEEN 1 AND 200),
  holder     uuid NOT NULL,
  epoch      bigint NOT NULL,
  -- The end of the lease; -infinity: nobody holds the name.
  until      timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
) WITH (fillfactor = 70)`;

/** Creates what named locks need, with the function that asserts rows. */
export class NamedLocks1700000000401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ASSERT_ROWS_SQL);
    await runner.query(NAMED_LOCKS_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE named_lock');
    await runner.query('DROP SEQUENCE named_lock_epoch');
  }
}

/** Goes into the list of migrations of a service that uses named locks. */
export const NAMED_LOCK_MIGRATIONS = [NamedLocks1700000000401] as const;
