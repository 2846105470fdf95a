import type { Executor } from '@backstep/concurrency';
import type { Instant } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { cursorAfter, pageLimit, positionOf } from '../store/page-cursor.js';
import {
  TIMER_RETRY,
  type DueSaga,
  type OperationPage,
  type OperationQuery,
  type SagaPage,
  type SagaQuery,
  type StoredOperation,
  type StoredSaga,
} from '../store/stored-saga.js';
import { instanceOf, type InstanceColumns } from './stored-instance.js';

/** In words of the partial index of sagas that have not ended. */
const WAITS_FOR_OPERATOR = `status IN ('RUNNING', 'COMPENSATING', 'STUCK')
         AND (status = 'STUCK' OR NOT (name || '@' || (instance ->> 'definitionVersion')) = ANY($9::text[])) AND`;

/** How many sagas of one version of a definition are in one status. */
export interface UnendedSagas {
  readonly name: string;
  readonly definitionVersion: number;
  readonly status: string;
  readonly count: number;
}

type Row = Omit<StoredOperation, Optional> & { readonly [Name in Optional]: NonNullable<StoredOperation[Name]> | null };
type Optional = 'to' | 'commandIds' | 'requestId';

/** Reads instances, puts timers off and purges ended sagas. The moves of sagas are written by the handlers, through the unit of work. */
export class PostgresSagaStore {
  constructor(private readonly executor: Executor) {}

  /** @throws UnsoundSagaError when a row was changed by hand into an instance that no decision writes */
  async load(id: string): Promise<StoredSaga | undefined> {
    const [found] = await this.select('WHERE id = $1', [id]);
    return found;
  }

  /** Several by one statement; those that there are. @throws UnsoundSagaError */
  async loadAll(ids: readonly string[]): Promise<readonly StoredSaga[]> {
    return ids.length === 0 ? [] : this.select('WHERE id = ANY($1::uuid[])', [ids]);
  }

  /**
   * Sagas with a timer that is due at `now`, and some whose timer fires early; the longest overdue first, at most `limit`. A saga is found
   * again until a write resets its timer.
   * @param after the last one of the page before
   */
  async dueSagas(now: Instant, limit: number, after?: DueSaga): Promise<readonly DueSaga[]> {
    const { rows } = await this.executor.query(
      `SELECT id AS "sagaId", subject, wake_at::float8 AS "timerAt" FROM saga_instance
       WHERE wake_at <= $1 AND ($3::bigint IS NULL OR (wake_at, id) > ($3, $4::uuid)) ORDER BY wake_at, id LIMIT $2`,
      [now, limit, after?.timerAt ?? null, after?.sagaId ?? null],
    );
    return rows as unknown as DueSaga[];
  }

  /**
   * Puts off sagas whose timer could not be fired, each time twice as long (see `TIMER_RETRY`), so that the sagas behind them are
   * reached. A saga whose timer was reset meanwhile is left alone. The instance, and so when its timers are due, stays the same. The version
   * goes up, so that a batch that has read the row decides again.
   */
  async defer(sagas: readonly DueSaga[], now: Instant): Promise<void> {
    // In the order in which every writer takes its rows (decision 0036).
    const inOrder = [...sagas].sort((a, b) => (a.sagaId < b.sagaId ? -1 : 1));
    await this.executor.query(
      `UPDATE saga_instance AS s
       SET wake_at = $3 + least($5, $4 * 2 ^ least(s.failures, 30))::bigint, failures = s.failures + 1, version = s.version + 1
       FROM unnest($1::uuid[], $2::bigint[]) AS x(id, wake_at) WHERE s.id = x.id AND s.wake_at = x.wake_at`,
      [
        inOrder.map(({ sagaId }) => sagaId),
        inOrder.map(({ timerAt }) => timerAt),
        now,
        TIMER_RETRY.baseMs,
        TIMER_RETRY.maxMs,
      ],
    );
  }

