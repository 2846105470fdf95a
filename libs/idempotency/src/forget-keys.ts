import type { Executor } from '@backstep/concurrency';

const FORGET_EVERY_MS = 60_000;
/** Rows that one statement deletes, so that none holds locks for long. */
export const FORGET_CHUNK = 2_000;

/** Runs work again and again; `PeriodicJobs` of `@backstep/messaging` is one. */
export interface Jobs {
  every(periodMs: number, what: string, work: () => Promise<void>): void;
}

/** Deletes idempotency keys once a minute, after the time that the API promises to keep them. */
export function forgetKeysPeriodically(jobs: Jobs, executor: Executor, retainDays: number): void {
  jobs.every(FORGET_EVERY_MS, 'forget old idempotency keys', async () => {
    while ((await forgetChunk(executor, retainDays)) === FORGET_CHUNK);
  });
}

/** Deletes one chunk of the older keys. @returns how many were deleted. */
export async function forgetChunk(executor: Executor, retainDays: number): Promise<number> {
  const { rows } = await executor.query(
    `WITH gone AS (
       DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM idempotency_key WHERE created_at < now() - make_interval(days => $1) LIMIT $2)) RETURNING 1)
     SELECT count(*)::int AS deleted FROM gone`,
    [retainDays, FORGET_CHUNK],
  );
  return (rows[0] as { deleted: number }).deleted;
}
