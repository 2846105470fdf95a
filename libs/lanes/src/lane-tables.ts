import { countVersionsSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LaneEntry } from './lane-entry.entity.js';

/**
 * The entries of all lanes of a service. `seq` is no column of the entity: the database numbers the rows as they are inserted, one by one (an
 * identity whose sequence caches numbers for each session would not keep the order of sessions).
 *
 * Both indexes are partial: one has the rows that wait, the other those that a purge looks for.
 */
export const LANES_SQL = `
CREATE TABLE lane_entry (
  key        text PRIMARY KEY CHECK (octet_length(key) <= 2048),
  seq        bigint GENERATED ALWAYS AS IDENTITY,
  lane       text NOT NULL,
  state      text NOT NULL CHECK (state IN ('QUEUED', 'APPLIED', 'REJECTED')),
  input      jsonb NOT NULL,
  answer     jsonb,
  problem    jsonb,
  cause      text,
  attempts   integer NOT NULL,
  queued_at  timestamptz NOT NULL,
  settled_at timestamptz,
  version    bigint NOT NULL,
  CONSTRAINT lane_entry_is_settled CHECK ((state = 'QUEUED') = (settled_at IS NULL)),
  CONSTRAINT lane_entry_says_why CHECK ((state = 'REJECTED') = (problem IS NOT NULL AND cause IS NOT NULL))
);
CREATE INDEX lane_entry_queued ON lane_entry (lane, seq) WHERE state = 'QUEUED';
CREATE INDEX lane_entry_settled ON lane_entry (lane, settled_at) WHERE state <> 'QUEUED';
`;

/** Creates the table of {@link LANES_SQL}. */
export class Lanes1700000000404 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LANES_SQL);
    await runner.query(countVersionsSql({ table: 'lane_entry', key: 'key' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lane_entry');
  }
}

/** The migrations of lanes. They go after those of the unit of work and of named locks, in the same database. */
export const LANE_MIGRATIONS = [Lanes1700000000404] as const;

/** The entities of lanes, for TypeORM. */
export const LANE_ENTITIES = [LaneEntry];
