import { ASSERT_ROWS_SQL } from '@backstep/concurrency';
import { INBOX_SQL } from '@backstep/inbox';
import { OUTBOX_SQL } from '@backstep/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first migration of every service: the row assertion, inbox, parked messages, outbox. Their SQL stands in the libraries named. */
export class UnitOfWorkTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [ASSERT_ROWS_SQL, INBOX_SQL, OUTBOX_SQL]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox, parked_message, outbox');
    await runner.query('DROP FUNCTION backstep_assert_rows');
  }
}
