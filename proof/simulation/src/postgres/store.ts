import type { EntityClass, Tables, VersionedTable } from '@backstep/concurrency';
import type { SimulatedProcess } from '../world/process.js';

/** A row under the names of its entity's properties; times are ISO 8601 text. Replaced, never changed. */
export type Row = Readonly<Record<string, unknown>>;

export interface OutboxRow {
  readonly id: string;
  readonly seq: number;
  readonly shard: number;
  readonly topic: string;
  readonly key: string;
  /** As they are stored: see `headersOf`. */
  readonly headers: string;
  readonly value: string;
  readonly createdAt: number;
}

/** Under the names of its columns. */
export interface ParkedRow {
  readonly id: string;
  readonly seq: number;
  readonly state: string;
  readonly topic: string;
  readonly partition: number;
  readonly kafka_offset: string;
  readonly key: string;
  readonly type: string | null;
  /** JSON. */
  readonly headers: string;
  readonly value: Buffer | null;
  readonly cause: string;
  readonly error: string;
  readonly cut: boolean;
  readonly size_bytes: string | null;
  /** Milliseconds of simulated time. */
  readonly parkedAt: number;
}

export interface RowChanged {
  readonly entity: EntityClass;
  readonly key: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** The version that the statement was decided on; undefined when it says none. */
  readonly expected?: unknown;
}

/** The row of a named lock. */
export interface LockRow {
  readonly holder: string;
  readonly epoch: number;
  /** Milliseconds of simulated time; -Infinity: nobody holds it. */
  readonly until: number;
}

export interface LockChanged {
  readonly name: string;
  readonly before: LockRow | undefined;
  readonly after: LockRow;
}

/** What one statement has changed. */
export interface Commit {
  readonly store: Store;
  /** The process that sent the statement; undefined for the rows with which a run begins. */
  readonly process: SimulatedProcess | undefined;
  readonly rows: RowChanged[];
  readonly handled: string[];
  readonly sent: OutboxRow[];
  readonly forgotten: string[];
  readonly parked: ParkedRow[];
  /** Messages that were parked before and have changed. */
  readonly reparked: ParkedRow[];
  /** Messages that were parked before and are handled now. */
  readonly unparked: string[];
  readonly locks: LockChanged[];
}

export interface StoredTable {
  readonly table: VersionedTable;
  readonly rows: Map<string, Row>;
}

/** One service's database. It outlives every process. */
export class Store {
  readonly tables = new Map<string, StoredTable>();
  private readonly byEntity = new Map<EntityClass, StoredTable>();
  readonly inbox = new Set<string>();
  readonly outbox = new Map<string, OutboxRow>();
  readonly parked = new Map<string, ParkedRow>();
  readonly locks = new Map<string, LockRow>();
  awayUntil = 0;
  /** The connection whose transaction holds the lock. (A lock is on the whole store; finer ones would only be faster.) */
  lockedBy: object | undefined;
  private seq = 0;
  private epoch = 0;

  constructor(
    readonly service: string,
    tables: Tables,
    entities: readonly EntityClass[],
    private readonly clock: () => number,
    private readonly committed: (commit: Commit) => void,
  ) {
    for (const entity of entities) {
      const table = tables.of(entity) as VersionedTable;
      const stored: StoredTable = { table, rows: new Map() };
      this.tables.set(table.name, stored);
      this.byEntity.set(entity, stored);
    }
  }

  /** The database's own clock. */
  get now(): number {
    return this.clock();
  }

  nextSeq(): number {
    return ++this.seq;
  }

  nextEpoch(): number {
    return ++this.epoch;
  }

  of(entity: EntityClass): StoredTable {
    const stored = this.byEntity.get(entity);
    if (!stored) throw new Error(`${entity.name} is not a table of ${this.service}`);
    return stored;
  }

  find<E>(entity: EntityClass<E>, key: string): E | undefined {
    return this.of(entity).rows.get(key) as E | undefined;
  }

  /** Adds a row that exists when the run begins. */
  put<E>(entity: EntityClass<E>, row: E): void {
    const { table, rows } = this.of(entity);
    rows.set(table.keyOf(row), row as Row);
  }

  begin(process: SimulatedProcess | undefined): Commit {
    return {
      store: this,
      process,
      rows: [],
      handled: [],
      sent: [],
      forgotten: [],
      parked: [],
      reparked: [],
      unparked: [],
      locks: [],
    };
  }

  /** Makes the changes, all at one moment. */
  apply(commit: Commit): void {
    for (const { entity, key, after } of commit.rows) {
      const { rows } = this.of(entity);
      if (after) rows.set(key, after);
      else rows.delete(key);
    }
    for (const id of commit.handled) this.inbox.add(id);
    for (const row of commit.sent) this.outbox.set(row.id, row);
    for (const id of commit.forgotten) this.outbox.delete(id);
    for (const row of [...commit.parked, ...commit.reparked]) this.parked.set(row.id, row);
    for (const id of commit.unparked) this.parked.delete(id);
    for (const { name, after } of commit.locks) this.locks.set(name, after);
    this.committed(commit);
  }
}