  /**
   * Newest first. Pages are cut by key, not by offset: a saga that is added or changes its status meanwhile does not shift them.
   * @throws InvalidCursorError
   * @throws RangeError for a limit out of bounds
   */
  async list({
    status,
    name,
    subject,
    startedFrom,
    startedBefore,
    waitingAmong,
    cursor,
    limit,
  }: SagaQuery): Promise<SagaPage> {
    const max = pageLimit(limit);
    const after = cursor === undefined ? undefined : positionOf(cursor);
    const found = await this.select(
      `WHERE ${waitingAmong ? WAITS_FOR_OPERATOR : ''}
         ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR name = $2) AND ($3::text[] IS NULL OR subject = ANY($3))
         AND ($4::bigint IS NULL OR (started_at, id) < ($4, $5::uuid))
         AND ($7::bigint IS NULL OR started_at >= $7) AND ($8::bigint IS NULL OR started_at < $8)
       ORDER BY started_at DESC, id DESC LIMIT $6`,
      [
        ...[status ?? null, name ?? null, subject === undefined ? null : [subject].flat()],
        ...[after?.startedAt ?? null, after?.id ?? null, max + 1],
        ...[startedFrom ?? null, startedBefore ?? null],
        ...(waitingAmong ? [waitingAmong] : []),
      ],
    );
    const sagas = found.slice(0, max);
    const last = sagas.at(-1);
    return last && found.length > max ? { sagas, next: cursorAfter(last.instance) } : { sagas };
  }

  /**
   * What operators did, newest first. Cut by key like the sagas: what is done meanwhile does not shift a page.
   * @throws RangeError for a limit out of bounds
   */
  async operations({ by, action, subject, after, limit }: OperationQuery): Promise<OperationPage> {
    const max = pageLimit(limit);
    const { rows } = await this.executor.query(
      `/* sagas.operations */ SELECT id, saga_id AS "sagaId", subject, action, done_by AS by, reason, done_at::float8 AS at,
         from_status AS "from", to_status AS "to", step, direction, command_ids AS "commandIds", request_id AS "requestId"
       FROM saga_operation
       WHERE ($1::text IS NULL OR done_by = $1) AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR subject = $3)
         AND ($4::bigint IS NULL OR (done_at, id) < ($4, $5::uuid))
       ORDER BY done_at DESC, id DESC LIMIT $6`,
      [by ?? null, action ?? null, subject ?? null, after?.at ?? null, after?.id ?? null, max + 1],
    );
    const operations = (rows as unknown as Row[]).slice(0, max).map(({ to, commandIds, requestId, ...told }) => ({
      ...told,
      ...(to !== null && { to }),
      ...(commandIds !== null && { commandIds }),
      ...(requestId !== null && { requestId }),
    }));
    return { operations, isLast: rows.length <= max };
  }

  /** The numbers of sagas that have not ended, by definition and status. Reads the index of these sagas only. */
  async countUnended(): Promise<readonly UnendedSagas[]> {
    const { rows } = await this.executor.query(
      `SELECT name, (instance ->> 'definitionVersion')::int AS "definitionVersion", status, count(*)::int AS count
       FROM saga_instance WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK') GROUP BY 1, 2, 3`,
      [],
    );
    return rows as UnendedSagas[];
  }

  /**
   * Deletes one chunk of sagas that ended before `endedBefore`. (They also began before it, for which there is an index.) A saga that an
   * operator has abandoned, or skipped a step of, is kept for ever: it is the only record of what was left undone or done by hand, and a
   * repeated start event must not begin it anew. What operators did to a saga goes with it.
   * @returns how many sagas were deleted.
   */
  async purgeEnded(endedBefore: Instant, chunk: number): Promise<number> {
    const { rows } = await this.executor.query(
      `WITH gone AS (DELETE FROM saga_instance WHERE id IN (
         SELECT id FROM saga_instance WHERE started_at < $1 AND status IN ('COMPLETED', 'COMPENSATED')
           AND (instance ->> 'endedAt')::bigint < $1 AND NOT instance::jsonb @> '{"operations": [{"action": "skip"}]}'
         ORDER BY started_at LIMIT $2) RETURNING id),
       forgotten AS (DELETE FROM saga_operation WHERE saga_id IN (SELECT id FROM gone))
       SELECT count(*)::int AS gone FROM gone`,
      [endedBefore, chunk],
    );
    return (rows[0] as { gone: number }).gone;
  }

  private async select(condition: string, values: unknown[]): Promise<StoredSaga[]> {
    const { rows } = await this.executor.query(
      `SELECT id, name, subject, status, started_at::float8 AS "startedAt", instance, version::float8 AS version
       FROM saga_instance ${condition}`,
      values,
    );
    return (rows as (InstanceColumns & { version: number })[]).map((row) => {
      const instance = instanceOf(row);
      assertSound(instance);
      return { instance, version: row.version };
    });
  }
}
