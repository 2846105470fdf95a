import { ASSERT_ROWS_SQL, COUNT_VERSION_SQL } from '@backstep/concurrency';
import { INBOX_SQL, INBOX_TABLES_SQL, PARKED_BOUNDS_SQL, PARKED_OPERATIONS_SQL, parkedKey } from '@backstep/inbox';
import { OUTBOX_PARKED_SQL, OUTBOX_SQL } from '@backstep/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CONTENTION_REPORT_SQL } from './contention/board.js';

/**
 * The first migration of every service: the row assertion, inbox, parked messages, outbox. Existing tables of a team that had inbox or
 * outbox alone are kept, with their rows.
 */
export class UnitOfWorkTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ASSERT_ROWS_SQL);
    if (!(await runner.hasTable('inbox'))) await runner.query(INBOX_TABLES_SQL);
    if (!(await runner.hasTable('outbox'))) await runner.query(OUTBOX_SQL);
    // Shards of an outbox without the unit of work are not partitions. Shard 0 has an owner whatever the number of partitions.
    else await runner.query('UPDATE outbox SET shard = 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox, parked_message, outbox');
    await runner.query('DROP FUNCTION backstep_assert_rows');
  }
}

/** The table of messages that Kafka refused, with the later messages of their keys. */
export class OutboxParked1700000000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable('outbox_parked'))) await runner.query(OUTBOX_PARKED_SQL);
    else await runner.query('UPDATE outbox_parked SET shard = 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_parked');
  }
}

/** Bounds what is parked. Long keys that are parked already are shortened, so that later messages of these keys are still held. */
export class ParkedBounds1700000000102 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('parked_message', 'cut')) return;
    const parked = (await runner.query(
      `SELECT id, key FROM parked_message WHERE char_length(key) > 500 OR key LIKE '%…%'`,
    )) as { id: string; key: string }[];
    for (const { id, key } of parked) {
      await runner.query('UPDATE parked_message SET key = $2 WHERE id = $1', [id, parkedKey(key)]);
    }
    await runner.query(PARKED_BOUNDS_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE parked_message DROP COLUMN cut, DROP COLUMN size_bytes');
    await runner.query('ALTER TABLE parked_message DROP CONSTRAINT parked_message_key_is_short');
  }
}

/** The function with which PostgreSQL counts versions. Each versioned table's own migration attaches it, with `countVersionsSql`. */
export class CountVersion1700000000103 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COUNT_VERSION_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION backstep_count_version');
  }
}

/** The table in which the instances of a service leave how much their writes lose to others. */
export class ContentionReports1700000000105 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CONTENTION_REPORT_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE contention_report');
  }
}

/** The table of what operators did about parked messages. */
export class ParkedOperations1700000000106 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable('parked_operation'))) await runner.query(PARKED_OPERATIONS_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE parked_operation');
  }
}

/** All that the statements of a batch need, for a database that is made for a spec, a bench or a lab. A service has the migrations. */
export const UNIT_OF_WORK_SQL = [ASSERT_ROWS_SQL, INBOX_SQL, OUTBOX_SQL, OUTBOX_PARKED_SQL].join(';');

/** Goes into every service's list of migrations, before its own. */
export const UNIT_OF_WORK_MIGRATIONS = [
  UnitOfWorkTables1700000000001,
  OutboxParked1700000000101,
  ParkedBounds1700000000102,
  CountVersion1700000000103,
  ContentionReports1700000000105,
  ParkedOperations1700000000106,
] as const;
