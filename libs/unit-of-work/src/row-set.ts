import type {
  ChangeMade,
  CheckedRow,
  EntityClass,
  SeenRow,
  StatementPart,
  Tables,
  VersionedTable,
} from '@backstep/concurrency';
import { absentGuard, heldGuard, insertPart, lockGuard, unchangedGuard, updatePart } from '@backstep/concurrency';
import { isRowChange, type Change, type RowChange } from './changes.js';
import { AbsenceNotHeldError } from './errors.js';
import { keysOf, type LoadedNeeds, type Need, type Needs } from './needs.js';

/** Where a row comes from before a decision: from nowhere yet; from a read; from memory, and then the write checks it. */
type Basis = 'unread' | 'read' | 'assumed';

/** Stands for a row that is assumed not to exist. */
export const ABSENT = Symbol('absent');

export interface TrackedRow {
  /** The version of the row before the batch; undefined: there was no row. */
  readonly loadedVersion: number | undefined;
  /** The row as the decisions so far have left it; undefined: absent or removed. */
  row: unknown;
  /** Where the decisions so far have removed it: the row as it is marked then. */
  marked?: unknown;
  /** The row as it was read, once a decision has changed it; where PostgreSQL makes its version. */
  read?: unknown;
  dirty: boolean;
  readonly basis: Basis;
}

/**
 * The rows of one batch (identity map). A decision sees what the earlier decisions of the batch have changed. In the end each row is
 * written once, checked against the version that was read.
 */
export class RowSet {
  private readonly tracked = new Map<VersionedTable, Map<string, TrackedRow>>();
  /** Keys of rows that must be at the commit as they were seen, if there are any. */
  private held: Map<VersionedTable, Set<string>> | undefined;
  /** Some row was assumed and not read. When the batch fails, that may be the reason. */
  assumes = false;

  constructor(private readonly tables: Tables) {}

  /** Notes what a handler needs, for {@link wanted}. */
  want(needs: Needs): void {
    for (const need of Object.values(needs)) {
      const table = this.tables.of(need.entity);
      const rows = this.rowsOf(need.entity);
      for (const asked of keysOf(need)) {
        const key = table.canonicalKey(asked);
        if (!rows.has(key)) rows.set(key, { loadedVersion: undefined, row: undefined, dirty: false, basis: 'unread' });
        if (need.hold) this.hold(table, key);
      }
    }
  }

  private hold(table: VersionedTable, key: string): void {
    this.held ??= new Map();
    const keys = this.held.get(table);
    if (keys) keys.add(key);
    else this.held.set(table, new Set([key]));
  }

  /**
   * Takes the rows of this need from `guess` instead of reading them. The write checks each of them: see {@link parts}.
   * @param guess returns the row, which is not changed; {@link ABSENT}; or undefined, and the row is read
   */
  assume(need: Need, guess: (table: VersionedTable, key: string) => unknown): void {
    const table = this.tables.of(need.entity);
    const rows = this.rowsOf(need.entity);
    for (const asked of keysOf(need)) {
      const key = table.canonicalKey(asked);
      if (rows.get(key)?.basis !== 'unread') continue;
      const known = guess(table, key);
      if (known === undefined) continue;
      const row = known === ABSENT ? undefined : known;
      const loadedVersion = row === undefined ? undefined : table.versionOf(row);
      rows.set(key, { loadedVersion, row, dirty: false, basis: 'assumed' });
      this.assumes = true;
    }
  }

  /** The keys to read, by table. Tables and keys are sorted: locks are taken in this order. */
  wanted(): { table: VersionedTable; keys: string[] }[] {
    return [...this.tracked]
      .map(([table, rows]) => ({
        table,
        keys: [...rows].flatMap(([key, { basis }]) => (basis === 'unread' ? [key] : [])).sort(),
      }))
      .filter(({ keys }) => keys.length > 0)
      .sort((a, b) => byName(a.table, b.table));
  }

  /** Those of which rows are wanted. */
  get tablesWanted(): Iterable<VersionedTable> {
    return this.tracked.keys();
  }

