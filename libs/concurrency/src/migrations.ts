import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COUNT_VERSION_SQL } from './counted-versions.js';
import { ASSERT_ROWS_SQL } from './statement.js';

/** The two SQL functions that versioned rows need, as text: for a team that does not migrate with TypeORM. */
export const VERSIONED_ROWS_SQL = `${ASSERT_ROWS_SQL};\n${COUNT_VERSION_SQL}`;

/** Creates the functions of {@link VERSIONED_ROWS_SQL}. */
export class VersionedRows1700000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VERSIONED_ROWS_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION backstep_assert_rows, backstep_count_version');
  }
}

/** For a team that writes versioned rows in its own transactions. The unit of work's migrations contain the same. */
export const VERSIONED_ROWS_MIGRATIONS = [VersionedRows1700000000300] as const;
