import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INBOX_SQL } from './tables.js';

/** Creates the tables of {@link INBOX_SQL}. */
export class Inbox1700000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INBOX_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox, parked_message');
  }
}

/** For a team that takes the inbox alone; as text: {@link INBOX_SQL}. The unit of work's migrations contain the same. */
export const INBOX_MIGRATIONS = [Inbox1700000000301] as const;
