import type { MigrationInterface, QueryRunner } from 'typeorm';

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

/** A timer that cannot be fired is put off, so that those behind it are reached. */
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
