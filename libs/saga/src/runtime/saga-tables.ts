import { countVersionsSql, narrowVersionSql, uncountVersionsSql, widenVersionSql } from '@backstep/concurrency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Room on the page for the next versions of its rows; a row of more than 2 KB is not compressed before it must be, since two versions of it would then have
 * nothing in common.
 */
const STORAGE = 'fillfactor = 45, toast_tuple_target = 4080';

/** What they are for: see {@link SagaTables1700000000002}. */
const INDEXES = `
  ALTER TABLE saga_instance ADD CONSTRAINT saga_instance_pkey PRIMARY KEY (id);
  CREATE INDEX saga_instance_subject ON saga_instance (subject);
  CREATE INDEX saga_instance_newest ON saga_instance (started_at DESC, id DESC);
  CREATE INDEX saga_instance_unended ON saga_instance (status, started_at) WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK');
  CREATE INDEX saga_instance_wake ON saga_instance (wake_at) WHERE wake_at IS NOT NULL;`;

export class SagaTables1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A live saga is rewritten with every step: room on the page keeps that HOT where no indexed column changes.
      CREATE TABLE saga_instance (
        id          uuid PRIMARY KEY,
        name        text NOT NULL,
        subject     text NOT NULL,
        status      text NOT NULL CHECK (status IN ('RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED', 'ABANDONED')),
        started_at  bigint NOT NULL,
        instance    jsonb NOT NULL,
        traceparent text,
        version     integer NOT NULL
      ) WITH (fillfactor = 70);
      CREATE INDEX saga_instance_subject ON saga_instance (subject);
      CREATE INDEX saga_instance_newest ON saga_instance (started_at DESC, id DESC);
      -- What an operator looks for is rare.
      CREATE INDEX saga_instance_unended ON saga_instance (status, started_at) WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK');

      CREATE TABLE saga_timer (
        id      text PRIMARY KEY,
        saga_id uuid NOT NULL,
        name    text NOT NULL CHECK (name IN ('step', 'deadline')),
        due_at  bigint NOT NULL,
        version integer NOT NULL
      );
      CREATE INDEX saga_timer_due ON saga_timer (due_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saga_timer, saga_instance');
  }
}

