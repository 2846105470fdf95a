import type { MigrationInterface, QueryRunner } from 'typeorm';
import { OUTBOX_PARKED_SQL, OUTBOX_SQL } from '../tables.js';

/** All tables of the outbox as SQL, for teams that do not migrate with TypeORM. */
export const OUTBOX_TABLES_SQL = `${OUTBOX_SQL}${OUTBOX_PARKED_SQL}`;

export class Outbox1700000000302 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX_TABLES_SQL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox, outbox_parked');
    await runner.query('DROP FUNCTION backstep_outbox_ids');
  }
}

/** For teams that use the outbox alone. The migrations of the unit of work contain the same tables. */
export const OUTBOX_MIGRATIONS = [Outbox1700000000302] as const;
