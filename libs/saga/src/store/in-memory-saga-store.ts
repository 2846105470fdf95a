import { OptimisticLockError } from '@backstep/concurrency';
import type { Instant, SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { cursorAfter, pageLimit, positionOf, type PagePosition } from './page-cursor.js';
import {
  TIMER_RETRY,
  type DueSaga,
  type SagaPage,
  type SagaQuery,
  type SagaStore,
  type StoredSaga,
} from './saga-store.js';
import { wakeFor, type Wake } from './wake.js';

interface Row extends Wake {
  readonly version: number;
  /** Stored as text, so that nobody holds a reference into the store and only JSON survives, as in a database. */
  readonly json: string;
}

/** For tests and for trying things out: keeps everything until the process ends. */
export class InMemorySagaStore implements SagaStore {
  private readonly rows = new Map<string, Row>();

  async load(id: string): Promise<StoredSaga | undefined> {
    const row = this.rows.get(id);
    return row && read(row);
  }

  async insert(instance: SagaInstance): Promise<number> {
    return this.write(instance, 0, this.rows.get(instance.id)?.version ?? 0);
  }

  async update(instance: SagaInstance, expectedVersion: number): Promise<number> {
    return this.write(instance, expectedVersion, this.rows.get(instance.id)?.version);
  }

  private write(instance: SagaInstance, expectedVersion: number, actualVersion: number | undefined): number {
    assertSound(instance);
    if (actualVersion !== expectedVersion) {
      throw new OptimisticLockError('SagaInstance', instance.id, expectedVersion, actualVersion);
    }
    const version = expectedVersion + 1;
    this.rows.set(instance.id, {
      version,
      json: JSON.stringify(instance),
      ...wakeFor(instance, this.rows.get(instance.id)),
    });
    return version;
  }

  async dueSagas(now: Instant, limit: number): Promise<readonly DueSaga[]> {
    return [...this.rows]
      .flatMap(([sagaId, { wakeAt }]) => (wakeAt === null || wakeAt > now ? [] : [{ sagaId, wakeAt }]))
      .sort((a, b) => a.wakeAt - b.wakeAt)
      .slice(0, limit);
  }

  async defer(sagas: readonly DueSaga[], now: Instant): Promise<void> {
    for (const { sagaId, wakeAt } of sagas) {
      const row = this.rows.get(sagaId);
      if (row?.wakeAt !== wakeAt) continue;
      const putOff = now + Math.min(TIMER_RETRY.maxMs, TIMER_RETRY.baseMs * 2 ** row.failures);
      this.rows.set(sagaId, { ...row, wakeAt: putOff, failures: row.failures + 1, version: row.version + 1 });
    }
  }

  async list({ status, name, subject, cursor, limit }: SagaQuery): Promise<SagaPage> {
    const max = pageLimit(limit);
    const position = cursor === undefined ? undefined : positionOf(cursor);
    const found = this.all()
      .filter(({ instance }) => status === undefined || instance.status === status)
      .filter(({ instance }) => name === undefined || instance.name === name)
      .filter(({ instance }) => subject === undefined || instance.subject === subject)
      .filter(({ instance }) => position === undefined || newestFirst(position, instance) < 0)
      .sort((a, b) => newestFirst(a.instance, b.instance));
    const sagas = found.slice(0, max);
    const last = sagas.at(-1);
    return last && found.length > max ? { sagas, next: cursorAfter(last.instance) } : { sagas };
  }

  private all(): StoredSaga[] {
    return [...this.rows.values()].map(read);
  }
}

function read({ version, json }: Row): StoredSaga {
  const instance = JSON.parse(json) as SagaInstance;
  assertSound(instance);
  return { instance, version };
}

const newestFirst = (a: PagePosition, b: PagePosition): number =>
  b.startedAt - a.startedAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
