import { OptimisticLockError, type Executor } from '@backstep/concurrency';
import type { Change, LoadedNeeds, RequestHandler, UnitOfWork } from '@backstep/unit-of-work';
import type { Instant, SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { cursorAfter, pageLimit, positionOf } from '../store/page-cursor.js';
import type { DueTimer, SagaPage, SagaQuery, SagaStore, StoredSaga } from '../store/saga-store.js';
import { sagaChanges, sagaNeeds } from './saga-rows.js';

interface Write {
  readonly instance: SagaInstance;
  /** 0: it must not exist. */
  readonly expectedVersion: number;
}

/** Writes one instance as it is given: for operators and tests. Messages and timers go through the saga handlers. */
const writeSaga: RequestHandler<Write, number, ReturnType<typeof sagaNeeds>> = {
  needs: ({ instance }) => sagaNeeds([instance.id]),
  decide: ({ instance, expectedVersion }, { sagas, timers }: LoadedNeeds<ReturnType<typeof sagaNeeds>>) => {
    const row = sagas.get(instance.id);
    if ((row?.version ?? 0) !== expectedVersion) {
      throw new OptimisticLockError('SagaInstance', instance.id, expectedVersion, row?.version);
    }
    const changes: Change[] = sagaChanges(row, timers, instance);
    return { answer: expectedVersion + 1, changes };
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

  async dueTimers(now: Instant, limit: number): Promise<readonly DueTimer[]> {
    const { rows } = await this.executor.query(
      `SELECT saga_id AS "sagaId", name, due_at::float8 AS "dueAt" FROM saga_timer WHERE due_at <= $1 ORDER BY due_at LIMIT $2`,
      [now, limit],
    );
    return rows as DueTimer[];
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
  async countUnended(): Promise<readonly { readonly name: string; readonly status: string; readonly count: number }[]> {
    const { rows } = await this.executor.query(
      `SELECT name, status, count(*)::int AS count FROM saga_instance
       WHERE status IN ('RUNNING', 'COMPENSATING', 'STUCK') GROUP BY name, status`,
      [],
    );
    return rows as { name: string; status: string; count: number }[];
  }

  /**
   * Deletes one chunk of sagas that ended before then: one that took weeks is kept as long as any other. (What ended before then
   * also began before then, which an index knows.) @returns how many went.
   */
  async purgeEnded(endedBefore: Instant, chunk: number): Promise<number> {
    const { rows } = await this.executor.query(
      `WITH gone AS (DELETE FROM saga_instance WHERE id IN (
         SELECT id FROM saga_instance WHERE started_at < $1 AND status IN ('COMPLETED', 'COMPENSATED', 'ABANDONED')
           AND (instance ->> 'endedAt')::bigint < $1
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