/** A timer that cannot be fired is put off, so that the timers behind it are reached. */
export class SagaTimerWakes1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE saga_timer ADD COLUMN wake_at bigint, ADD COLUMN failures integer NOT NULL DEFAULT 0;
      UPDATE saga_timer SET wake_at = due_at;
      ALTER TABLE saga_timer ALTER COLUMN wake_at SET NOT NULL;
      DROP INDEX saga_timer_due;
      CREATE INDEX saga_timer_wake ON saga_timer (wake_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX saga_timer_wake;
      ALTER TABLE saga_timer DROP COLUMN wake_at, DROP COLUMN failures;
      CREATE INDEX saga_timer_due ON saga_timer (due_at);
    `);
  }
}

/**
 * The timer of a saga is a column of its row: set when the saga begins, rarely changed while it moves, cleared when it ends. Timers in a
 * table of their own cost some 1.4 KB of WAL a saga, and a third of the rows that an orchestrator wrote.
 */
export class SagaWakes1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // eslint-disable-next-line backstep/checked-writes -- no version is read while a migration holds the table
    await runner.query(`
      ALTER TABLE saga_instance ADD COLUMN wake_at bigint, ADD COLUMN failures integer NOT NULL DEFAULT 0;
      UPDATE saga_instance AS s SET wake_at = t.wake_at
        FROM (SELECT saga_id, min(wake_at) AS wake_at FROM saga_timer GROUP BY saga_id) AS t WHERE t.saga_id = s.id;
      ALTER TABLE saga_instance ALTER COLUMN failures DROP DEFAULT;
      -- Moving on leaves wake_at as it is, so that the update stays HOT.
      CREATE INDEX saga_instance_wake ON saga_instance (wake_at) WHERE wake_at IS NOT NULL;
      DROP TABLE saga_timer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saga_timer (
        id       text PRIMARY KEY,
        saga_id  uuid NOT NULL,
        name     text NOT NULL CHECK (name IN ('step', 'deadline')),
        due_at   bigint NOT NULL,
        version  integer NOT NULL,
        wake_at  bigint NOT NULL,
        failures integer NOT NULL DEFAULT 0
      );
      CREATE INDEX saga_timer_wake ON saga_timer (wake_at);
      INSERT INTO saga_timer (id, saga_id, name, due_at, version, wake_at)
        SELECT id || '/step', id, 'step', due, 1, due
        FROM (SELECT id, (instance -> 'awaiting' ->> 'dueAt')::bigint AS due FROM saga_instance WHERE wake_at IS NOT NULL) AS s
        UNION ALL SELECT id || '/deadline', id, 'deadline', due, 1, due
        FROM (SELECT id, (instance ->> 'deadlineAt')::bigint AS due FROM saga_instance
              WHERE wake_at IS NOT NULL AND status = 'RUNNING' AND NOT instance ? 'deadlinePassedAt') AS s;
      DROP INDEX saga_instance_wake;
      ALTER TABLE saga_instance DROP COLUMN wake_at, DROP COLUMN failures;
    `);
  }
}

/** PostgreSQL counts the versions of sagas that are changed by hand. */
export class SagaVersionsCounted1700000000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(countVersionsSql({ table: 'saga_instance', key: 'id' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(uncountVersionsSql('saga_instance'));
  }
}

/** A saga may be written more than 2,147,483,647 times. */
export class SagaVersionsAreBigints1700000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(widenVersionSql({ table: 'saga_instance', key: 'id' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(narrowVersionSql({ table: 'saga_instance', key: 'id' }));
  }
}

/**
 * What operators did, by its time. The journal of each saga has the same, but a list of all would read every saga; and an index over the journal
 * would make each move of each saga write it, as PostgreSQL keeps no update HOT that changes a column of an index's condition.
 */
export class SagaOperations1700000000601 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saga_operation (
        id          uuid PRIMARY KEY,
        done_at     bigint NOT NULL,
        done_by     text NOT NULL,
        action      text NOT NULL CHECK (action IN ('retry', 'skip', 'compensate', 'abandon')),
        reason      text NOT NULL,
        saga_id     uuid NOT NULL,
        subject     text NOT NULL,
        from_status text NOT NULL,
        to_status   text,
        step        text NOT NULL,
        direction   text NOT NULL CHECK (direction IN ('forward', 'undo')),
        command_ids jsonb,
        request_id  text,
        version     bigint NOT NULL
      );
      CREATE INDEX saga_operation_newest ON saga_operation (done_at DESC, id DESC);
      CREATE INDEX saga_operation_subject ON saga_operation (subject);
      -- For the purge, which deletes them with their saga.
      CREATE INDEX saga_operation_saga ON saga_operation (saga_id);
      INSERT INTO saga_operation (id, done_at, done_by, action, reason, saga_id, subject, from_status, step, direction, version)
        SELECT md5(s.id::text || o.number)::uuid, (o.done ->> 'at')::bigint, o.done ->> 'by', o.done ->> 'action', o.done ->> 'reason',
               s.id, s.subject, o.done ->> 'from', o.done ->> 'step', o.done ->> 'direction', 1
        FROM saga_instance AS s, jsonb_array_elements(s.instance -> 'operations') WITH ORDINALITY AS o (done, number)
        WHERE s.instance ? 'operations';
      ${countVersionsSql({ table: 'saga_operation', key: 'id' })}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saga_operation');
  }
}

/**
 * The table anew, so that a move is logged by what it changes. PostgreSQL logs of an updated row only what lies between the common beginning and
 * the common end of its two versions, where both are on one page. So columns that never change come first, those that a move changes last;
 * `instance` is JSON as it was written (see `storedInstance`), and has nothing that is in a column. `jsonb` would put the lengths of all values in front of
 * them, and sort its keys.
 */
export class SagaMovesAreSmall1700000000602 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saga_instance_anew (
        id          uuid NOT NULL,
        name        text NOT NULL,
        subject     text NOT NULL,
        started_at  bigint NOT NULL,
        traceparent text,
        status      text NOT NULL CONSTRAINT saga_instance_status_check
          CHECK (status IN ('RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED', 'ABANDONED')),
        version     bigint NOT NULL,
        wake_at     bigint,
        failures    integer NOT NULL,
        instance    json NOT NULL
      ) WITH (${STORAGE});
      INSERT INTO saga_instance_anew
        SELECT id, name, subject, started_at, traceparent, status, version, wake_at, failures,
          instance - ARRAY['id', 'name', 'subject', 'status', 'startedAt', 'steps'] || jsonb_build_object('journal',
            (SELECT jsonb_agg(line ORDER BY place DESC) FROM jsonb_array_elements(instance -> 'steps') WITH ORDINALITY AS s (line, place)))
        FROM saga_instance;
      DROP TABLE saga_instance;
      ALTER TABLE saga_instance_anew RENAME TO saga_instance;
      ${INDEXES}
      ${countVersionsSql({ table: 'saga_instance', key: 'id' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saga_instance_anew (
        id          uuid NOT NULL,
        name        text NOT NULL,
        subject     text NOT NULL,
        status      text NOT NULL CONSTRAINT saga_instance_status_check
          CHECK (status IN ('RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED', 'ABANDONED')),
        started_at  bigint NOT NULL,
        instance    jsonb NOT NULL,
        traceparent text,
        version     bigint NOT NULL,
        wake_at     bigint,
        failures    integer NOT NULL
      ) WITH (fillfactor = 70);
      INSERT INTO saga_instance_anew
        SELECT id, name, subject, status, started_at,
          instance::jsonb - 'journal' || jsonb_build_object(
            'id', id, 'name', name, 'subject', subject, 'status', status, 'startedAt', started_at, 'steps',
            (SELECT jsonb_agg(line ORDER BY place DESC) FROM jsonb_array_elements(instance::jsonb -> 'journal') WITH ORDINALITY AS s (line, place))),
          traceparent, version, wake_at, failures
        FROM saga_instance;
      DROP TABLE saga_instance;
      ALTER TABLE saga_instance_anew RENAME TO saga_instance;
      ${INDEXES}
      ${countVersionsSql({ table: 'saga_instance', key: 'id' })}
    `);
  }
}

/** The migrations of sagas, in order. They go after those of the unit of work, in the same database. */
export const SAGA_MIGRATIONS = [
  SagaTables1700000000002,
  SagaTimerWakes1700000000003,
  SagaWakes1700000000004,
  SagaVersionsCounted1700000000201,
  SagaVersionsAreBigints1700000000301,
  SagaOperations1700000000601,
  SagaMovesAreSmall1700000000602,
] as const;
