import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INBOX_TABLES_SQL, PARKED_BOUNDS_SQL, PARKED_OPERATIONS_SQL } from './tables.js';

/** Creates the tables of the inbox and of the parked messages. */
export class Inbox1700000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${INBOX_TABLES_SQL}${PARKED_BOUNDS_SQL}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox, parked_message');
  }
}

/** The table of what operators did about parked messages. A table that is there already is kept, with its rows. */
export class InboxOperations1700000000302 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable('parked_operation'))) await runner.query(PARKED_OPERATIONS_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE parked_operation');
  }
}

/** For a team that takes the inbox alone; as text: `INBOX_SQL`. The unit of work's migrations contain the same. */
export const INBOX_MIGRATIONS = [Inbox1700000000301, InboxOperations1700000000302] as const;
