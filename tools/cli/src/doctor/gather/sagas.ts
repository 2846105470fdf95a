import type { SagaFacts, StepFacts } from '@backstep/doctor';
import { NO_ID } from './orders.js';
import type { Snapshot } from './snapshot.js';

interface Row {
  readonly id: string;
  readonly type: string;
  readonly orderId: string;
  readonly status: string;
  readonly startedAt: number;
  /** The last step first. */
  readonly journal: readonly StepFacts[];
  readonly awaiting: SagaFacts['awaiting'] | null;
  readonly stuckBecause: string | null;
  readonly dueAt: number | null;
  readonly failures: number;
  readonly givenUp: SagaFacts['givenUp'] | null;
  readonly skipped: SagaFacts['skipped'];
}

/** Read by id, which is derived from the order's and so not ordered by time: a window of orders is cut out by who asks. */
const SAGAS = `
  SELECT s.id, s.name AS type, s.subject AS "orderId", s.status, s.started_at::float8 AS "startedAt",
    s.instance -> 'journal' AS journal, s.instance -> 'awaiting' AS awaiting, s.instance ->> 'stuckBecause' AS "stuckBecause",
    CASE WHEN s.wake_at IS NOT NULL THEN (s.instance #>> '{awaiting,dueAt}')::float8 END AS "dueAt", s.failures,
    jsonb_path_query_first(s.instance::jsonb, '$.operations[*] ? (@.action == "abandon")') AS "givenUp",
    jsonb_path_query_array(s.instance::jsonb, '$.operations[*] ? (@.action == "skip")') AS skipped
  FROM saga_instance s
  WHERE s.id > $1 ORDER BY s.id LIMIT $2`;

/** The sagas of the orders after `from`, by order. */
export async function gatherSagas(snapshot: Snapshot, from: string): Promise<Map<string, SagaFacts[]>> {
  const sagas = new Map<string, SagaFacts[]>();
  for await (const page of snapshot.pages<Row>(SAGAS, ({ id }) => id, NO_ID)) {
    for (const row of page) {
      if (row.orderId <= from) continue;
      const own = sagas.get(row.orderId);
      if (own) own.push(factsOf(row));
      else sagas.set(row.orderId, [factsOf(row)]);
    }
  }
  return sagas;
}

const factsOf = ({ journal, awaiting, stuckBecause, dueAt, failures, givenUp, skipped, ...saga }: Row): SagaFacts => ({
  ...saga,
  stuckBecause: stuckBecause ?? undefined,
  awaiting: awaiting ? { step: awaiting.step, direction: awaiting.direction } : undefined,
  // Only what is judged: answers and data of thousands of sagas would fill the memory.
  steps: journal.map(stepOf).reverse(),
  timer: dueAt === null ? undefined : { dueAt, failures },
  blockedBecause: undefined,
  givenUp: givenUp ? { by: givenUp.by, reason: givenUp.reason } : undefined,
  skipped: skipped.map(({ by, reason, step, direction }) => ({ by, reason, step, direction })),
});

const stepOf = ({ name, kind, state, armed, sentAt, answeredAt, undo }: StepFacts): StepFacts => ({
  name,
  kind,
  state,
  armed,
  ...(sentAt !== undefined && { sentAt }),
  ...(answeredAt !== undefined && { answeredAt }),
  ...(undo && { undo }),
});
