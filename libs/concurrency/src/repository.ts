import type { EntityManager } from 'typeorm';
import { OptimisticLockError, RowsMismatchError } from './errors.js';
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
   * @returns the rows as stored, with version 1. @throws UniqueViolationError, for one that is marked as removed too: that row is there, and
   * {@link update} brings it back
   */
  async insert(rows: readonly Omit<E, 'version'>[]): Promise<E[]> {
    const stored = rows.map((row) => this.table.withVersion(row as E, 1));
    if (stored.length > 0) await write(this.executor, [insertPart(this.table, stored)]);
    return stored;
  }

  /** Writes each row where the stored version is still that of `row`. @returns the rows with their new versions. @throws OptimisticLockError */
  async update(rows: readonly E[]): Promise<E[]> {
    const changes = rows.map((row) => ({
      row: this.table.withVersion(row, row.version + 1),
      expectedVersion: row.version,
    }));
    await this.checked(changes, updatePart);
    return changes.map(({ row }) => row);
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
  ): Promise<void> {
    if (changes.length === 0) return;
    // Of several rows some may match while others do not, and the caller's transaction may go on: the savepoint undoes those that
    // matched. A single row that does not match leaves nothing to undo.
    const several = changes.length > 1;
    if (several) await this.executor.query('SAVEPOINT checked_write', []);
    const { sql, params, name } = part(this.table, changes);
    const { rows } = await this.executor.query(`WITH w AS (${sql} RETURNING 1) SELECT 1 FROM w`, [...params]);
    if (rows.length !== changes.length) {
      if (several) await this.executor.query('ROLLBACK TO SAVEPOINT checked_write', []);
      const [first] = await findLockErrors(this.executor, this.table, changes);
      throw first ?? new RowsMismatchError(name);
    }
    if (several) await this.executor.query('RELEASE SAVEPOINT checked_write', []);
  }
}

/** @returns an error for each row whose stored version is not the expected one, with both versions */
export async function findLockErrors<E>(
  executor: Executor,
  table: VersionedTable<E>,
  changes: readonly CheckedRow<E>[],
): Promise<OptimisticLockError[]> {
  const { rows } = await executor.query(
    `SELECT ${table.key.name}::text AS key, ${table.version.name} AS version FROM ${table.name} WHERE ${table.key.name} = ANY($1::${table.key.type}[])`,
    [changes.map(({ row }) => table.keyOf(row))],
  );
  // pg gives a bigint as text.
  const actual = new Map(
    (rows as { key: string; version: string }[]).map(({ key, version }) => [key, Number(version)]),
  );
  return changes
    .map(({ row, expectedVersion }) => {
      const key = table.keyOf(row);
      const found = actual.get(key);
      return found === expectedVersion
        ? undefined
        : new OptimisticLockError(table.entity.name, key, expectedVersion, found);
    })
    .filter((error) => error !== undefined);
}