  /** The rows of a table that are wanted, by key. */
  trackedIn(table: VersionedTable): ReadonlyMap<string, Readonly<TrackedRow>> | undefined {
    return this.tracked.get(table);
  }

  isHeld(table: VersionedTable, key: string): boolean {
    return this.held?.get(table)?.has(key) ?? false;
  }

  /** Whether a row that will be remembered is written with a time that only the write knows. */
  get isRememberedAsOfNow(): boolean {
    for (const [table, rows] of this.tracked) {
      if (!table.remembered) continue;
      for (const { row, dirty } of rows.values())
        if (dirty && row !== undefined && table.isWrittenNow(row)) return true;
    }
    return false;
  }

  /** Calls `look` with each row as the decisions have left it; undefined: there is none. */
  forEach(look: (table: VersionedTable, key: string, row: unknown) => void): void {
    for (const [table, rows] of this.tracked) for (const [key, { row }] of rows) look(table, key, row);
  }

  /** Calls `look` for each key of the need, with whether its row was there before the batch. */
  forEachOf(need: Need, look: (wasThere: boolean) => void): void {
    const table = this.tables.of(need.entity);
    const rows = this.rowsOf(need.entity);
    for (const key of keysOf(need)) look(rows.get(table.canonicalKey(key))?.loadedVersion !== undefined);
  }

  load(table: VersionedTable, found: readonly Record<string, unknown>[]): void {
    const rows = this.tracked.get(table);
    for (const raw of found) {
      const row = table.revive(raw);
      const loadedVersion = table.versionOf(row);
      const there = table.isRemoved(row) ? undefined : row;
      rows?.set(table.keyOf(row), { loadedVersion, row: there, dirty: false, basis: 'read' });
    }
  }

  give<N extends Needs>(needs: N): LoadedNeeds<N> {
    const given: Record<string, unknown> = {};
    for (const [name, need] of Object.entries(needs)) {
      const table = this.tables.of(need.entity);
      const rows = this.rowsOf(need.entity);
      const rowOf = (key: string): unknown => rows.get(table.canonicalKey(key))?.row;
      given[name] =
        need.kind === 'one'
          ? rowOf(need.key)
          : new Map(need.keys.map((key) => [key, rowOf(key)] as const).filter(([, row]) => row !== undefined));
    }
    return given as LoadedNeeds<N>;
  }

  /**
   * Applies one decided change. @returns the row's version after the change.
   * @param made for the change log of the row, where its entity has one; default: now, by nobody
   * @throws Error when the handler changes a row that it did not name in `needs`, or inserts one that exists: a bug, not a conflict.
   */
  apply({ change, entity, row }: RowChange, made: ChangeMade = { now: Date.now() }): number {
    const table = this.tables.of(entity);
    const key = table.keyOf(row);
    const tracked = this.rowsOf(entity).get(key);
    if (!tracked) throw new Error(`${entity.name} ${key} is changed without being among the handler's needs`);
    if ((change === 'insert') !== (tracked.row === undefined)) {
      throw new Error(
        `${entity.name} ${key}: ${change} of a row that is ${tracked.row === undefined ? 'not there' : 'there'}`,
      );
    }
    const before = tracked.row === undefined ? tracked.loadedVersion : table.versionOf(tracked.row);
    if (change === 'update' && table.versionOf(row) !== before) {
      throw new Error(`${entity.name} ${key}: decided on version ${table.versionOf(row)}, the batch is at ${before}`);
    }
    const version = table.version.next(row, before);
    if (table.version.madeByDatabase && !tracked.dirty) tracked.read = tracked.row;
    if (change === 'remove') {
      tracked.marked = table.asRemoved(row, version);
      tracked.row = undefined;
    } else {
      tracked.row = table.changed(tracked.row, row, version, made);
    }
    tracked.dirty = true;
    return version;
  }

  /** @throws AbsenceNotHeldError when a decision that was given these needs has changed rows, and a row that it holds is not there. */
  refuseHeldAbsence(needs: Needs, decided: readonly Change[]): void {
    if (this.held === undefined || !decided.some(isRowChange)) return;
    for (const need of Object.values(needs)) {
      if (!need.hold) continue;
      const table = this.tables.of(need.entity);
      const rows = this.rowsOf(need.entity);
      for (const asked of keysOf(need)) {
        const tracked = rows.get(table.canonicalKey(asked));
        if (tracked?.row !== undefined || tracked?.loadedVersion !== undefined) continue;
        throw new AbsenceNotHeldError(need.entity.name, asked);
      }
    }
  }

