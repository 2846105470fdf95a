import { ASSERT_ROWS_SQL } from '@backstep/concurrency';
import { INBOX_SQL } from '@backstep/inbox';
import { OUTBOX_PARKED_SQL, OUTBOX_SQL } from '@backstep/outbox';
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

/** What Kafka refused, and its key's later messages behind it. */
export class OutboxParked1700000000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX_PARKED_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_parked');
  }
}

/** In every service's list of migrations, before its own. */
export const UNIT_OF_WORK_MIGRATIONS = [UnitOfWorkTables1700000000001, OutboxParked1700000000101] as const;
