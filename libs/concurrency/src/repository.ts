import type { EntityManager } from 'typeorm';
import { RowsMismatchError, translate, VersionNotReadError } from './errors.js';
import { findLockError } from './lock-errors.js';
import {
  deletePart,
  insertPart,
  updatePart,
  write,
  type CheckedRow,
  type Executor,
  type StatementPart,
} from './statement.js';
import { Tables, type VersionedTable } from './table.js';
import { executorIn, executorOf } from './typeorm-executor.js';
import type { EntityClass, Versioned } from './version.js';

/**
 * Writes versioned rows within the manager's transaction: the checked counterpart of TypeORM's repository.
 * Pass the manager of a transaction: a write of several rows uses a savepoint.
 * Each method is one statement for any number of rows; either all are written or none.
 */
export class VersionedRepository<E extends Versioned> {
  private readonly table: VersionedTable<E>;
  private readonly executor: Executor;

  constructor(entity: EntityClass<E>, manager: EntityManager) {
    this.table = new Tables(manager.dataSource).of(entity);
    this.executor = manager.queryRunner ? executorIn(manager.queryRunner) : executorOf(manager.dataSource);
  }

  /**
   * The rows with these keys, as handlers get theirs; also those that are marked as removed. Rows whose versions PostgreSQL makes (`timestamp()`,
   * `hash()`) can be read in no other way, since TypeORM's `find` leaves the version out.
   * @returns the rows that are there, in no particular order
   * @throws DatabaseUnavailableError, or the driver's error
   */
  async find(keys: readonly string[]): Promise<E[]> {
    const { key, name, selectList } = this.table;
    const text = `SELECT coalesce(json_agg(r), '[]') AS found FROM (SELECT ${selectList} FROM ${name} WHERE ${key.name} = ANY($1::${key.type}[])) AS r`;
    try {
      const { rows } = await this.executor.query(text, [[...keys]]);
      return (rows[0] as { found: Record<string, unknown>[] }).found.map((row) => this.table.revive(row));
    } catch (error) {
      throw translate(error);
    }
  }

  /**
   * @returns the rows with their versions: 1 where they are counted. @throws UniqueViolationError, for one that is marked as removed too: that
   * row is there, and {@link update} brings it back
   */
  async insert(rows: readonly Omit<E, 'version'>[]): Promise<E[]> {
    const { version } = this.table;
    const stored = rows.map((row) => this.table.withVersion(row as E, version.next(row, undefined)));
    if (stored.length === 0) return stored;
    const part = insertPart(this.table, stored);
    if (!version.madeByDatabase) {
      await write(this.executor, [part]);
      return stored;
    }
    try {
      return this.withMade(stored, await this.made(part, ''));
    } catch (error) {
      throw translate(error);
    }
  }

  /**
   * Writes each row where the stored version is still that of `row`. @returns the rows with their new versions
   * @throws OptimisticLockError, which names the rows that have another version; VersionNotRisingError; VersionNotReadError
   */
  async update(rows: readonly E[]): Promise<E[]> {
    const { version } = this.table;
    const changes = rows.map((row) => ({
      row: this.table.withVersion(row, version.next(row, row.version)),
      expectedVersion: row.version,
    }));
    const made = await this.checked(changes, updatePart);
    const written = changes.map(({ row }) => row);
    return version.madeByDatabase ? this.withMade(written, made) : written;
  }

  /**
   * Deletes each row only where it still has the version it carries. Its versions go with it: where the key may come back, mark the row as
   * removed instead ({@link update}), or a writer that has read the first row may write over the second (decision 0038).
   * @throws OptimisticLockError
   */
  async delete(rows: readonly E[]): Promise<void> {
    await this.checked(
      rows.map((row) => ({ row, expectedVersion: row.version })),
      deletePart,
    );
  }

  private async checked(
    changes: readonly CheckedRow<E>[],
    part: (table: VersionedTable<E>, changes: readonly CheckedRow<E>[]) => StatementPart,
  ): Promise<readonly Made[]> {
    if (changes.length === 0) return [];
    if (this.table.version.madeByDatabase) this.refuseUnread(changes);
    // Of several rows some may match while others do not, and the caller's transaction may go on: the savepoint undoes those that
    // matched. A single row that does not match leaves nothing to undo.
    const several = changes.length > 1;
    if (several) await this.executor.query('SAVEPOINT checked_write', []);
    const checkedPart = part(this.table, changes);
    const made = await this.made(checkedPart, 't.');
    if (made.length !== changes.length) {
      if (several) await this.executor.query('ROLLBACK TO SAVEPOINT checked_write', []);
      throw (await findLockError(this.executor, this.table, changes)) ?? new RowsMismatchError(checkedPart.name);
    }
    if (several) await this.executor.query('RELEASE SAVEPOINT checked_write', []);
    return made;
  }

  /** Runs the part. @returns what it has written: as many rows, and their versions where PostgreSQL makes them */
  private async made({ sql, params }: StatementPart, row: string): Promise<readonly Made[]> {
    const { key, version } = this.table;
    const returned = version.madeByDatabase ? `${row}${key.name}::text AS key, ${version.of(row)} AS version` : '1';
    const { rows } = await this.executor.query(`WITH w AS (${sql} RETURNING ${returned}) SELECT * FROM w`, [...params]);
    return rows as Made[];
  }

  private withMade(rows: readonly E[], made: readonly Made[]): E[] {
    const versions = new Map(made.map(({ key, version }) => [key, Number(version)]));
    return rows.map((row) => this.table.withVersion(row, versions.get(this.table.keyOf(row)) ?? Number.NaN));
  }

  private refuseUnread(changes: readonly CheckedRow<E>[]): void {
    const unread = changes.find(({ expectedVersion }) => !Number.isSafeInteger(expectedVersion));
    if (unread) throw new VersionNotReadError(this.table.entity.name, this.table.keyOf(unread.row));
  }
}

/** A row that was written, and the version that PostgreSQL has made for it. */
interface Made {
  readonly key: string;
  /** pg gives a bigint as text. */
  readonly version: string;
}