  /** The row as the decisions so far have left it; a removed row as it was before. */
  rowOf({ entity, row }: RowChange): unknown {
    return this.rowsOf(entity).get(this.tables.of(entity).keyOf(row))?.row ?? row;
  }

  /**
   * The statement parts that write each changed row, with its version checked, and guard each held or assumed row that no decision changed.
   *
   * Existing rows come first, by table and key. {@link wanted} rows are locked in the same order, so all writers take their rows in one order,
   * and no two can wait for each other.
   */
  parts(): StatementPart[] {
    const written: StatementPart[] = [];
    const inserted: StatementPart[] = [];
    const guards: StatementPart[] = [];
    for (const [table, rows] of [...this.tracked].sort(([a], [b]) => byName(a, b))) {
      const { inserts, updates, held, unchanged, absent } = changesOf(rows, this.held?.get(table));
      if (updates.length > 0 && held.length > 0) written.push(lockGuard(table, byKey([...updates, ...held])));
      else if (held.length > 0) written.push(heldGuard(table, held));
      if (updates.length > 0) written.push(updatePart(table, updates));
      if (inserts.length > 0) inserted.push(insertPart(table, inserts));
      if (unchanged.length > 0) guards.push(unchangedGuard(table, unchanged));
      if (absent.length > 0) guards.push(absentGuard(table, absent));
    }
    return written.concat(inserted, guards);
  }

  /** What the write does with the rows of a table. */
  changesIn(table: VersionedTable): Changes {
    return changesOf(this.tracked.get(table) ?? new Map<string, TrackedRow>(), this.held?.get(table));
  }

  /** The rows of an entity as they are stored now: those written, and those marked as removed. */
  stored<E>(entity: EntityClass<E>): E[] {
    return [...this.rowsOf(entity).values()]
      .filter(({ dirty, row, loadedVersion }) => dirty && (row !== undefined || loadedVersion !== undefined))
      .map(({ row, marked }) => (row ?? marked) as E);
  }

  private rowsOf(entity: EntityClass): Map<string, TrackedRow> {
    const table = this.tables.of(entity);
    let rows = this.tracked.get(table);
    if (!rows) this.tracked.set(table, (rows = new Map()));
    return rows;
  }
}

/** A row that is there, with its key, as it will be written. */
interface Changed extends CheckedRow<unknown>, SeenRow {}

/** What a batch does with the rows of one table; each list by key. */
export interface Changes {
  readonly inserts: unknown[];
  readonly updates: Changed[];
  /** Seen, left as they are, and locked. */
  readonly held: SeenRow[];
  readonly unchanged: SeenRow[];
  readonly absent: string[];
}

function changesOf(rows: ReadonlyMap<string, TrackedRow>, heldKeys: ReadonlySet<string> | undefined): Changes {
  const changes: Changes = { inserts: [], updates: [], held: [], unchanged: [], absent: [] };
  for (const key of [...rows.keys()].sort()) {
    const tracked = rows.get(key);
    if (!tracked) continue;
    const { row, marked, loadedVersion, dirty, basis } = tracked;
    if (!dirty || (row === undefined && loadedVersion === undefined)) {
      if (loadedVersion !== undefined && heldKeys?.has(key)) changes.held.push({ key, expectedVersion: loadedVersion });
      else if (basis !== 'assumed') continue;
      else if (loadedVersion === undefined) changes.absent.push(key);
      else changes.unchanged.push({ key, expectedVersion: loadedVersion });
    } else if (loadedVersion === undefined) {
      changes.inserts.push(row);
    } else {
      changes.updates.push({ key, row: row ?? marked, expectedVersion: loadedVersion });
    }
  }
  return changes;
}

const byName = (a: VersionedTable, b: VersionedTable): number => (a.name < b.name ? -1 : 1);

const byKey = (rows: readonly SeenRow[]): SeenRow[] => [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
