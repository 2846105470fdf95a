import { OptimisticLockError } from '@backstep/concurrency';
import { timersOf } from '../decide/decision.js';
import type { Instant, SagaInstance } from '../decide/instance.js';
import { assertSound } from '../decide/invariants.js';
import { cursorAfter, pageLimit, positionOf, type PagePosition } from './page-cursor.js';
import {
  TIMER_RETRY,
  type DueTimer,
  type SagaPage,
  type SagaQuery,
  type SagaStore,
  type StoredSaga,
} from './saga-store.js';

interface Row {
  readonly version: number;
  /** Stored as text, so that nobody holds a reference into the store and only JSON survives, as in a database. */
  readonly json: string;
}

interface Deferral {
  readonly failures: number;
  readonly wakeAt: Instant;
}

const timerKey = ({ name, dueAt }: DueTimer): string => `${name}/${dueAt}`;

/** For tests and for trying things out: keeps everything until the process ends. */
export class InMemorySagaStore implements SagaStore {
  private readonly rows = new Map<string, Row>();
  /** By saga, then by name and due time: a write of the saga sets its timers anew. */
  private readonly deferred = new Map<string, Map<string, Deferral>>();

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
    this.rows.set(instance.id, { version, json: JSON.stringify(instance) });
    const kept = new Set(timerRows(instance).map(timerKey));
    for (const key of this.deferred.get(instance.id)?.keys() ?? [])
      if (!kept.has(key)) this.deferred.get(instance.id)?.delete(key);
    return version;
  }

  async dueTimers(now: Instant, limit: number): Promise<readonly DueTimer[]> {
    return this.all()
      .flatMap(({ instance }) => timerRows(instance))
      .filter((timer) => this.wakeAt(timer) <= now)
      .sort((a, b) => this.wakeAt(a) - this.wakeAt(b))
      .slice(0, limit);
  }

  async deferTimers(timers: readonly DueTimer[], now: Instant): Promise<void> {
    for (const timer of timers) {
      const own = this.deferred.get(timer.sagaId) ?? new Map<string, Deferral>();
      const failures = own.get(timerKey(timer))?.failures ?? 0;
      const wakeAt = now + Math.min(TIMER_RETRY.maxMs, TIMER_RETRY.baseMs * 2 ** failures);
      this.deferred.set(timer.sagaId, own.set(timerKey(timer), { failures: failures + 1, wakeAt }));
    }
  }

  private wakeAt(timer: DueTimer): Instant {
    return this.deferred.get(timer.sagaId)?.get(timerKey(timer))?.wakeAt ?? timer.dueAt;
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

function timerRows(instance: SagaInstance): DueTimer[] {
  const { step, deadline } = timersOf(instance);
  return [
    ...(step === undefined ? [] : [{ sagaId: instance.id, name: 'step' as const, dueAt: step }]),
    ...(deadline === undefined ? [] : [{ sagaId: instance.id, name: 'deadline' as const, dueAt: deadline }]),
  ];
}

const newestFirst = (a: PagePosition, b: PagePosition): number =>
  b.startedAt - a.startedAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
