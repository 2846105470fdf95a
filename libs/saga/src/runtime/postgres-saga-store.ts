import { OptimisticLockError, type Executor } from '@backstep/concurrency';
import type { LoadedNeeds, RequestHandler, UnitOfWork } from '@backstep/unit-of-work';
import type { Instant, SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { cursorAfter, pageLimit, positionOf } from '../store/page-cursor.js';
import {
  TIMER_RETRY,
  type DueSaga,
  type SagaPage,
  type SagaQuery,
  type SagaStore,
  type StoredSaga,
} from '../store/saga-store.js';
import { sagaChange, sagaNeeds } from './saga-rows.js';

interface Write {
  readonly instance: SagaInstance;
  /** 0: it must not exist. */
  readonly expectedVersion: number;
}

export interface UnendedSagas {
  readonly name: string;
  readonly definitionVersion: number;
  readonly status: string;
  readonly count: number;
}

/** Writes one instance as it is given: for operators and tests. Messages and timers go through the saga handlers. */
const writeSaga: RequestHandler<Write, number, ReturnType<typeof sagaNeeds>> = {
  needs: ({ instance }) => sagaNeeds([instance.id]),
  decide: ({ instance, expectedVersion }, { sagas }: LoadedNeeds<ReturnType<typeof sagaNeeds>>) => {
    const row = sagas.get(instance.id);
    if ((row?.version ?? 0) !== expectedVersion) {
      throw new OptimisticLockError('SagaInstance', instance.id, expectedVersion, row?.version);
    }
    return { answer: expectedVersion + 1, changes: [sagaChange(row, instance)] };
  },
};

/** The {@link SagaStore} on PostgreSQL. Passes the same suite as the one in memory. */
export class PostgresSagaStore implements SagaStore {
  constructor(
    private readonly executor: Executor,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async load(id: string): Promise<StoredSaga | undefined> {
    const [found] = await this.select('WHERE id = $1', [id]);
    return found;
  }

  insert(instance: SagaInstance): Promise<number> {
    return this.unitOfWork.request(writeSaga, { instance, expectedVersion: 0 });
  }

  update(instance: SagaInstance, expectedVersion: number): Promise<number> {
    return this.unitOfWork.request(writeSaga, { instance, expectedVersion });
  }

  async dueSagas(now: Instant, limit: number): Promise<readonly DueSaga[]> {
    const { rows } = await this.executor.query(
      `SELECT id AS "sagaId", wake_at::float8 AS "wakeAt" FROM saga_instance WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2`,
      [now, limit],
    );
    return rows as unknown as DueSaga[];
  }

  /** The version goes up with it: a batch that has read the row decides again. */
  async defer(sagas: readonly DueSaga[], now: Instant): Promise<void> {
    await this.executor.query(
      `UPDATE saga_instance AS s
       SET wake_at = $3 + least($5, $4 * 2 ^ least(s.failures, 30))::bigint, failures = s.failures + 1, version = s.version + 1
       FROM unnest($1::uuid[], $2::bigint[]) AS x(id, wake_at) WHERE s.id = x.id AND s.wake_at = x.wake_at`,
      [
        sagas.map(({ sagaId }) => sagaId),
        sagas.map(({ wakeAt }) => wakeAt),
        now,
        TIMER_RETRY.baseMs,
        TIMER_RETRY.maxMs,
      ],
    );
  }

  async list({ status, name, subject, cursor, limit }: SagaQuery): Promise<SagaPage> {
    const max = pageLimit(limit);
    const after = cursor === undefined ? undefined : positionOf(cursor);
    const found = await this.select(
      `WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR name = $2) AND ($3::text IS NULL OR subject = $3)
         AND ($4::bigint IS NULL OR (started_at, id) < ($4, $5::uuid))
       ORDER BY started_at DESC, id DESC LIMIT $6`,
      [status ?? null, name ?? null, subject ?? null, after?.startedAt ?? null, after?.id ?? null, max + 1],
    );
    const sagas = found.slice(0, max);
    const last = sagas.at(-1);
    return last && found.length > max ? { sagas, next: cursorAfter(last.instance) } : { sagas };
  }

  /** How many sagas there are, by definition and status. Reads the index of the unended; the ended are counted by nobody. */
  async countUnended(): Promise<readonly UnendedSagas[]> {
    const { rows } = await this.executor.query(
      `SELECT name, (instance -> 'definitionVersion')::int AS "definitionVersion", status, count(*)::int AS count
       FROM saga_instance WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK') GROUP BY 1, 2, 3`,
      [],
    );
    return rows as UnendedSagas[];
  }

  /**
   * Deletes one chunk of sagas that ended before then: one that took weeks is kept as long as any other. (What ended before then
   * also began before then, which an index knows.) What an operator abandoned or skipped stays for ever: it is the only record of
   * what was left undone or done by hand, and a subject that is announced again must not begin it anew.
   * @returns how many went.
   */
  async purgeEnded(endedBefore: Instant, chunk: number): Promise<number> {
    const { rows } = await this.executor.query(
      `WITH gone AS (DELETE FROM saga_instance WHERE id IN (
         SELECT id FROM saga_instance WHERE started_at < $1 AND status IN ('COMPLETED', 'COMPENSATED')
           AND (instance ->> 'endedAt')::bigint < $1 AND NOT instance @> '{"operations": [{"action": "skip"}]}'
         ORDER BY started_at LIMIT $2) RETURNING 1) SELECT count(*)::int AS gone FROM gone`,
      [endedBefore, chunk],
    );
    return (rows[0] as { gone: number }).gone;
  }

  private async select(condition: string, values: unknown[]): Promise<StoredSaga[]> {
    const { rows } = await this.executor.query(`SELECT instance, version FROM saga_instance ${condition}`, values);
    return (rows as StoredSaga[]).map(({ instance, version }) => {
      assertSound(instance);
      return { instance, version };
    });
  }
}
