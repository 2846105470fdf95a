import type { EvidenceDeclaration } from '@backstep/messaging';

const ROWS = `
  /* sagas.evidence */ SELECT 'saga_instance' AS "table", id::text AS key, version::float8 AS version, status AS state
  FROM saga_instance WHERE subject = $1 ORDER BY started_at, id LIMIT $2`;

/** A saga has one row and up to two timers, of which the row wakes for the first. A timer that has failed waits for the row's next attempt. */
const TIMERS = `
  /* sagas.timer-evidence */ SELECT t.name, id::text AS of, t.due_at::float8 AS "dueAt", failures,
    (CASE WHEN failures = 0 THEN t.due_at ELSE greatest(t.due_at, wake_at) END)::float8 AS "wakeAt"
  FROM saga_instance, LATERAL (VALUES
    ('step', (instance #>> '{awaiting,dueAt}')::bigint),
    ('deadline', CASE WHEN status = 'RUNNING' AND instance -> 'deadlinePassedAt' IS NULL THEN (instance ->> 'deadlineAt')::bigint END)
  ) AS t (name, due_at)
  WHERE subject = $1 AND wake_at IS NOT NULL AND t.due_at IS NOT NULL ORDER BY t.due_at, t.name LIMIT $2`;

/** The sagas of a subject, and their timers. */
export const SAGA_EVIDENCE: EvidenceDeclaration = { rows: [ROWS], timers: TIMERS };
